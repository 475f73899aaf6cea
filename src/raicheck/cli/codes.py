"""`raicheck codes [CODE]`."""

from __future__ import annotations

import click

from raicheck.codes import codes, page, title
from raicheck.read import nearest


@click.command(help="List the codes of findings, or explain one.")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """CODE is the code of a finding, for example RC301."""
    if code is None:
        for known in codes():
            click.echo(f"{known}  {title(known)}")
        return 0
    text = page(code.upper())
    if not text:
        raise click.UsageError(f"no code '{code[:20]}': {nearest(code.upper(), codes()) or 'see raicheck codes'}")
    click.echo(text.rstrip())
    return 0
