"""`raicheck explain SPEC [RULE]`."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

import click

from raicheck.assess import Assessment, Result, assess
from raicheck.cli.common import (
    as_of_option,
    assess_wanted,
    has_errors,
    printable,
    ruleset_option,
    rulesets_or_none,
    show_findings,
)
from raicheck.explain import Proof, brief_answer, prove, prove_condition, reasons
from raicheck.files import load_spec_file
from raicheck.flips import Change, flip
from raicheck.model import ALWAYS, Ref
from raicheck.outcome import Applicability, ObligationOutcome, Outcome, Status
from raicheck.provisions import find_provision
from raicheck.read import nearest
from raicheck.shipped import rulesets_dir

_WIDTH = 80
_MARKS = {True: "yes", False: "no", None: "open"}
_STATUS: dict[Status, str] = {
    "fires": "applies",
    "not_firing": "does not apply",
    "undetermined": "open",
    "needs_counsel": "needs counsel",
}
_OWED: dict[Applicability, str] = {"applies": "applies", "undetermined": "open", "not_applicable": "does not apply"}
_INDENT = 18


@click.command(
    help="Show why a RULE (art-5-1-f) or an obligation (gdpr.dpia) applies or not, and what would change it; "
    "without RULE list the rules."
)
@click.argument("spec", type=click.Path(path_type=Path))
@click.argument("rule", required=False)
@as_of_option
@ruleset_option
def command(spec: Path, rule: str | None, as_of: date, ruleset_ids: tuple[str, ...]) -> int:
    """RULE is the id of a rule (art-5-1-f) or obligation (gdpr.dpia), SPEC a spec file."""
    rulesets = rulesets_or_none(ruleset_ids)
    if rulesets is None:
        return 2
    loaded, findings = load_spec_file(spec, rulesets)
    show_findings(findings)
    if loaded is None or has_errors(findings):
        return 2
    if rule:
        return _one(assess(loaded, rulesets, as_of, ruleset_ids or None), rule)
    return _all(assess_wanted(loaded, rulesets, as_of, ruleset_ids))


def _all(assessment: Assessment) -> int:
    apart = [r.ruleset.title for r in assessment.results.values() if r.applies is False]
    for id_, result in assessment.results.items():
        if result.applies is not False:
            _law(assessment, id_, result)
    if apart:
        _say(f"Do not apply: {'; '.join(apart)}", 2)
    click.echo("Why in full, and what would change it: raicheck explain SPEC RULE")
    return 0


def _law(assessment: Assessment, id_: str, result: Result) -> None:
    """A heading, and each rule that says something about the class or applies."""
    certain, possible = result.classification.certain.title, result.classification.possible.title
    class_ = certain if certain == possible else f"open, from “{certain}” to “{possible}”"
    _say(f"{result.ruleset.title} {'applies' if result.applies else 'may apply'}: {class_}", 2)
    rest: Counter[str] = Counter()
    excluded: dict[tuple[str, ...], list[Outcome]] = {}
    for outcome in result.rules:
        if not outcome.rule.label and outcome.status != "fires":
            rest[_STATUS[outcome.status]] += 1
        elif outcome.status == "not_firing":
            excluded.setdefault(tuple(_reasons(assessment, id_, outcome)), []).append(outcome)
        else:
            _say("\n".join([_named(outcome), *_reasons(assessment, id_, outcome)]), _INDENT)
    for why, outcomes in excluded.items():
        _say("\n".join([*map(_named, outcomes), *why]), _INDENT)
    if rest:
        counts = (f"{n} {status.replace('does', 'do')}" for status, n in rest.items())
        _say(f"  other rules: {', '.join(counts)}", 4)
    click.echo()


def _named(outcome: Outcome) -> str:
    named = f"{outcome.id}: {outcome.rule.title}" if outcome.rule.title else outcome.id
    return f"  {_STATUS[outcome.status]:{_INDENT - 2}}{named} ({_cited(outcome.rule.cites)})"


def _reasons(assessment: Assessment, id_: str, outcome: Outcome) -> Iterator[str]:
    most = 1 if outcome.status == "not_firing" else 2
    for reason in islice(reasons(prove(assessment, id_, outcome.id)), most):
        said = brief_answer(assessment, reason)
        yield f"{' ' * _INDENT}{_short(reason.text)}{f' – {_short(said)}' if said else ''}"


def _short(text: str) -> str:
    return textwrap.shorten(text, _WIDTH, placeholder=" …")


def _say(text: str, indent: int) -> None:
    """Each line of `text`, wrapped, what follows indented."""
    for line in printable(text).splitlines():
        wrapped = textwrap.wrap(line, _WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
        click.echo("\n".join(wrapped))


def _cited(cites: tuple[str, ...]) -> str:
    return "; ".join(dict.fromkeys(map(_citation, cites)))


@cache
def _citation(cite: str) -> str:
    """`Article 5(1), point (f), AI Act`; what the index does not know (company rules) as it is."""
    provision = find_provision(rulesets_dir(), cite)
    return provision.citation if provision else cite


def _one(assessment: Assessment, rule: str) -> int:
    ruleset, _, wanted = rule.rpartition("/")
    if not ruleset and rule.partition(".")[0] in assessment.results:
        ruleset, _, wanted = rule.partition(".")
    known = []
    for id_, result in assessment.results.items():
        if ruleset not in ("", id_):
            continue
        for outcome in result.rules:
            if outcome.id == wanted:
                _show(assessment, id_, outcome)
                return 0
            known.append(outcome.id)
        for owed in result.obligations:
            if owed.id == wanted:
                _show_owed(assessment, id_, owed)
                return 0
            known.append(owed.id)
    hint = nearest(wanted, known) or "without a rule, raicheck explain lists them"
    click.echo(printable(f"no rule or obligation '{rule}': {hint}"), err=True)
    return 2


def _show_owed(assessment: Assessment, ruleset: str, owed: ObligationOutcome) -> None:
    """An obligation: whether it applies, the proof of its condition, of the roles that owe it, of its exceptions."""
    obligation, law = owed.obligation, assessment.results[ruleset]
    _say(f"{_OWED[owed.applicability]}: {obligation.what} [{_cited(obligation.cites)}]", 4)
    if law.applies is not True:
        _tree(assessment, prove_condition(assessment, law.ruleset.applies), 1)
    if law.applies is not False:
        if obligation.when != ALWAYS:
            _tree(assessment, prove_condition(assessment, obligation.when), 1)
        for role in owed.roles if owed.applicability == "applies" else obligation.roles:
            _tree(assessment, prove_condition(assessment, Ref("role", ruleset, role)), 1)
    for exception in owed.exceptions:
        if exception.status == "fires":
            _say(f"  exception: {exception.rule.title or exception.id} [{_cited(exception.rule.cites)}]", 4)
    bank = assessment.program.rulesets.bank.questions
    for fact in owed.open.facts:
        _say(f"  to be answered: {bank[fact].ask}", 4)


def _show(assessment: Assessment, ruleset: str, outcome: Outcome) -> None:
    _tree(assessment, prove(assessment, ruleset, outcome.id), 0)
    result = assessment.results[ruleset]
    changes = flip(assessment, result, outcome) if outcome.status == "not_firing" else []
    if changes:
        click.echo("\nIt would apply with:")
    for change in changes:
        _say(f"- {change.fact}: {_changed(change)}", 4)


def _changed(change: Change) -> str:
    """What would have to be different; of a list, what would be added or gone."""
    words = (("also", change.added), ("without", change.removed))
    said = [f"{word} {', '.join(f'“{w}”' for w in options)}" for word, options in words if options]
    return " and ".join(said) or f"{change.then} (now: {change.now})"


def _tree(assessment: Assessment, proof: Proof, depth: int) -> None:
    cites = f" [{_cited(proof.cites)}]" if proof.cites else ""
    said = brief_answer(assessment, proof)
    answer = f" – {said}" if said else ""
    indent = min(2 * depth, _WIDTH // 2)
    _say(f"{' ' * indent}{_MARKS[proof.value]}: {proof.text}{answer}{cites}", indent + 4)
    for part in proof.parts:
        _tree(assessment, part, depth + 1)
