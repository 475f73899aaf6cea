"""`raicheck crosswalk [SPEC]`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from raicheck.assess import assess
from raicheck.cli.common import as_of_option, has_errors, printable, ruleset_option, rulesets_or_none, show_findings
from raicheck.crosswalk import Contribution, Item, Use, check_crosswalk, crosswalk_of, load_crosswalk
from raicheck.files import load_spec_file
from raicheck.model import Rulesets
from raicheck.shipped import rulesets_dir

_STANDINGS = {"there": "there", "open": "open", "not_owed": "nobody asks for it here"}


@click.command(help="Show which work contributes to several laws and frameworks, and what it leaves out.")
@click.argument("spec", required=False, type=click.Path(path_type=Path))
@as_of_option
@ruleset_option
def command(spec: Path | None, as_of: date, ruleset_ids: tuple[str, ...]) -> int:
    """SPEC is a spec file; without it everything is shown."""
    rulesets = rulesets_or_none(None)
    items, findings = load_crosswalk(rulesets_dir())
    if rulesets is not None and not findings:
        findings = check_crosswalk(items, rulesets)
    show_findings(findings)
    if rulesets is None or findings:
        return 2
    if spec is None:
        _show_all(items)
        return 0
    return _for_spec(spec, items, rulesets, as_of, ruleset_ids)


def _for_spec(spec: Path, items: Iterable[Item], rulesets: Rulesets, as_of: date, ruleset_ids: tuple[str, ...]) -> int:
    loaded, findings = load_spec_file(spec, rulesets)
    show_findings(findings)
    if loaded is None or has_errors(findings):
        return 2
    uses = crosswalk_of(assess(loaded, rulesets, as_of, ruleset_ids or None), items)
    for use in uses:
        _show_use(use)
    if not uses:
        click.echo("Nothing in the crosswalk is of use for what this feature owes.")
    return 0


def _show_all(items: Iterable[Item]) -> None:
    for item in items:
        click.echo(printable(f"{item.title} ({', '.join(item.sources)})"))
        for contribution in item.contributes:
            _show_contribution(contribution, "")


def _show_use(use: Use) -> None:
    click.echo(printable(f"{use.item.title} ({', '.join(use.item.sources)}): {_STANDINGS[use.standing]}"))
    for contribution, outcome in use.contributions:
        doubt = " (may be owed)" if outcome.applicability != "applies" else ""
        _show_contribution(contribution, doubt)


def _show_contribution(contribution: Contribution, doubt: str) -> None:
    click.echo(printable(f"  contributes to {contribution.to}{doubt}"))
    click.echo(printable(f"    covers: {contribution.covers}"))
    click.echo(printable(f"    still missing: {contribution.missing}"))
