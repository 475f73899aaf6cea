"""Checking many files: load, assess, find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raicheck.assess import Assessment, Result, assess_all
from raicheck.check import check, unknown_rulesets
from raicheck.checked import Checked, Row
from raicheck.duties import SETTLED
from raicheck.evidence import check_evidence, names_evidence
from raicheck.files import load_document_text, read_text
from raicheck.frozen import frozen
from raicheck.load_spec import SpecLoader
from raicheck.logic import Program
from raicheck.model import Finding, Rulesets, Spec
from raicheck.slim import used
from raicheck.threshold import PROHIBITED

if TYPE_CHECKING:
    from raicheck.remembered import Remembered


@frozen
class Order:
    """What to do with each file.

    `notes`: whether somebody reads the notes (info) or they are only counted. `today` is set if the settings pin an
    earlier day: what is prohibited by now is reported all the same. `known` are the ids of all rulesets there are.
    `remembered`: the folder of earlier results and the fingerprint of what they must have in common.
    """

    as_of: date
    chosen: tuple[str, ...]
    watched: tuple[str, ...] = ()
    notes: bool = True
    with_json: bool = False
    since: str = ""
    today: date | None = None
    known: tuple[str, ...] = ()
    remembered: tuple[Path, str] | None = None


class Checker:
    """Rulesets compiled once, for any number of files."""

    def __init__(self, rulesets: Rulesets, order: Order) -> None:
        whole = used(rulesets.by_id, rulesets.by_id.keys() - set(order.watched))
        self._loader = SpecLoader(Rulesets(rulesets.bank, {i: law for i, law in rulesets.by_id.items() if i in whole}))
        self._order = order
        self._program = Program(rulesets)
        self._watched = [rulesets.by_id[i] for i in order.watched]
        self._remembered = _remembered(order)

    def check_all(self, paths: Sequence[Path]) -> list[Checked]:
        """Some files, checked side by side."""
        found: dict[Path, Checked] = {}
        texts: dict[Path, str] = {}
        for path in paths:
            text, broken = read_text(path)
            before = self._remembered.find(str(path), text) if self._remembered and not broken else None
            if broken:
                found[path] = Checked(str(path), tuple(broken))
            elif before is not None:
                found[path] = before
            else:
                texts[path] = text
        found.update(zip(texts, self._check_texts(texts), strict=True))
        return [found[path] for path in paths]

    def _check_texts(self, texts: Mapping[Path, str]) -> list[Checked]:
        loaded = [self._load(path, text) for path, text in texts.items()]
        specs = [spec for spec, _ in loaded if spec is not None]
        assessed = iter(zip(self._assess(specs), self._assess_today(specs), strict=True))
        made = []
        for path, (spec, findings) in zip(texts, loaded, strict=True):
            if spec is None:
                made.append(Checked(str(path), tuple(findings)))
            else:
                made.append(self._checked(path, findings, *next(assessed)))
        if self._remembered:
            results = zip(texts.values(), made, loaded, strict=True)
            self._remembered.add((text, one) for text, one, (spec, _) in results if not names_evidence(spec))
        return made

    def _load(self, path: Path, text: str) -> tuple[Spec | None, list[Finding]]:
        """The spec of a file if it can be assessed, and what is wrong with it."""
        spec, findings = load_document_text(text, path, self._loader)
        if spec is not None and self._order.known:
            findings += unknown_rulesets(spec, self._order.known)
        return None if any(f.severity == "error" for f in findings) else spec, findings

    def _assess(self, specs: Sequence[Spec]) -> list[Assessment]:
        """Assessments; brief unless somebody reads all of them."""
        order = self._order
        brief = not (order.with_json or order.since)
        return assess_all(specs, self._program, order.as_of, order.chosen, brief=brief)

    def _assess_today(self, specs: Sequence[Spec]) -> Sequence[Assessment | None]:
        """The same for today, if the settings pin an earlier day."""
        order = self._order
        if order.today is None:
            return [None] * len(specs)
        return assess_all(specs, self._program, order.today, order.chosen, brief=True)

    def _checked(self, path: Path, findings: list[Finding], now: Assessment, today: Assessment | None) -> Checked:
        notes: Counter[str] = Counter()
        findings += check(now, self._watched, None if self._order.notes else notes)
        findings += check_evidence(now.spec)
        if today is not None:
            findings += self._prohibited_by(today, findings)
        rows = tuple(_row(r, now.as_of) for r in now.results.values())
        changed = tuple(self._changes(path, now)) if self._order.since else ()
        written = {**_in_full(now), "changes": changed} if self._order.with_json else None
        return Checked(str(path), tuple(findings), now.spec.feature.get("name", ""), rows, written, changed, notes)

    def _prohibited_by(self, today: Assessment, known: Sequence[Finding]) -> list[Finding]:
        """What is prohibited by today and not reported yet."""
        reported = {f.key for f in known if f.code == PROHIBITED}
        return [f for f in check(today, self._watched, Counter()) if f.code == PROHIBITED and f.key not in reported]

    def _changes(self, path: Path, now: Assessment) -> Iterator[str]:
        """What changed since a commit."""
        from raicheck.changes import changes  # only when asked for
        from raicheck.history import text_at

        since = self._order.since
        text = text_at(since, path)
        if text is None:
            yield f"not there at {since}"
            return
        spec, findings = load_document_text(text, path, self._loader)
        if spec is None or any(f.severity == "error" for f in findings):
            yield f"not readable at {since}"
            return
        yield from changes(self._assess([spec])[0], now)


def _remembered(order: Order) -> Remembered | None:
    if order.remembered is None:
        return None
    from raicheck.remembered import Remembered  # only for many files

    return Remembered(*order.remembered)


def _in_full(assessment: Assessment) -> dict[str, Any]:
    """An assessment for the JSON output."""
    from raicheck.assessment_json import assessment_json  # only when asked for

    return assessment_json(assessment)


def _row(result: Result, as_of: date) -> Row:
    open_ = [duty for duty in result.duties if duty.progress not in SETTLED]
    due = [duty for duty in open_ if duty.latest and duty.progress != "accepted_risk"]
    days = [day for duty in due for day in (duty.earliest, duty.latest) if day and day > as_of]
    certain, possible = result.classification.certain, result.classification.possible
    return Row(
        ruleset=result.ruleset.id,
        title=result.ruleset.title,
        applies=result.applies,
        certain=certain.title,
        possible=possible.title,
        labels=tuple(x.label.title for x in result.labels if x.status == "certain"),
        owed=len(result.duties),
        done=len(result.duties) - len(open_),
        accepted=sum(duty.progress == "accepted_risk" for duty in open_),
        overdue=sum(duty.latest is not None and duty.latest <= as_of for duty in due),
        next_due=min(days, default=None),
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
    return _CHECKER.check_all(paths)
