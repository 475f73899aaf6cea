"""`raicheck sign FILE.pdf`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from raicheck.cli.write import write_bytes

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(help="Sign a report (PAdES): as its owner for the facts or as counsel for the law.")
@click.argument("file", type=_FILE)
@click.option("--p12", type=_FILE, metavar="FILE", help="Key and certificate as PKCS#12 (.p12, .pfx).")
@click.option("--key", type=_FILE, metavar="FILE", help="The private key (PEM); needs --cert.")
@click.option("--cert", type=_FILE, metavar="FILE", help="The certificate of the key (PEM).")
@click.option("--chain", type=_FILE, multiple=True, metavar="FILE", help="Certificates in between (PEM, repeatable).")
@click.option("--pass-file", type=_FILE, metavar="FILE", help="A file with the password [asked for when needed].")
@click.option("--as", "role", type=click.Choice(["owner", "counsel"]), default="counsel", show_default=True)
@click.option("--reason", default="", metavar="TEXT")
@click.option("--location", default="", metavar="TEXT")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="[FILE itself]")
def command(
    file: Path,
    p12: Path | None,
    key: Path | None,
    cert: Path | None,
    chain: tuple[Path, ...],
    pass_file: Path | None,
    role: str,
    reason: str,
    location: str,
    output: Path | None,
) -> int:
    """FILE is signed in place unless -o names another one."""
    from raicheck.sign import NO_PYHANKO, CannotSign, sign

    try:
        signed = sign(file.read_bytes(), _signer(p12, key, cert, chain, pass_file), role, reason, location)
        write_bytes(output or file, signed)
    except ImportError:
        raise click.ClickException(NO_PYHANKO) from None
    except (CannotSign, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{output or file}: signed as {role}")
    return 0


def _signer(
    p12: Path | None, key: Path | None, cert: Path | None, chain: tuple[Path, ...], pass_file: Path | None
) -> Any:
    from raicheck.sign import key_signer, p12_signer

    if (p12 is None) == (key is None) or (key is not None and cert is None):
        raise click.UsageError("give either --p12, or --key with --cert")
    if p12 is not None:
        return p12_signer(p12, _password(pass_file, p12))
    assert key is not None
    assert cert is not None
    locked = b"ENCRYPTED" in key.read_bytes()
    return key_signer(key, cert, chain, _password(pass_file, key) if locked else None)


def _password(pass_file: Path | None, name: Path) -> bytes:
    if pass_file is not None:
        return pass_file.read_bytes().rstrip(b"\r\n")
    said: str = click.prompt(f"Password of {name}", hide_input=True, default="", show_default=False, err=True)
    return said.encode()
