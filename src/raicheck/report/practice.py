"""By practice: what one piece of work contributes to several obligations; the controls of a voluntary framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from raicheck.assess import Assessment
from raicheck.crosswalk import Contribution, Item, Standing, crosswalk_of
from raicheck.explain import prove_condition
from raicheck.model import ALWAYS, Ruleset
from raicheck.outcome import ObligationOutcome
from raicheck.provisions import Provision
from raicheck.report import view
from raicheck.report.owed import Duties
from raicheck.report.words import cites_of

_STANDINGS: Mapping[Standing, str] = {
    "there": "There already",
    "open": "Asked for here, still open",
    "not_owed": "Not asked for here",
}
_DECISIONS = {"applies": "Included", "undetermined": "Not decided", "not_applicable": "Excluded"}
_MOST = 9


def practices_of(
    assessment: Assessment, items: Iterable[Item], provisions: Mapping[str, Provision]
) -> tuple[view.Practice, ...]:
    """The practices that contribute to what applies here, with what else they may be good for."""
    return tuple(
        view.Practice(
            use.item.title,
            _STANDINGS[use.standing],
            tuple(_contributed(assessment, c, owed, provisions) for c, owed in use.contributions),
        )
        for use in crosswalk_of(assessment, items)
        if any(owed.applicability == "applies" for _, owed in use.contributions)
    )


def _contributed(
    assessment: Assessment, contribution: Contribution, owed: ObligationOutcome, provisions: Mapping[str, Provision]
) -> view.Contributed:
    law = assessment.program.rulesets.by_id[contribution.to.partition(".")[0]]
    return view.Contributed(
        law.title,
        owed.obligation.what,
        cites_of(owed.obligation.cites, provisions),
        owed.applicability == "undetermined",
        contribution.covers,
        contribution.missing,
    )


def topics_to_state(law: Ruleset) -> frozenset[str]:
    """The topics of a voluntary framework of which something depends on the feature, so that it can be left out."""
    if law.kind != "voluntary":
        return frozenset()
    practices = (o for o in law.obligations.values() if o.kind == "practice")
    return frozenset(o.topic for o in practices if o.when != ALWAYS or o.unless)


def statement_of(duties: Duties) -> tuple[view.Control, ...]:
    """The controls of a voluntary framework: in or out, for which reason, and whether the answers show them."""
    topics = topics_to_state(duties.result.ruleset)
    controls = (o for o in duties.result.obligations if o.obligation.kind == "practice")
    asked = {o.id: o for status in ("applies", "undetermined") for o in duties.owed("practice", status)}
    return tuple(_control(duties, o, asked.get(o.id)) for o in controls if o.obligation.topic in topics)


def unconditional(duties: Duties) -> tuple[view.Owed, ...]:
    """The practices that apply or may apply and that no statement of applicability shows."""
    law = duties.result.ruleset
    topics = topics_to_state(law)
    found = (*duties.owed("practice", "applies"), *duties.owed("practice", "undetermined"))
    return tuple(o for o in found if law.obligations[o.id].topic not in topics)


def _control(duties: Duties, outcome: ObligationOutcome, asked: view.Owed | None) -> view.Control:
    obligation = outcome.obligation
    return view.Control(
        what=obligation.what,
        cites=duties.sentences.cites(obligation.cites),
        decision=_DECISIONS[outcome.applicability],
        reason=_reason(duties, outcome),
        shown=_shown(duties, outcome) if asked else "",
        recorded=_recorded(outcome, asked) if asked else "",
        wanted=asked.wanted if asked else (),
        given=asked.given if asked else (),
        remarks=asked.remarks if asked else (),
    )


def _recorded(outcome: ObligationOutcome, asked: view.Owed) -> str:
    """What the team has said itself, apart from the answers."""
    is_said = outcome.undertaking.progress != "open" or asked.progress.startswith("Waived")
    return " · ".join(filter(None, (asked.progress if is_said else "", asked.owner)))


def _reason(duties: Duties, outcome: ObligationOutcome) -> str:
    assessment = duties.sentences.assessment
    if outcome.applicability == "not_applicable":
        return duties.why_not(outcome)
    if duties.result.applies is None:
        return "Whether the framework covers this feature is open."
    if outcome.obligation.when == ALWAYS:
        return "Asked of every feature that the framework covers."
    return duties.sentences.in_short(prove_condition(assessment, outcome.obligation.when), _MOST)


def _shown(duties: Duties, outcome: ObligationOutcome) -> str:
    assessment, met = duties.sentences.assessment, outcome.obligation.met_when
    if met is not None and assessment.program.value(met, assessment.state):
        return "Shown by the answers"
    return "Not shown by the answers"
