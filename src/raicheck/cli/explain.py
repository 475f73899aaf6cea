"""`raicheck explain SPEC [RULE]`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from raicheck.assess import Assessment, Outcome, assess
from raicheck.cli.common import as_of_option, has_errors, printable, ruleset_option, rulesets_or_none, show_findings
from raicheck.explain import Proof, flip, prove, why
from raicheck.files import load_spec_file
from raicheck.read import nearest

_MARKS = {True: "yes", False: "no", None: "open"}


@click.command(help="Show why a rule applies or not, and what would change it.")
@click.argument("spec", type=click.Path(path_type=Path))
@click.argument("rule", required=False)
@as_of_option
@ruleset_option
def command(spec: Path, rule: str | None, as_of: date, ruleset_ids: tuple[str, ...]) -> int:
    """RULE is the id of a rule (art-5-1-f), SPEC a spec file."""
    rulesets = rulesets_or_none(ruleset_ids)
    if rulesets is None:
        return 2
    loaded, findings = load_spec_file(spec, rulesets)
    show_findings(findings)
    if loaded is None or has_errors(findings):
        return 2
    assessment = assess(loaded, rulesets, as_of, ruleset_ids or None)
    return _one(assessment, rule) if rule else _all(assessment)


def _all(assessment: Assessment) -> int:
    for id_, result in assessment.results.items():
        certain, possible = result.classification.certain, result.classification.possible
        range_ = certain.title if certain == possible else f"{certain.title} … {possible.title}"
        click.echo(f"{result.ruleset.title}: applies: {_MARKS[result.applies]}; {range_}")
        for outcome in result.rules:
            if outcome.status != "not_firing" or outcome.rule.label:
                reason = why(assessment, id_, outcome.id, 3)
                click.echo(printable(f"  {outcome.status:13} {outcome.id}: {reason}"))
    return 0


def _one(assessment: Assessment, rule: str) -> int:
    ruleset, _, wanted = rule.rpartition("/")
    for id_, result in assessment.results.items():
        if ruleset not in ("", id_):
            continue
        for outcome in result.rules:
            if outcome.id == wanted:
                _show(assessment, id_, outcome)
                return 0
    known = [outcome.id for result in assessment.results.values() for outcome in result.rules]
    hint = nearest(wanted, known) or "without a rule, raicheck explain lists them"
    click.echo(printable(f"no rule '{rule}': {hint}"), err=True)
    return 2


def _show(assessment: Assessment, ruleset: str, outcome: Outcome) -> None:
    _tree(prove(assessment, ruleset, outcome.id), 0)
    result = assessment.results[ruleset]
    for change in flip(assessment, result, outcome) if outcome.status == "not_firing" else []:
        click.echo(printable(f"it would fire with: {change.fact}: {change.then} (now: {change.now})"))


def _tree(proof: Proof, depth: int) -> None:
    cites = f" [{', '.join(proof.cites)}]" if proof.cites else ""
    answer = f" – {proof.answer}" if proof.answer else ""
    click.echo(printable(f"{'  ' * depth}{_MARKS[proof.value]}: {proof.text}{answer}{cites}"))
    for part in proof.parts:
        _tree(part, depth + 1)
