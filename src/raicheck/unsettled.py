"""Findings on what is not settled: the question, or the judgement, that decides it."""

from __future__ import annotations

from collections.abc import Iterator

from raicheck.assess import Assessment, Result
from raicheck.explain import prove_condition
from raicheck.model import Finding, LabelSeverity, Place, Ref, Ruleset
from raicheck.outcome import Outcome
from raicheck.unknowns import of_condition
from raicheck.where import behind_at, fact_place, why_at

BINDING: tuple[LabelSeverity, ...] = ("high", "limited")


def undetermined(assessment: Assessment, result: Result) -> Iterator[Finding]:
    """Binding labels that may hold, and a law without labels that may apply."""
    law = result.ruleset
    possible = {x.label.id: x.label.severity for x in result.labels if x.status == "possible"}
    binding = [id_ for id_, severity in possible.items() if severity in BINDING]
    rules = result.rules_of(BINDING) if binding else ()
    open_ = [o for o in rules if o.rule.label in binding and o.status in ("undetermined", "needs_counsel")]
    yield from by_question(assessment, law, open_, "RC303", None)
    forbidden = "prohibited" in possible.values()
    if result.applies is None and not open_ and not forbidden:
        facts = of_condition(assessment.program, law.applies, assessment.state).facts
        yield _scope_open(assessment, law, facts[:1])


def _scope_open(assessment: Assessment, law: Ruleset, facts: tuple[str, ...]) -> Finding:
    place = fact_place(assessment.spec, facts[0]) if facts else assessment.spec.place("answers")
    message = f"open whether the law applies at all ({law.title})"
    return Finding("RC307", "error", message, place, question_help(assessment, facts), key=law.id)


def by_question(
    assessment: Assessment, law: Ruleset, outcomes: list[Outcome], code: str, label: LabelSeverity | None
) -> Iterator[Finding]:
    """One finding for all outcomes that hang on the same question or judgement first."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Outcome]] = {}
    for outcome in outcomes:
        facts, judgements = _deciding(assessment, law, outcome)
        groups.setdefault((facts[:1], () if facts else judgements), []).append(outcome)
    for (facts, judgements), group in groups.items():
        severity = label or _strongest(law, group)
        names = "; ".join(_name(law, o) for o in group[:3]) + (f" and {len(group) - 3} more" if len(group) > 3 else "")
        cites = tuple(c for o in group[:3] for c in o.rule.cites)
        key = f"{law.id}/{'+'.join(o.id for o in group)}"
        if facts:
            verb = "perhaps prohibited" if label else "open whether"
            place = fact_place(assessment.spec, facts[0])
            message = f"{verb}: {names} ({law.title})"
            yield Finding(code, "error", message, place, question_help(assessment, facts), cites, (), key, severity)
        else:
            place, related = _factors(assessment, judgements, why_at(assessment, law, group[0].id)[0])
            message = f"{'perhaps prohibited, ' if label else ''}needs counsel: {names} ({law.title})"
            help_ = _judgement_help(assessment, judgements)
            yield Finding("RC304", "error", message, place, help_, cites, related, key, severity)


def _factors(
    assessment: Assessment, names: tuple[str, ...], otherwise: Place | None
) -> tuple[Place | None, tuple[tuple[Place, str], ...]]:
    """The answers that point to a judgement."""
    if not names:
        return otherwise, ()
    ruleset, _, id_ = names[0].partition(".")
    raised = assessment.program.rulesets.by_id[ruleset].judgements[id_].raised_when
    return behind_at(assessment, prove_condition(assessment, raised), otherwise)


def _deciding(assessment: Assessment, law: Ruleset, outcome: Outcome) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is open on an outcome; for one that fires, on whether its addressee is this team."""
    if outcome.status != "fires":
        return outcome.open.facts, outcome.open.judgements
    roles = [of_condition(assessment.program, Ref("role", law.id, r), assessment.state) for r in outcome.rule.roles]
    return tuple(f for r in roles for f in r.facts), tuple(j for r in roles for j in r.judgements)


def _name(law: Ruleset, outcome: Outcome) -> str:
    return outcome.rule.title or law.labels[outcome.rule.label or ""].title


def _strongest(law: Ruleset, outcomes: list[Outcome]) -> LabelSeverity:
    return max((law.labels[o.rule.label or ""] for o in outcomes), key=lambda x: x.rank).severity


def question_help(assessment: Assessment, facts: tuple[str, ...]) -> str:
    """What to do about an open question: answer it, or ask who knows."""
    if not facts:
        return "see: raicheck explain"
    question = assessment.program.rulesets.bank.questions[facts[0]]
    note = assessment.spec.notes.get(facts[0])
    who = (note.who if note else "") or question.who
    return f"answer {question.id}: {question.ask}" + (f" (ask: {who})" if who else "")


def _judgement_help(assessment: Assessment, names: tuple[str, ...]) -> str:
    if not names:
        return "see: raicheck explain"
    ruleset, _, id_ = names[0].partition(".")
    judgement = assessment.program.rulesets.by_id[ruleset].judgements[id_]
    return f"put to counsel and record under determinations: {names[0]}: {judgement.ask}"
