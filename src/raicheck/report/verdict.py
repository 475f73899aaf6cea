"""The verdict on the cover: the strongest thing that the assessment says, and why. Never "clear", never "compliant"."""

from __future__ import annotations

from collections.abc import Iterable

from raicheck.assess import OUT_OF_SCOPE, Assessment, Result
from raicheck.files import CORE_LAWS
from raicheck.model import Label, Ruleset, Waiver
from raicheck.outcome import LabelOutcome, Outcome
from raicheck.report.view import Level, Verdict
from raicheck.report.words import first, listed, start_words

TITLES = {
    "blocked": "Blocked",
    "needs_counsel": "Counsel has to decide",
    "undetermined": "Not determined yet",
    "obligations_open": "Obligations are open",
    "nothing_found": "Nothing found in these laws on these answers",
}
_LEVELS = {"minor": 2, "limited": 3, "high": 4, "prohibited": 5}


def level_of(law: Ruleset, label: Label) -> Level:
    """The step of the ladder on which a label stands."""
    if label == OUT_OF_SCOPE:
        return 0
    return 1 if label.id == law.unlabelled.id else _LEVELS[label.severity]


def importance(result: Result) -> tuple[bool, int, int, int, int]:
    """The order of laws: those that may apply, law before frameworks, the strongest class, the core laws."""
    law, found = result.ruleset, result.classification
    core = CORE_LAWS.index(law.id) if law.id in CORE_LAWS else len(CORE_LAWS)
    kind = ("law", "company", "voluntary").index(law.kind)
    return result.applies is False, kind, -level_of(law, found.certain), -level_of(law, found.possible), core


def is_aside(assessment: Assessment, result: Result) -> bool:
    """Whether a law is one beyond the core laws that may apply or not: named beside them, and not discussed."""
    core = any(i in CORE_LAWS for i in assessment.results)
    return core and result.applies is None and result.ruleset.kind == "law" and result.ruleset.id not in CORE_LAWS


def _aside(titles: list[str]) -> tuple[str, ...]:
    apply = "one more law applies" if len(titles) == 1 else "more laws apply"
    return (f"It is open whether {apply}: {'; '.join(titles)}.",) if titles else ()


def verdict_on(assessment: Assessment) -> Verdict:
    """The verdict on one feature over all laws assessed."""
    binding = sorted((r for r in assessment.results.values() if r.ruleset.kind != "voluntary"), key=importance)
    results = [r for r in binding if not is_aside(assessment, r)]
    aside = _aside([r.ruleset.title for r in binding if r not in results])
    blocked = [s for r in results for s in _prohibitions(assessment, r)]
    counsel = [s for r in results for s in _for_counsel(r)]
    unknown = [s for r in results for s in _undetermined(r)]
    owed = sum(len(list(_open_duties(assessment, r))) for r in results)
    duties = f"{owed} {'obligation is' if owed == 1 else 'obligations are'} open."
    rest = (duties,) if owed else ()
    if blocked:
        return Verdict("blocked", TITLES["blocked"], (*blocked, *counsel, *unknown, *aside))
    if counsel:
        return Verdict("needs_counsel", TITLES["needs_counsel"], (*counsel, *unknown, *rest, *aside))
    if unknown:
        return Verdict("undetermined", TITLES["undetermined"], (*unknown, *rest, *aside))
    if owed:
        return Verdict("obligations_open", TITLES["obligations_open"], (*rest, *aside))
    if aside:
        return Verdict("undetermined", TITLES["undetermined"], aside)
    return Verdict("nothing_found", TITLES["nothing_found"], ())


def _prohibitions(assessment: Assessment, result: Result) -> Iterable[str]:
    for outcome in result.rules:
        if outcome.status == "fires" and _severity(result, outcome) == "prohibited":
            when = start_words(outcome.start, assessment.as_of, outcome.in_force)
            yield f"{result.ruleset.title}: prohibited {when} – {_name(outcome)}."


def _for_counsel(result: Result) -> Iterable[str]:
    names = [_name(o) for o in result.rules if o.status == "needs_counsel" and _binds(result, o)]
    if names:
        said = listed(first((f"“{n}”" for n in names), 3))
        yield f"{result.ruleset.title}: a judgement by counsel is needed on {said}."


def _undetermined(result: Result) -> Iterable[str]:
    title = result.ruleset.title
    if result.applies is None:
        yield f"{title}: it is open whether it applies at all."
        return
    open_labels = [x.label for x in result.labels if x.status == "possible" and not _only_counsel(result, x)]
    labels = [x.title for x in sorted(open_labels, key=lambda x: -x.rank)]
    if labels:
        verb = "holds" if len(labels) == 1 else "hold"
        yield f"{title}: it is open whether {listed(first((f'“{t}”' for t in labels), 3))} {verb}."
    open_ = [o for o in result.obligations if o.applicability == "undetermined" and o.obligation.kind == "duty"]
    if open_ and not labels and result.applies:
        count = len(open_)
        yield f"{title}: whether {count} {'obligation applies' if count == 1 else 'obligations apply'} is open."


def _only_counsel(result: Result, label: LabelOutcome) -> bool:
    rules = [o for o in result.rules if o.rule.label == label.label.id and o.status not in ("fires", "not_firing")]
    return all(o.status == "needs_counsel" for o in rules)


def waiver_of(assessment: Assessment, law: Ruleset, obligation: str) -> Waiver | None:
    """The waiver that holds on the day. Law cannot be waived."""
    for waiver in assessment.spec.waivers if law.kind != "law" else ():
        holds = waiver.until is None or waiver.until >= assessment.as_of
        if waiver.obligation == f"{law.id}.{obligation}" and holds:
            return waiver
    return None


def _open_duties(assessment: Assessment, result: Result) -> Iterable[str]:
    for owed in result.obligations:
        done = owed.progress in ("done", "met_elsewhere") or waiver_of(assessment, result.ruleset, owed.id)
        if owed.applicability == "applies" and owed.obligation.kind == "duty" and not done:
            yield owed.id


def _severity(result: Result, outcome: Outcome) -> str:
    label = result.ruleset.labels.get(outcome.rule.label or "")
    return label.severity if label else ""


def _binds(result: Result, outcome: Outcome) -> bool:
    return _severity(result, outcome) in ("prohibited", "high", "limited")


def _name(outcome: Outcome) -> str:
    return outcome.rule.title or outcome.id
