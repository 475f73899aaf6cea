"""`raicheck verify FILE.pdf`."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import click

from raicheck.cli.common import printable
from raicheck.sign import Seal
from raicheck.verify import Recomputed

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OUTCOMES = {
    "matches": "the report matches: its description, assessed again with its own rulesets, gives the same results",
    "differs": "the report does not match what its own files give",
    "incomplete": "the results cannot be verified",
}


@click.command(help="Check the signatures of a report and compute its results again from the files inside.")
@click.argument("file", type=_FILE)
@click.option("--trust", type=_FILE, multiple=True, metavar="FILE", help="A root certificate to trust (repeatable).")
def command(file: Path, trust: tuple[Path, ...]) -> int:
    """Exit code: 0 everything matches, 1 something does not, 2 FILE is no PDF."""
    from raicheck.shipped import rulesets_dir
    from raicheck.verify import recompute

    pdf = file.read_bytes()
    if not pdf.startswith(b"%PDF"):
        click.echo(f"{file} is no PDF", err=True)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        recomputed = recompute(pdf, Path(folder), rulesets_dir())
    _show(recomputed)
    return 0 if _signatures(pdf, trust) and recomputed.outcome == "matches" else 1


def _show(recomputed: Recomputed) -> None:
    from raicheck.shipped import tool_version

    click.echo(_OUTCOMES[recomputed.outcome])
    for line in recomputed.why[:20]:
        click.echo(printable(f"  {line}"))
    if len(recomputed.why) > 20:
        click.echo(f"  and {len(recomputed.why) - 20} more")
    if recomputed.written_by and recomputed.written_by != tool_version():
        click.echo(printable(f"it was written by raicheck {recomputed.written_by}, this is {tool_version()}"))
    if recomputed.revised:
        click.echo(printable(f"rulesets have changed since: {', '.join(recomputed.revised)}; a new report may differ"))


def _signatures(pdf: bytes, trust: tuple[Path, ...]) -> bool:
    from raicheck.sign import NO_PYHANKO, CannotSign, seals

    for name in ("pyhanko", "pyhanko_certvalidator"):  # what they log is said here in words
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        found = seals(pdf, trust)
    except ImportError:
        click.echo(f"the signatures were not checked: {NO_PYHANKO}", err=True)
        return b"/ByteRange" not in pdf
    except CannotSign as error:
        click.echo(printable(str(error)), err=True)
        return False
    for seal in found:
        _show_seal(seal)
    if not found:
        click.echo("the report is not signed")
    return all(seal.good for seal in found)


def _show_seal(seal: Seal) -> None:
    state = "valid" if seal.good else "BROKEN: the file was changed after it was signed"
    click.echo(printable(f"signed as {seal.field} by {seal.signer} at {seal.at}: {state}"))
    anchor = (
        f"anchored in the trusted root {seal.root}" if seal.trusted else "not anchored in a trusted root (see --trust)"
    )
    click.echo(printable(f"  certificate issued by {seal.issuer}, {anchor}"))
