"""Sign-offs that do not hold: accepted risks, waivers, determinations, claims without evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from raicheck.assess import Assessment
from raicheck.model import Determination, Finding, Place, Ruleset, Spec, Undertaking, Waiver


def sign_off(assessment: Assessment) -> Iterator[Finding]:
    """Everything that somebody signed, or should have signed."""
    spec, as_of = assessment.spec, assessment.as_of
    for name, undertaking in spec.obligations.items():
        yield from _undertaking(spec, name, undertaking, as_of)
    for index, waiver in enumerate(spec.waivers):
        law = assessment.program.rulesets.by_id.get(waiver.obligation.partition(".")[0])
        if law is not None and law.kind == "law":
            yield _law_waived(spec, law, waiver.obligation, index)
        else:
            yield from _waiver(spec, waiver, index, as_of)
    for index, determination in enumerate(spec.determinations):
        yield from _determination(spec, determination, index, as_of)


def _undertaking(spec: Spec, name: str, undertaking: Undertaking, as_of: date) -> Iterator[Finding]:
    place = spec.place("obligations", name, "progress")
    if undertaking.progress == "accepted_risk":
        fields = {"reason": undertaking.reason, "approver": undertaking.approver, "until": undertaking.until}
        yield from _incomplete(f"the accepted risk of {name}", name, fields, place)
        until_place = spec.place("obligations", name, "until")
        yield from _expired(f"the accepted risk of {name}", name, undertaking.until, until_place, as_of)
    elif undertaking.progress in ("done", "met_elsewhere") and not undertaking.evidence:
        message = f"{name} is said to be {undertaking.progress.replace('_', ' ')}, but no evidence is given"
        help_ = "add evidence: [{path: docs/..., sha256: ..., on: ...}]"
        elsewhere = undertaking.progress == "met_elsewhere"
        yield Finding("RC408", "error" if elsewhere else "warning", message, place, help_, key=name)


def _waiver(spec: Spec, waiver: Waiver, index: int, as_of: date) -> Iterator[Finding]:
    what = f"the waiver of {waiver.obligation}"
    fields = {"reason": waiver.reason, "approver": waiver.approver, "until": waiver.until}
    yield from _incomplete(what, waiver.obligation, fields, spec.place("waivers", index))
    yield from _expired(what, waiver.obligation, waiver.until, spec.place("waivers", index, "until"), as_of)


def _law_waived(spec: Spec, law: Ruleset, name: str, index: int) -> Finding:
    message = f"{name} cannot be waived: {law.title} is law"
    help_ = "do it, or record under obligations that the risk is accepted (it stays open)"
    owed = law.obligations.get(name.partition(".")[2])
    place = spec.place("waivers", index, "obligation")
    return Finding("RC406", "error", message, place, help_, owed.cites if owed else (), key=name)


def _incomplete(what: str, key: str, fields: Mapping[str, object], place: Place | None) -> Iterator[Finding]:
    missing = [name for name, value in fields.items() if not value]
    if missing:
        message = f"{what} has no {' and no '.join(missing)}"
        yield Finding("RC404", "error", message, place, "a reason, an approver and an end date are needed", key=key)


def _expired(what: str, key: str, until: date | None, place: Place | None, as_of: date) -> Iterator[Finding]:
    if until is not None and until < as_of:
        message = f"{what} ended on {until}"
        yield Finding("RC405", "error", message, place, "do it, or have it approved again", key=key)


def _determination(spec: Spec, made: Determination, index: int, as_of: date) -> Iterator[Finding]:
    place = spec.place("determinations", index)
    if made.lacks:
        missing = ", ".join({"by": "signature (by)", "on": "day (on)"}.get(x, x) for x in made.lacks)
        message = f"the determination on {made.judgement} does not count: it lacks {missing}"
        yield Finding("RC407", "error", message, place, "add what is missing: reason, by, on", key=made.judgement)
    elif made.on is not None and made.on > as_of:
        message = f"the determination on {made.judgement} is signed later ({made.on}) than the day assessed ({as_of})"
        yield Finding("RC409", "warning", message, place, "correct the day, or assess a later one", key=made.judgement)
    others = [d for d in spec.determinations[:index] if d.judgement == made.judgement and d.answer != made.answer]
    if others:
        message = f"two determinations on {made.judgement} say the opposite"
        yield Finding("RC410", "error", message, place, "keep the one that counts", key=made.judgement)
