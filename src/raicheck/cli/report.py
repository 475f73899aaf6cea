"""`raicheck report SPEC... -o FILE`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raicheck.cli.common import as_of_option, has_errors, ruleset_option, rulesets_or_none, show_findings

if TYPE_CHECKING:
    from raicheck.report.build import Source
    from raicheck.report.view import Edition

_FORMS = (".pdf", ".html")


@click.command(help="Write the report for legal review: FILE.pdf or FILE.html.")
@click.argument("specs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--edition", type=click.Choice(["internal", "external"]), default="internal", show_default=True)
@click.option("--template", "brand", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR")
@as_of_option
@ruleset_option
def command(
    specs: tuple[Path, ...],
    output: Path,
    edition: Edition,
    brand: Path | None,
    as_of: date,
    ruleset_ids: tuple[str, ...],
) -> int:
    """SPECS are spec files; the report goes to FILE."""
    if output.suffix not in _FORMS:
        raise click.UsageError(f"cannot write '{output.suffix}', write one of {', '.join(_FORMS)}")
    sources = _sources(specs, as_of, ruleset_ids)
    if sources is None:
        return 2
    from raicheck.provisions import load_provisions
    from raicheck.report.build import build_report
    from raicheck.report.contents import number_headings
    from raicheck.report.html import render_html
    from raicheck.report.pdf import NO_PANGO, NoPango, render_pdf
    from raicheck.shipped import rulesets_dir, tool_version

    report = build_report(sources, load_provisions(rulesets_dir()), edition, tool_version())
    html = number_headings(render_html(report, brand, fonts=output.suffix == ".pdf"))
    try:
        content = render_pdf(html, as_of) if output.suffix == ".pdf" else html.encode()
    except NoPango:
        click.echo(NO_PANGO, err=True)
        return 2
    return _write(output, content)


def _sources(specs: Sequence[Path], as_of: date, ruleset_ids: tuple[str, ...]) -> list[Source] | None:
    from raicheck.assess import assess
    from raicheck.load import load_spec_text, read_text
    from raicheck.report.build import Source

    rulesets = rulesets_or_none(ruleset_ids)
    if rulesets is None:
        return None
    sources, broken = [], False
    for path in specs:
        text, findings = read_text(path)
        spec = None
        if not findings:
            spec, findings = load_spec_text(text, str(path), rulesets)
        show_findings(findings)
        if spec is None or has_errors(findings):
            broken = True
            continue
        sources.append(Source(assess(spec, rulesets, as_of, ruleset_ids or None), text))
    return None if broken else sources


def _write(output: Path, content: bytes) -> int:
    """All of it or nothing."""
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
            file.write(content)
        os.chmod(file.name, 0o644)
        os.replace(file.name, output)
    except OSError as error:
        click.echo(f"cannot write {output}: {(error.strerror or 'failed').lower()}", err=True)
        return 2
    return 0
