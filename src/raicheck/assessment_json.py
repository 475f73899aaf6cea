"""An Assessment as plain data: the JSON contract. Names stay stable; more may be added under the same version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from raicheck.assess import Assessment, Classification, OpenQuestion, Result
from raicheck.dates import DueDay, Start
from raicheck.explain import in_one_line, prove, prove_condition
from raicheck.flips import NearMiss, near_misses
from raicheck.model import Finding, OpenPoint, Reading, Ruleset
from raicheck.outcome import ObligationOutcome, Outcome
from raicheck.shipped import tool_version

SCHEMA_VERSION = "1.0"

Json = dict[str, Any]


def document(assessments: Iterable[Assessment], findings: Iterable[Finding], near: bool = True) -> Json:
    """Everything one run says. `near`: also search what would change the result."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "raicheck", "version": tool_version()},
        "assessments": [assessment_json(a, near) for a in assessments],
        "findings": [finding_json(f) for f in findings],
    }


def finding_json(finding: Finding) -> Json:
    """A finding; file, line and column are null where it has no place."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "end_line": place.end_line if place else None,
        "end_column": place.end_column if place else None,
        "message": finding.message,
        "help": finding.help,
        "cites": list(finding.cites),
        "related": [
            {"file": at.file, "line": at.line, "column": at.column, "message": text} for at, text in finding.related
        ],
    }


def assessment_json(assessment: Assessment, near: bool = True) -> Json:
    """One spec on one day."""
    return {
        "spec": assessment.spec.file,
        "feature": dict(assessment.spec.feature),
        "as_of": assessment.as_of.isoformat(),
        "rulesets": {id_: _Writer(assessment, result, near).result() for id_, result in assessment.results.items()},
        "contradictions": [c.fact for c in assessment.facts.contradictions],
        "unused_answers": list(assessment.facts.unused),
        "derived_answers": sorted(assessment.facts.derived),
    }


class _Writer:
    """One ruleset of one assessment."""

    def __init__(self, assessment: Assessment, result: Result, near: bool) -> None:
        self._assessment = assessment
        self._result = result
        self._law: Ruleset = result.ruleset
        self._near = near

    def result(self) -> Json:
        law, result = self._law, self._result
        return {
            "title": law.title,
            "kind": law.kind,
            "sha256": law.sha256,
            "checked": _day(law.checked),
            "applies": result.applies,
            "classification": _classification(result.classification),
            "text_alone": _classification(result.text_alone) if result.text_alone else None,
            "labels": [
                {
                    "id": x.label.id,
                    "title": x.label.title,
                    "severity": x.label.severity,
                    "rank": x.label.rank,
                    "roles": list(x.roles),
                    "status": x.status,
                }
                for x in result.labels
            ],
            "rules": [self._rule(outcome) for outcome in result.rules],
            "obligations": [self._obligation(o) for o in result.obligations],
            "open_questions": [self._question(q) for q in result.open_questions],
            "open_judgements": [self._judgement(name) for name in result.open_judgements],
            "open_points": [_open_point(p) for p in result.open_points],
            "near_misses": self._near_misses(),
        }

    def _rule(self, outcome: Outcome) -> Json:
        why = in_one_line(prove(self._assessment, self._law.id, outcome.id))
        return self._outcome(outcome, why)

    def _exception(self, outcome: Outcome) -> Json:
        return self._outcome(outcome, in_one_line(prove_condition(self._assessment, outcome.rule.when)))

    def _outcome(self, outcome: Outcome, why: str) -> Json:
        rule = outcome.rule
        return {
            "id": rule.id,
            "title": rule.title,
            "status": outcome.status,
            "text_alone": outcome.text_alone,
            "label": rule.label,
            "roles": list(rule.roles),
            "basis": rule.basis,
            "cites": list(rule.cites),
            "see": list(rule.see),
            "from": _start(outcome.start),
            "in_force": outcome.in_force,
            "why": why,
            "note": rule.note,
            "readings": [_reading(r) for r in rule.readings],
            "open": {"questions": list(outcome.open.facts), "judgements": list(outcome.open.judgements)},
            "exceptions": [self._exception(e) for e in outcome.exceptions],
        }

    def _obligation(self, outcome: ObligationOutcome) -> Json:
        owed, done = outcome.obligation, outcome.undertaking
        return {
            "id": owed.id,
            "what": owed.what,
            "kind": owed.kind,
            "topic": owed.topic,
            "rule": outcome.rule or None,
            "cites": list(owed.cites),
            "see": list(owed.see),
            "basis": owed.basis,
            "roles": list(outcome.roles),
            "applicability": outcome.applicability,
            "needs_counsel": outcome.needs_counsel,
            "progress": outcome.progress,
            "owner": done.owner,
            "from": _start(outcome.start),
            "in_force": outcome.in_force,
            "due": _due(outcome.due),
            "evidence": list(owed.evidence),
            "evidence_given": [{"path": e.path, "sha256": e.sha256, "on": _day(e.on)} for e in done.evidence],
            "breach": {"tier": owed.breach.tier, "cites": list(owed.breach.cites)} if owed.breach else None,
            "note": owed.note,
            "why": in_one_line(prove_condition(self._assessment, owed.when)),
            "open": {"questions": list(outcome.open.facts), "judgements": list(outcome.open.judgements)},
            "exceptions": [self._exception(e) for e in outcome.exceptions],
        }

    def _question(self, open_: OpenQuestion) -> Json:
        question = self._assessment.program.rulesets.bank.questions[open_.id]
        note = self._assessment.spec.notes.get(open_.id)
        return {
            "id": open_.id,
            "ask": question.ask,
            "who": note.who if note and note.who else question.who,
            "unsure": open_.unsure,
            "settles": list(open_.settles),
        }

    def _judgement(self, name: str) -> Json:
        ruleset, _, id_ = name.partition(".")
        judgement = self._assessment.program.rulesets.by_id[ruleset].judgements[id_]
        return {"id": name, "ask": judgement.ask, "cites": list(judgement.cites)}

    def _near_misses(self) -> list[Json]:
        if not self._near:
            return []
        return [_near_miss(m) for m in near_misses(self._assessment, self._law.id)]


def _classification(classification: Classification) -> Json:
    return {"certain": classification.certain.id, "possible": classification.possible.id}


def _near_miss(miss: NearMiss) -> Json:
    return {
        "rule": miss.rule.id,
        "title": miss.rule.title,
        "label": miss.rule.label,
        "cites": list(miss.rule.cites),
        "changes": [{"question": c.fact, "now": c.now, "then": c.then} for c in miss.changes],
    }


def _start(start: Start) -> Json:
    return {
        "earliest": _day(start.earliest),
        "latest": _day(start.latest),
        "readings": [_reading(r) for r in start.readings],
    }


def _due(due: DueDay) -> Json:
    return {"earliest": _day(due.earliest), "latest": _day(due.latest), "text": due.text}


def _open_point(point: OpenPoint) -> Json:
    return {
        "id": point.id,
        "title": point.title,
        "cites": list(point.cites),
        "readings": [_reading(r) for r in point.readings],
    }


def _reading(reading: Reading) -> Json:
    return {"id": reading.id, "text": reading.text, "day": _day(reading.day), "cites": list(reading.cites)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
