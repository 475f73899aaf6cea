"""Where in a spec the answers stand that a finding is about."""

from __future__ import annotations

from raicheck.assess import Assessment
from raicheck.explain import Proof, brief_answer, prove, reasons
from raicheck.frozen import frozen
from raicheck.model import Place, Ruleset, Spec


@frozen
class _Reason:
    place: Place
    text: str


def why_at(assessment: Assessment, law: Ruleset, rule: str) -> tuple[Place | None, tuple[tuple[Place, str], ...]]:
    """The answer that decides a rule (the last in the proof: gates come first) and the others behind it."""
    return behind_at(assessment, prove(assessment, law.id, rule), assessment.spec.place("answers"))


def behind_at(
    assessment: Assessment, proof: Proof, otherwise: Place | None
) -> tuple[Place | None, tuple[tuple[Place, str], ...]]:
    """The last answer at the ends of a proof, and up to four others; `otherwise` where none stands in the spec."""
    found = [r for p in reasons(proof) if (r := _reason(assessment, p)) is not None]
    if not found:
        return otherwise, ()
    *others, last = found
    return last.place, tuple((r.place, r.text) for r in others[-4:] if r.place != last.place)


def _reason(assessment: Assessment, proof: Proof) -> _Reason | None:
    if proof.fact not in assessment.spec.answers:
        return None
    place, answer = fact_place(assessment.spec, proof.fact), brief_answer(assessment, proof)
    return None if place is None else _Reason(place, f"“{proof.text}” – {answer}" if answer else proof.text)


def fact_place(spec: Spec, fact: str) -> Place | None:
    """Where a fact is answered, or the key under which it would be."""
    topic, _, name = fact.partition(".")
    if topic == "placement":
        return spec.place("placements")
    routes = (("answers", topic, name), ("answers", topic, "#key"), ("answers", "#key"))
    return next((spec.places[r] for r in routes if r in spec.places), spec.place())
