"""Obligations that are due and not done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from raicheck.assess import Assessment, Result
from raicheck.model import Finding, Place, Spec
from raicheck.outcome import ObligationOutcome
from raicheck.placements import launch

SETTLED = ("done", "met_elsewhere")


def undone(assessment: Assessment, result: Result, notes: bool = True) -> Iterator[Finding]:
    """Obligations due by now or by the launch that nobody has met; risks accepted stay open.

    Without `notes`, those due later come without words and place.
    """
    spec, law = assessment.spec, result.ruleset
    if law.kind == "voluntary":
        return
    until = _horizon(spec, law.market, assessment.as_of)
    for owed in result.obligations:
        if not owed.value or owed.obligation.kind != "duty" or owed.progress in SETTLED:
            continue
        latest = owed.due.latest
        if law.kind == "company" and _is_waived(assessment, result, owed):
            continue
        if owed.progress == "accepted_risk":
            yield _accepted(assessment, result, owed)
        elif latest is not None and latest <= until:
            if notes or latest <= assessment.as_of:
                yield _due(assessment, result, owed, latest)
            else:
                yield Finding("RC402", "info", "", key=f"{law.id}.{owed.id}")


def _horizon(spec: Spec, market: str | None, as_of: date) -> date:
    """The later of today and the launch."""
    return max(filter(None, (as_of, launch(spec, market)[1])))


def _is_waived(assessment: Assessment, result: Result, owed: ObligationOutcome) -> bool:
    """Whether a company rule has a waiver, complete and not expired."""
    name = f"{result.ruleset.id}.{owed.id}"
    return any(
        w.obligation == name and w.reason and w.approver and w.until and w.until >= assessment.as_of
        for w in assessment.spec.waivers
    )


def _due(assessment: Assessment, result: Result, owed: ObligationOutcome, day: date) -> Finding:
    name, now = f"{result.ruleset.id}.{owed.id}", assessment.as_of
    place = obligation_place(assessment.spec, name)
    wanted = f"; wanted: {'; '.join(owed.obligation.evidence)}" if owed.obligation.evidence else ""
    help_ = f"record it under obligations: {name}: {{progress: done, evidence: [...]}}{wanted}"
    if day <= now:
        message = f"due since {day}, not done: {name}: {owed.obligation.what}"
        return Finding("RC401", "warning", message, place, help_, owed.obligation.cites, key=name)
    message = f"due by the launch, {day}, in {(day - now).days} days: {name}: {owed.obligation.what}"
    return Finding("RC402", "info", message, place, help_, owed.obligation.cites, key=name)


def _accepted(assessment: Assessment, result: Result, owed: ObligationOutcome) -> Finding:
    name, done = f"{result.ruleset.id}.{owed.id}", owed.undertaking
    by = f" by {done.approver}" if done.approver else ""
    until = f" until {done.until}" if done.until else ""
    message = f"stays open, the risk is accepted{by}{until}: {name}: {owed.obligation.what}"
    place = obligation_place(assessment.spec, name)
    return Finding("RC403", "info", message, place, "", owed.obligation.cites, key=name)


def obligation_place(spec: Spec, name: str) -> Place | None:
    """Where the spec speaks of an obligation, else of obligations, else of the launch that makes them due."""
    routes = (("obligations", name, "progress"), ("obligations", name), ("obligations", "#key"), ("placements",))
    return next((spec.places[r] for r in routes if r in spec.places), spec.place())
