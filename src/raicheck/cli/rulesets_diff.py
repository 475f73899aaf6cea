"""`raicheck rulesets diff OLD NEW [--specs DIR]`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from raicheck.assess import assess
from raicheck.assessment_json import assessment_json
from raicheck.cli.common import as_of_option, has_errors, printable, show_findings
from raicheck.compare import ruleset_changes
from raicheck.discover import find_specs
from raicheck.files import load_spec_file
from raicheck.load import load_rulesets
from raicheck.model import Rulesets
from raicheck.report.since import changes

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("diff", short_help="What changed between two rulesets folders.")
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
@click.option("--specs", type=click.Path(path_type=Path, exists=True), help="Features to assess with both.")
@as_of_option
def diff(old: Path, new: Path, specs: Path | None, as_of: date) -> int:
    """What changed between two rulesets folders, and which features change class or dates."""
    before, findings = load_rulesets(old)
    now, more = load_rulesets(new)
    show_findings([*findings, *more])
    if has_errors([*findings, *more]):
        return 2
    lines = list(ruleset_changes(before.by_id, now.by_id))
    click.echo("\n".join(map(printable, lines)) or "the rulesets are the same")
    if specs is None:
        return 0
    files, findings = find_specs((specs,))
    show_findings(findings)
    codes = [_spec(file, before, now, as_of) for file in files]
    return 2 if has_errors(findings) else max(codes, default=0)


def _spec(file: Path, before: Rulesets, now: Rulesets, as_of: date) -> int:
    """Show what changes for one feature."""
    assessed = []
    for rulesets in (before, now):
        spec, findings = load_spec_file(file, rulesets)
        show_findings(findings)
        if spec is None or has_errors(findings):
            return 2
        assessed.append(assessment_json(assess(spec, rulesets, as_of)))
    found = [line for line in changes(assessed[0], assessed[1]).lines if "the rules were revised" not in line]
    click.echo(printable(f"{file}: {'no change' if not found else ''}"))
    for line in found:
        click.echo(printable(f"  {line}"))
    return 0
