"""Obligations that are due and not done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from raicheck.assess import Assessment, Result
from raicheck.duties import SETTLED, Duty
from raicheck.model import Finding, Place, Spec
from raicheck.placements import launch

BY_LAUNCH = "RC402"


def undone(assessment: Assessment, result: Result, counts: Counter[str] | None = None) -> Iterator[Finding]:
    """Obligations due by now or by the launch that nobody has met; risks accepted stay open.

    With `counts`, those due later are only counted there.
    """
    spec, law = assessment.spec, result.ruleset
    if law.kind == "voluntary":
        return
    until = _horizon(spec, law.market, assessment.as_of)
    for duty in result.duties:
        if duty.progress in SETTLED or (law.kind == "company" and _is_waived(assessment, result, duty)):
            continue
        if duty.progress == "accepted_risk":
            yield _accepted(assessment, result, duty)
        elif duty.latest is not None and duty.latest <= until:
            if counts is not None and duty.latest > assessment.as_of:
                counts[BY_LAUNCH] += 1
            else:
                yield _due(assessment, result, duty, duty.latest)


def _horizon(spec: Spec, market: str | None, as_of: date) -> date:
    """The later of today and the launch."""
    return max(filter(None, (as_of, launch(spec, market)[1])))


def _is_waived(assessment: Assessment, result: Result, duty: Duty) -> bool:
    """Whether a company rule has a waiver, complete and not expired."""
    name = f"{result.ruleset.id}.{duty.obligation.id}"
    return any(
        w.obligation == name and w.reason and w.approver and w.until and w.until >= assessment.as_of
        for w in assessment.spec.waivers
    )


def _due(assessment: Assessment, result: Result, duty: Duty, day: date) -> Finding:
    owed, now = duty.obligation, assessment.as_of
    name = f"{result.ruleset.id}.{owed.id}"
    place = obligation_place(assessment.spec, name)
    wanted = f"; wanted: {'; '.join(owed.evidence)}" if owed.evidence else ""
    help_ = f"record it under obligations: {name}: {{progress: done, evidence: [...]}}{wanted}"
    if day <= now:
        message = f"due since {day}, not done: {name}: {owed.what}"
        return Finding("RC401", "warning", message, place, help_, owed.cites, key=name)
    message = f"due by the launch, {day}, in {(day - now).days} days: {name}: {owed.what}"
    return Finding(BY_LAUNCH, "info", message, place, help_, owed.cites, key=name)


def _accepted(assessment: Assessment, result: Result, duty: Duty) -> Finding:
    name, done = f"{result.ruleset.id}.{duty.obligation.id}", duty.undertaking
    by = f" by {done.approver}" if done.approver else ""
    until = f" until {done.until}" if done.until else ""
    message = f"stays open, the risk is accepted{by}{until}: {name}: {duty.obligation.what}"
    place = obligation_place(assessment.spec, name)
    return Finding("RC403", "info", message, place, "", duty.obligation.cites, key=name)


def obligation_place(spec: Spec, name: str) -> Place | None:
    """Where the spec speaks of an obligation, else of obligations, else of the launch that makes them due."""
    routes = (("obligations", name, "progress"), ("obligations", name), ("obligations", "#key"), ("placements",))
    return next((spec.places[r] for r in routes if r in spec.places), spec.place())
