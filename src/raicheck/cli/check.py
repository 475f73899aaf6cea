"""`raicheck check [PATH...]`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from raicheck.assess import Assessment, assess
from raicheck.assessment_json import document
from raicheck.check import check
from raicheck.cli.common import as_of_option, has_errors, printable, ruleset_option, rulesets_or_none
from raicheck.discover import find_specs
from raicheck.load import CORE_LAWS, load_spec_file, ruleset_files
from raicheck.logic import Program
from raicheck.model import Finding
from raicheck.shipped import rulesets_dir

BROKEN = ("RC1", "RC2", "RC5")


@click.command(help="Check specs: what blocks, what is open, what is broken.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@as_of_option
@ruleset_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to print [text].")
def command(paths: tuple[Path, ...], as_of: date, ruleset_ids: tuple[str, ...], format_: str) -> int:
    """PATH is a spec or a folder [the current one]."""
    shipped = ruleset_files(rulesets_dir())
    chosen = ruleset_ids or tuple(i for i in CORE_LAWS if i in shipped)
    rulesets = rulesets_or_none(chosen)
    if rulesets is None:
        return 2
    program = Program(rulesets)
    files, findings = find_specs(paths or (Path(),))
    assessments: list[Assessment] = []
    for file in files:
        spec, found = load_spec_file(file, rulesets)
        findings += found
        if spec is not None and not has_errors(found):
            assessment = assess(spec, program, as_of, chosen)
            assessments.append(assessment)
            findings += check(assessment)
    if format_ == "json":
        click.echo(json.dumps(document(assessments, findings), ensure_ascii=False, indent=2))
    else:
        _text(assessments, findings)
    return exit_code(findings)


def exit_code(findings: Sequence[Finding]) -> int:
    """2 if anything is broken, 1 with an error of law, else 0."""
    errors = [f for f in findings if f.severity == "error"]
    if any(f.code.startswith(BROKEN) for f in errors):
        return 2
    return 1 if errors else 0


def _text(assessments: Sequence[Assessment], findings: Sequence[Finding]) -> None:
    for finding in findings:
        place = finding.place
        at = f"{place.file}:{place.line}:{place.column}: " if place else ""
        click.echo(printable(f"{at}{finding.severity} {finding.code}: {finding.message}"))
        if finding.help:
            click.echo(printable(f"  help: {finding.help}"))
    for assessment in assessments:
        for result in assessment.results.values():
            certain, possible = result.classification.certain, result.classification.possible
            range_ = certain.title if certain == possible else f"{certain.title} … {possible.title}"
            click.echo(printable(f"{assessment.spec.file}: {result.ruleset.title}: {range_}"))
