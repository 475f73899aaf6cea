"""Checking many files: load, assess, find; what comes out is small and can cross processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from raicheck.assess import Assessment, Result, assess
from raicheck.assessment_json import assessment_json
from raicheck.changes import changes
from raicheck.check import check, unknown_rulesets
from raicheck.evidence import check_evidence
from raicheck.files import load_document_text, load_spec_file
from raicheck.frozen import frozen, replace
from raicheck.history import text_at
from raicheck.logic import Program
from raicheck.model import Finding, Rulesets, Spec
from raicheck.slim import used
from raicheck.threshold import PROHIBITED
from raicheck.undone import SETTLED


@frozen
class Row:
    """What one ruleset says about a feature, in brief."""

    ruleset: str
    title: str
    applies: bool | None
    certain: str
    possible: str
    labels: tuple[str, ...]
    owed: int
    done: int
    accepted: int
    overdue: int
    next_due: date | None
    open_questions: int


@frozen
class Checked:
    """One file: its findings, and what the rulesets say if it could be read."""

    file: str
    findings: tuple[Finding, ...]
    name: str = ""
    rows: tuple[Row, ...] = ()
    assessment: dict[str, Any] | None = None
    changes: tuple[str, ...] = ()


@frozen
class Order:
    """What to do with each file.

    `today` is set if the settings pin an earlier day: what is prohibited by now is reported all the same. `known` are
    the ids of all rulesets there are.
    """

    as_of: date
    chosen: tuple[str, ...]
    watched: tuple[str, ...] = ()
    with_json: bool = False
    since: str = ""
    today: date | None = None
    known: tuple[str, ...] = ()


class Checker:
    """Rulesets compiled once, for any number of files."""

    def __init__(self, rulesets: Rulesets, order: Order) -> None:
        whole = used(rulesets.by_id, rulesets.by_id.keys() - set(order.watched))
        self._rulesets = Rulesets(rulesets.bank, {i: law for i, law in rulesets.by_id.items() if i in whole})
        self._order = order
        self._program = Program(rulesets)
        self._watched = [rulesets.by_id[i] for i in order.watched]

    def assess(self, path: Path) -> tuple[Assessment | None, list[Finding]]:
        """The assessment of a spec file, or why there is none."""
        spec, findings = load_spec_file(path, self._rulesets)
        if spec is not None and self._order.known:
            findings += unknown_rulesets(spec, self._order.known)
        if spec is None or any(f.severity == "error" for f in findings):
            return None, findings
        return self._assess(spec), findings

    def _assess(self, spec: Spec) -> Assessment:
        """An assessment; brief unless somebody reads all of it."""
        order = self._order
        return assess(spec, self._program, order.as_of, order.chosen, brief=not (order.with_json or order.since))

    def check(self, path: Path) -> Checked:
        """One file, checked."""
        assessment, findings = self.assess(path)
        if assessment is None:
            return Checked(str(path), tuple(findings))
        findings += check(assessment, self._watched)
        findings += check_evidence(assessment.spec)
        if self._order.today is not None:
            findings += self._prohibited_by(self._order.today, assessment.spec, findings)
        name = assessment.spec.feature.get("name", "")
        rows = tuple(_row(r, assessment.as_of) for r in assessment.results.values())
        changed = tuple(self._changes(path, assessment)) if self._order.since else ()
        written = {**assessment_json(assessment), "changes": changed} if self._order.with_json else None
        return Checked(str(path), tuple(findings), name, rows, written, changed)

    def _prohibited_by(self, day: date, spec: Spec, known: Sequence[Finding]) -> list[Finding]:
        """What is prohibited by a later day and not reported yet."""
        later = check(assess(spec, self._program, day, self._order.chosen, brief=True), self._watched)
        reported = {f.key for f in known if f.code == PROHIBITED}
        return [f for f in later if f.code == PROHIBITED and f.key not in reported]

    def _changes(self, path: Path, now: Assessment) -> Iterator[str]:
        """What changed since a commit."""
        since = self._order.since
        text = text_at(since, path)
        if text is None:
            yield f"not there at {since}"
            return
        spec, findings = load_document_text(text, path, self._rulesets)
        if spec is None or any(f.severity == "error" for f in findings):
            yield f"not readable at {since}"
            return
        yield from changes(self._assess(spec), now)


def only_prohibitions(checked: Checked) -> Checked:
    """What is left of an excluded file."""
    return replace(checked, findings=tuple(f for f in checked.findings if f.code == PROHIBITED), assessment=None)


def _row(result: Result, as_of: date) -> Row:
    owed = [o for o in result.obligations if o.applicability == "applies" and o.obligation.kind == "duty"]
    open_ = [o for o in owed if o.progress not in SETTLED]
    days = [o.due.latest for o in open_ if o.due.latest is not None and o.progress != "accepted_risk"]
    certain, possible = result.classification.certain, result.classification.possible
    return Row(
        ruleset=result.ruleset.id,
        title=result.ruleset.title,
        applies=result.applies,
        certain=certain.title,
        possible=possible.title,
        labels=tuple(x.label.title for x in result.labels if x.status == "certain"),
        owed=len(owed),
        done=len(owed) - len(open_),
        accepted=sum(o.progress == "accepted_risk" for o in open_),
        overdue=sum(day <= as_of for day in days),
        next_due=min((day for day in days if day > as_of), default=None),
        open_questions=len(result.open_questions),
    )


# Several processes

_CHECKER: Checker | None = None


def start_worker(rulesets: Rulesets, order: Order) -> None:
    """Prepare this process for `check_in_worker`."""
    global _CHECKER
    _CHECKER = Checker(rulesets, order)


def check_in_worker(paths: Sequence[Path]) -> list[Checked]:
    """Several files in a prepared process."""
    assert _CHECKER is not None
    return [_CHECKER.check(p) for p in paths]
