"""The obligations of one law: what is owed, when, by whom, how far along, at what exposure; why others are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from raicheck.assess import Result
from raicheck.explain import prove_condition
from raicheck.model import Obligation, Penalty, Undertaking, Waiver
from raicheck.outcome import ObligationOutcome
from raicheck.report import view
from raicheck.report.proofs import Sentences
from raicheck.report.verdict import waiver_of
from raicheck.report.words import (
    BASIS,
    PROGRESS,
    day_words,
    due_words,
    listed,
    lower_first,
    reading_words,
    start_words,
    upper_first,
    with_article,
)

_SIZES = {"sme": "a small or medium-sized enterprise", "smc": "a small mid-cap enterprise"}


@dataclass(frozen=True, slots=True)
class Duties:
    """Says the obligations of one result. `sentences` carries the assessment and the provisions."""

    sentences: Sentences
    result: Result
    edition: view.Edition

    def owed(self, kind: str, applicability: str) -> tuple[view.Owed, ...]:
        """The obligations of a kind that apply, or that may apply, those first that are due first."""
        found = [o for o in self.result.obligations if o.obligation.kind == kind and o.applicability == applicability]
        return tuple(self._owed(o) for o in found)

    def notes(self) -> tuple[str, ...]:
        """The different readings of the law on obligations that (may) apply, each once."""
        live = (o for o in self.result.obligations if o.applicability != "not_applicable")
        return tuple(dict.fromkeys(n for o in live for n in _readings(o)))

    def not_owed(self) -> tuple[view.Grouped, ...]:
        """The obligations that do not apply, by reason."""
        return grouped(
            (self.why_not(o), view.Named(o.obligation.what, self.sentences.cites(o.obligation.cites)))
            for o in self.result.obligations
            if o.obligation.kind == "duty" and o.applicability == "not_applicable"
        )

    def exposures(self) -> tuple[view.Exposure, ...]:
        """What breaches of the obligations at hand may cost."""
        tiers, penalties = self._tiers(), self.result.ruleset.penalties
        return tuple(
            view.Exposure(_letter(n), self._cap(penalties[id_]), self.sentences.cites(penalties[id_].cites))
            for n, id_ in enumerate(tiers)
        )

    def _tiers(self) -> list[str]:
        """The penalties that breaches of the obligations at hand may bring, by letter from A."""
        live = {
            o.obligation.breach.tier
            for o in self.result.obligations
            if o.obligation.kind == "duty" and o.applicability != "not_applicable" and o.obligation.breach
        }
        return [p.id for p in self.result.ruleset.penalties.values() if p.id in live]

    def size_words(self) -> str:
        """What the caps take this organisation for."""
        if not any(p.sme or p.smc for p in self.result.ruleset.penalties.values()):
            return ""
        match self._size():
            case "":
                return f"On the answers given the organisation is neither {listed(_SIZES.values(), 'nor')}."
            case "unknown":
                return f"Whether the organisation is {listed(_SIZES.values(), 'or')} is open: all caps are given."
            case size:
                return f"On the answers given the organisation is {_SIZES[size]}."

    def _owed(self, owed: ObligationOutcome) -> view.Owed:
        obligation, said = owed.obligation, owed.undertaking
        return view.Owed(
            id=obligation.id,
            what=obligation.what,
            cites=self.sentences.cites(obligation.cites),
            roles=listed(self.roles(owed.roles), "or"),
            basis="" if obligation.basis == "text" else BASIS[obligation.basis],
            starts=upper_first(start_words(owed.start, self.sentences.assessment.as_of, owed.in_force)),
            due=due_words(owed.due),
            progress=self._progress(owed),
            is_open=owed.progress not in ("done", "met_elsewhere") and self._waiver(owed) is None,
            owner=said.owner,
            wanted=obligation.evidence,
            given=tuple(f"{e.path} ({day_words(e.on)})" if e.on else e.path for e in said.evidence),
            exposure=self._exposure(obligation),
            hangs_on=self._hangs_on(owed),
            remarks=tuple(self._remarks(owed)),
            readings=listed(str(self.notes().index(n) + 1) for n in _readings(owed)),
        )

    def _waiver(self, owed: ObligationOutcome) -> Waiver | None:
        return waiver_of(self.sentences.assessment, self.result.ruleset, owed.id)

    def _progress(self, owed: ObligationOutcome) -> str:
        waiver = self._waiver(owed)
        if waiver is None:
            return upper_first(PROGRESS[owed.progress])
        return f"Waived until {day_words(waiver.until)}" if waiver.until else "Waived"

    def roles(self, ids: Iterable[str]) -> list[str]:
        """Roles as words inside a sentence."""
        return [lower_first(self.result.ruleset.roles[i].title) for i in ids if i in self.result.ruleset.roles]

    def _remarks(self, owed: ObligationOutcome) -> Iterable[str]:
        if owed.obligation.note:
            yield owed.obligation.note
        said = owed.undertaking
        if said.progress == "accepted_risk":
            yield _accepted(said)
        elif said.reason and self.edition == "internal":
            yield said.reason
        if said.note and self.edition == "internal":
            yield said.note

    def _hangs_on(self, owed: ObligationOutcome) -> tuple[str, ...]:
        rulesets = self.sentences.assessment.program.rulesets
        asks = [rulesets.bank.questions[f].ask for f in owed.open.facts]
        for name in owed.open.judgements:
            law, _, id_ = name.partition(".")
            asks.append(rulesets.by_id[law].judgements[id_].ask)
        return tuple(asks)

    def why_not(self, owed: ObligationOutcome) -> str:
        """The reason for which an obligation does not apply."""
        obligation, assessment = owed.obligation, self.sentences.assessment
        if self.result.applies is False:
            return "The law does not apply."
        if obligation.roles and not owed.roles:
            owers = listed((with_article(r) for r in self.roles(obligation.roles)), "or")
            return f"Owed by {owers}, which the organisation is not."
        if assessment.program.value(obligation.when, assessment.state) is False:
            return self.sentences.in_short(prove_condition(assessment, obligation.when))
        fired = [e.rule.title or e.id for e in owed.exceptions if e.status == "fires"]
        return f"An exception applies: {listed(fired)}." if fired else "It is not in force."

    # exposure

    def _size(self) -> str:
        """Which cap counts for this organisation: `sme`, `smc`, "" for neither, "unknown"."""
        assessment, law = self.sentences.assessment, self.result.ruleset
        unknown = ""
        for size in _SIZES:
            for owner in (law.id, *law.uses):
                if size in assessment.program.rulesets.by_id[owner].definitions:
                    value = assessment.program.ref("definition", owner, size, assessment.state)
                    if value:
                        return size
                    unknown = "unknown" if value is None else unknown
        return unknown

    def _cap(self, penalty: Penalty) -> str:
        match self._size():
            case "sme" if penalty.sme:
                return f"{penalty.max}; for this organisation: {penalty.sme}"
            case "smc" if penalty.smc:
                return f"{penalty.max}; for this organisation: {penalty.smc}"
            case "unknown" if penalty.sme or penalty.smc:
                caps = [f"for {_SIZES[s]}: {t}" for s, t in (("sme", penalty.sme), ("smc", penalty.smc)) if t]
                return "; ".join((penalty.max, *caps))
            case _:
                return penalty.max

    def _exposure(self, obligation: Obligation) -> str:
        """The letter of the exposure that a breach belongs to."""
        tiers = self._tiers()
        if obligation.breach is None or obligation.breach.tier not in tiers:
            return ""
        return _letter(tiers.index(obligation.breach.tier))


def by_question(items: Iterable[view.Owed]) -> tuple[view.Pending, ...]:
    """Obligations that may apply, by the question that decides first."""
    found: dict[str, list[view.Owed]] = {}
    for item in items:
        found.setdefault(item.hangs_on[0] if item.hangs_on else "", []).append(item)
    return tuple(view.Pending(ask, tuple(group)) for ask, group in found.items())


def grouped(items: Iterable[tuple[str, view.Named]]) -> tuple[view.Grouped, ...]:
    """Things with one reason said together."""
    found: dict[str, list[view.Named]] = {}
    for reason, named in items:
        found.setdefault(reason, []).append(named)
    return tuple(view.Grouped(reason, tuple(group)) for reason, group in found.items())


def _readings(owed: ObligationOutcome) -> tuple[str, ...]:
    """What the readings of one obligation say, together."""
    said = [reading_words(r) for r in (*owed.obligation.readings, *owed.start.readings)]
    return (" Or: ".join(said),) if said else ()


def _accepted(said: Undertaking) -> str:
    until = f" until {day_words(said.until)}" if said.until else ""
    return f"Risk accepted by {said.approver or 'nobody named'}{until}: {said.reason or 'no reason given'}"


def _letter(index: int) -> str:
    return chr(ord("A") + index % 26)
