"""What changed between two assessments of a spec: answers, classes, labels, obligations."""

from __future__ import annotations

from collections.abc import Iterator

from raicheck.assess import Assessment, Classification, Result
from raicheck.words import answer_words

_LABELS = {"certain": "holds", "possible": "may hold", "excluded": "does not hold"}
_OWED = {"applies": "applies", "undetermined": "may apply", "not_applicable": "does not apply"}


def changes(before: Assessment, now: Assessment) -> Iterator[str]:
    """Every difference, a line each."""
    yield from _answers(before, now)
    for id_, result in now.results.items():
        if id_ in before.results:
            yield from _ruleset(before.results[id_], result)


def _answers(before: Assessment, now: Assessment) -> Iterator[str]:
    old, new = before.spec.answers, now.spec.answers
    for fact in sorted(old.keys() | new.keys()):
        if old.get(fact) != new.get(fact):
            question = now.program.rulesets.bank.questions[fact]
            said, says = answer_words(question, old.get(fact)), answer_words(question, new.get(fact))
            yield f"answer {fact}: {said} → {says}"


def _ruleset(before: Result, now: Result) -> Iterator[str]:
    title = now.ruleset.title
    if _range(before.classification) != _range(now.classification):
        yield f"{title}: class: {_range(before.classification)} → {_range(now.classification)}"
    labels = {x.label.id: x.status for x in before.labels}
    for x in now.labels:
        was = labels.get(x.label.id, "excluded")
        if was != x.status:
            yield f"{title}: label “{x.label.title}”: {_LABELS[was]} → {_LABELS[x.status]}"
    owed = {o.id: o for o in before.obligations}
    for o in now.obligations:
        old = owed.get(o.id)
        applied = old.applicability if old else "not_applicable"
        if applied != o.applicability:
            yield f"{title}: obligation {o.id}: {_OWED[applied]} → {_OWED[o.applicability]}: {o.obligation.what}"
        elif o.applicability == "applies" and old and old.progress != o.progress:
            yield f"{title}: obligation {o.id}: {_words(old.progress)} → {_words(o.progress)}"


def _range(classification: Classification) -> str:
    low, high = classification.certain.title, classification.possible.title
    return low if low == high else f"{low} … {high}"


def _words(progress: str) -> str:
    return progress.replace("_", " ")
