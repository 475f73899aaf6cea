"""Findings on a spec, from its Assessment: what blocks, what is open, what is not done."""

from __future__ import annotations

from collections.abc import Iterator

from raicheck.assess import Assessment, LabelOutcome, Outcome, Result
from raicheck.model import Finding


def check(assessment: Assessment) -> list[Finding]:
    """Everything to tell the team about one spec."""
    return [f for result in assessment.results.values() for f in _law(assessment, result)]


def _law(assessment: Assessment, result: Result) -> Iterator[Finding]:
    for label in result.labels:
        if label.label.severity == "prohibited" and label.status != "excluded":
            yield from _prohibited(assessment, result, label)
    yield from _open_class(assessment, result)


def _prohibited(assessment: Assessment, result: Result, label: LabelOutcome) -> Iterator[Finding]:
    for outcome in result.rules:
        if outcome.rule.label == label.label.id and outcome.status != "not_firing":
            yield _prohibition(assessment, outcome)


def _prohibition(assessment: Assessment, outcome: Outcome) -> Finding:
    place = assessment.spec.place("answers")
    name = outcome.rule.title or outcome.id
    if outcome.status == "fires":
        return Finding(
            "RC301", "error", f"prohibited: {name}{starts(assessment, outcome)}", place, "", outcome.rule.cites
        )
    return Finding(
        "RC302", "error", f"perhaps prohibited: {name}", place, _ask(assessment, outcome), outcome.rule.cites
    )


def starts(assessment: Assessment, outcome: Outcome) -> str:
    """ " from 2026-12-02, in 12 days" for what is enacted and starts later; else nothing."""
    day = outcome.start.earliest
    if day is None or day <= assessment.as_of:
        return ""
    days = (day - assessment.as_of).days
    return f" from {day}, in {days} {'day' if days == 1 else 'days'}"


def _ask(assessment: Assessment, outcome: Outcome) -> str:
    if outcome.open.facts:
        question = assessment.program.rulesets.bank.questions[outcome.open.facts[0]]
        return f"answer {question.id}: {question.ask}"
    return f"needs counsel: {', '.join(outcome.open.judgements)}"


def _open_class(assessment: Assessment, result: Result) -> Iterator[Finding]:
    if result.ruleset.kind != "law":
        return
    for outcome in result.rules:
        label = result.ruleset.labels.get(outcome.rule.label or "")
        if label is None or label.severity == "prohibited" or outcome.status in ("fires", "not_firing"):
            continue
        code = "RC304" if outcome.status == "needs_counsel" else "RC303"
        message = f"undetermined: {label.title} ({outcome.rule.title or outcome.id})"
        yield Finding(
            code, "error", message, assessment.spec.place("answers"), _ask(assessment, outcome), outcome.rule.cites
        )
