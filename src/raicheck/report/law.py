"""One law of a report: scope, conclusions with their proof, near misses, obligations, open points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from raicheck.assess import Assessment, LabelOutcome, ObligationOutcome, Outcome, Result
from raicheck.explain import Proof, near_misses, prove, prove_condition, reasons
from raicheck.model import Obligation, Penalty, Reading, Rule
from raicheck.provisions import Provision
from raicheck.report import view
from raicheck.report.verdict import level_of
from raicheck.report.words import (
    BASIS,
    KINDS,
    PROGRESS,
    cites_of,
    day_words,
    due_words,
    listed,
    start_words,
    steps,
)

_SIZES = {"sme": "a small or medium-sized enterprise", "smc": "a small mid-cap enterprise"}


def law_section(
    assessment: Assessment, result: Result, provisions: Mapping[str, Provision], edition: view.Edition, prefix: str
) -> view.Law:
    """Everything `result` says, in words."""
    return _Section(assessment, result, provisions, edition).law(prefix)


@dataclass(frozen=True, slots=True)
class _Section:
    assessment: Assessment
    result: Result
    provisions: Mapping[str, Provision]
    edition: view.Edition

    def law(self, prefix: str) -> view.Law:
        result, law = self.result, self.result.ruleset
        duties = [o for o in result.obligations if o.obligation.kind == "duty"]
        labelled = [o for o in result.rules if o.rule.label]
        low, high = result.classification.certain, result.classification.possible
        return view.Law(
            id=law.id,
            anchor=f"{prefix}law-{law.id}",
            title=law.title,
            kind=KINDS[law.kind],
            checked=day_words(law.checked),
            sha256=law.sha256,
            enforcer=law.enforcer,
            applies=self._applies(),
            scope=steps([prove_condition(self.assessment, law.applies)], self.provisions),
            held=self._held(),
            span=low.title if low == high else f"between “{low.title}” and “{high.title}”",
            low=level_of(law, low),
            high=level_of(law, high),
            roles=tuple(self._roles()),
            found=tuple(self._conclusion(o) for o in labelled if o.status == "fires"),
            possible=tuple(self._conclusion(o) for o in labelled if o.status in ("undetermined", "needs_counsel")),
            also=tuple(self._also(o) for o in result.rules if not o.rule.label and o.status == "fires"),
            nears=tuple(self._nears()),
            excluded=tuple(self._excluded(o) for o in labelled if o.status == "not_firing"),
            owed=tuple(self._owed(o) for o in duties if o.applicability == "applies"),
            may_be_owed=tuple(self._owed(o) for o in duties if o.applicability == "undetermined"),
            not_owed=tuple(self._not_owed(o) for o in duties if o.applicability == "not_applicable"),
            pointers=tuple(self._of_kind("pointer")),
            practices=tuple(self._of_kind("practice")),
            exposures=tuple(self._exposures(duties)),
            size=self._size_words(),
            open_points=tuple(
                view.OpenPoint(p.title, self._cites(p.cites), self._readings(p.readings)) for p in result.open_points
            ),
            instruments=tuple(view.Instrument(i.title, i.version, i.link) for i in law.instruments),
            text_alone=self._text_alone(),
        )

    def _cites(self, ids: Iterable[str]) -> tuple[view.Cite, ...]:
        return cites_of(ids, self.provisions)

    def _readings(self, readings: Iterable[Reading]) -> tuple[view.Reading, ...]:
        return tuple(
            view.Reading(f"{day_words(r.day)}: {r.text}" if r.day else r.text, self._cites(r.cites)) for r in readings
        )

    # what holds

    def _applies(self) -> str:
        title = self.result.ruleset.title
        match self.result.applies:
            case True:
                return f"{title} applies to this feature."
            case False:
                return f"{title} does not apply to this feature on the answers given."
            case None:
                return f"Whether {title} applies to this feature is open."

    def _held(self) -> str:
        if self.result.applies is False:
            return "It follows that nothing below it was to be decided."
        certain = [self._label_words(x) for x in self.result.labels if x.status == "certain"]
        possible = [self._label_words(x) for x in self.result.labels if x.status == "possible"]
        said = []
        if certain:
            said.append(f"Established: {listed(certain)}.")
        if possible:
            said.append(f"Not established and not excluded: {listed(possible)}.")
        return " ".join(said) or f"{self.result.ruleset.unlabelled.title}."

    def _label_words(self, outcome: LabelOutcome) -> str:
        roles = listed(self._role_titles(outcome.roles), "or")
        return f"“{outcome.label.title}”" + (f" (as {roles})" if roles else "")

    def _role_titles(self, ids: Iterable[str]) -> list[str]:
        return [self.result.ruleset.roles[i].title.lower() for i in ids if i in self.result.ruleset.roles]

    def _roles(self) -> Iterable[view.Conclusion]:
        program, law, state = self.assessment.program, self.result.ruleset, self.assessment.state
        for role in law.roles.values():
            value = program.ref("role", law.id, role.id, state)
            if value is False:
                continue
            proof = prove_condition(self.assessment, role.when)
            lead = f"The organisation is {_article(role.title.lower())} {role.title.lower()}."
            if value is None:
                lead = f"Whether the organisation is {_article(role.title.lower())} {role.title.lower()} is open."
            cites = self._cites(role.cites)
            yield view.Conclusion(role.title, lead, cites, "", "", "", (), steps([proof], self.provisions))

    def _conclusion(self, outcome: Outcome) -> view.Conclusion:
        rule, law = outcome.rule, self.result.ruleset
        proof = prove(self.assessment, law.id, rule.id)
        label = law.labels[rule.label].title if rule.label else ""
        lead = {
            "fires": f"This is established. It makes the feature: “{label}”.",
            "undetermined": f"This is not determined. If it holds, the feature is: “{label}”.",
            "needs_counsel": f"Counsel has to decide this. If it holds, the feature is: “{label}”.",
        }[outcome.status]
        return view.Conclusion(
            title=rule.title or label,
            lead=lead,
            cites=self._cites(rule.cites),
            basis=BASIS[rule.basis],
            when=start_words(outcome.start, self.assessment.as_of, outcome.in_force) + _in_force(outcome),
            roles=listed(self._role_titles(rule.roles), "or"),
            remarks=tuple(self._remarks(outcome)),
            proof=steps(proof.parts, self.provisions),
        )

    def _remarks(self, outcome: Outcome) -> Iterable[str]:
        if outcome.rule.note:
            yield outcome.rule.note
        for reading in (*outcome.rule.readings, *outcome.start.readings):
            day = f"{day_words(reading.day)}, " if reading.day else ""
            yield f"One reading: {day}{reading.text}"
        if outcome.text_alone is not None:
            yield f"On the text of the law alone, without draft guidance: {_STATUS[outcome.text_alone]}."

    def _also(self, outcome: Outcome) -> view.Excluded:
        return view.Excluded(self._name(outcome.rule), self._cites(outcome.rule.cites), self._why(outcome))

    def _name(self, rule: Rule) -> str:
        return rule.title or listed(c.text for c in self._cites(rule.cites))

    # what does not hold

    def _nears(self) -> Iterable[view.Near]:
        for miss in near_misses(self.assessment, self.result.ruleset.id):
            outcome = next(o for o in self.result.rules if o.id == miss.rule.id)
            questions = self.assessment.program.rulesets.bank.questions
            flips = tuple(view.Flip(questions[c.fact].ask, c.now, c.then) for c in miss.changes)
            shown = () if self.edition == "external" else flips
            yield view.Near(self._name(miss.rule), self._cites(miss.rule.cites), self._why(outcome), shown)

    def _excluded(self, outcome: Outcome) -> view.Excluded:
        return view.Excluded(self._name(outcome.rule), self._cites(outcome.rule.cites), self._why(outcome))

    def _why(self, outcome: Outcome) -> str:
        return _in_short(prove(self.assessment, self.result.ruleset.id, outcome.id))

    def _not_owed(self, owed: ObligationOutcome) -> view.Excluded:
        return view.Excluded(owed.obligation.what, self._cites(owed.obligation.cites), self._why_not(owed))

    def _why_not(self, owed: ObligationOutcome) -> str:
        obligation, program, state = owed.obligation, self.assessment.program, self.assessment.state
        if self.result.applies is False:
            return "The law does not apply."
        if obligation.roles and not owed.roles:
            return (
                f"It is owed by {listed(_plural(self._role_titles(obligation.roles)), 'or')}; the organisation is none."
            )
        if program.value(obligation.when, state) is False:
            return _in_short(prove_condition(self.assessment, obligation.when))
        fired = [self._name(e.rule) for e in owed.exceptions if e.status == "fires"]
        return f"An exception applies: {listed(fired)}." if fired else "It is not in force."

    # obligations

    def _of_kind(self, kind: str) -> Iterable[view.Owed]:
        for owed in self.result.obligations:
            if owed.obligation.kind == kind and owed.applicability != "not_applicable":
                yield self._owed(owed)

    def _owed(self, owed: ObligationOutcome) -> view.Owed:
        obligation, said = owed.obligation, owed.undertaking
        return view.Owed(
            what=obligation.what,
            cites=self._cites(obligation.cites),
            topic=obligation.topic.replace("_", " ").replace("-", " ").capitalize(),
            roles=listed(self._role_titles(owed.roles), "or"),
            basis=BASIS[obligation.basis],
            starts=start_words(owed.start, self.assessment.as_of, owed.in_force),
            due=due_words(owed.due),
            progress=PROGRESS[owed.progress],
            is_open=owed.progress not in ("done", "met_elsewhere"),
            owner=said.owner,
            wanted=obligation.evidence,
            given=tuple(f"{e.path}{f' ({day_words(e.on)})' if e.on else ''}" for e in said.evidence),
            exposure=self._exposure(obligation),
            hangs_on=self._hangs_on(owed),
            remarks=tuple(self._owed_remarks(owed)),
        )

    def _owed_remarks(self, owed: ObligationOutcome) -> Iterable[str]:
        if owed.obligation.note:
            yield owed.obligation.note
        for reading in (*owed.obligation.readings, *owed.start.readings):
            day = f"{day_words(reading.day)}, " if reading.day else ""
            yield f"One reading: {day}{reading.text}"
        said = owed.undertaking
        if said.progress == "accepted_risk":
            until = f" until {day_words(said.until)}" if said.until else ""
            yield f"Risk accepted by {said.approver or 'nobody named'}{until}: {said.reason or 'no reason given'}"
        elif said.reason and self.edition == "internal":
            yield said.reason
        if said.note and self.edition == "internal":
            yield said.note

    def _hangs_on(self, owed: ObligationOutcome) -> tuple[str, ...]:
        rulesets = self.assessment.program.rulesets
        asks = [rulesets.bank.questions[f].ask for f in owed.open.facts]
        for name in owed.open.judgements:
            law, _, id_ = name.partition(".")
            asks.append(rulesets.by_id[law].judgements[id_].ask)
        return tuple(asks)

    # exposure

    def _size(self) -> str:
        """Which cap counts for this organisation: `sme`, `smc`, "" for neither, "unknown"."""
        program, state = self.assessment.program, self.assessment.state
        law = self.result.ruleset
        unknown = ""
        for size in _SIZES:
            for owner in (law.id, *law.uses):
                if size in program.rulesets.by_id[owner].definitions:
                    value = program.ref("definition", owner, size, state)
                    if value:
                        return size
                    unknown = "unknown" if value is None else unknown
        return unknown

    def _size_words(self) -> str:
        if not any(p.sme or p.smc for p in self.result.ruleset.penalties.values()):
            return ""
        match self._size():
            case "":
                return f"On the answers given the organisation is neither {listed(_SIZES.values(), 'nor')}."
            case "unknown":
                return f"Whether the organisation is {listed(_SIZES.values(), 'or')} is open: all caps are given."
            case size:
                return f"On the answers given the organisation is {_SIZES[size]}."

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
        tiers = list(self.result.ruleset.penalties)
        if obligation.breach is None or obligation.breach.tier not in tiers:
            return ""
        return _letter(tiers.index(obligation.breach.tier))

    def _exposures(self, duties: list[ObligationOutcome]) -> Iterable[view.Exposure]:
        live = {o.obligation.breach.tier for o in duties if o.applicability != "not_applicable" and o.obligation.breach}
        for index, penalty in enumerate(self.result.ruleset.penalties.values()):
            if penalty.id in live:
                yield view.Exposure(_letter(index), self._cap(penalty), self._cites(penalty.cites))

    def _text_alone(self) -> str:
        other = self.result.text_alone
        if other is None:
            return ""
        span = other.certain.title
        if other.certain != other.possible:
            span = f"between “{other.certain.title}” and “{other.possible.title}”"
        return f"Draft guidance makes a difference here. On the text of the law alone the result is: {span}."


_STATUS = {
    "fires": "it holds",
    "not_firing": "it does not hold",
    "undetermined": "it is not determined",
    "needs_counsel": "counsel has to decide",
}


def _in_force(outcome: Outcome) -> str:
    match outcome.in_force:
        case True:
            return ", in force"
        case "disputed":
            return ", whether it is in force is disputed"
        case _:
            return ""


def _in_short(proof: Proof, most: int = 2) -> str:
    """The reasons at the ends of a proof in one line."""
    ends = list(reasons(proof))
    said = [f"“{r.text}” {r.answer}".rstrip(" .") for r in ends[:most]]
    if not said:
        return "A condition of it is not met."
    return "; ".join(said) + "."


def _article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


def _plural(words: Iterable[str]) -> list[str]:
    return [f"{w}s" for w in words]


def _letter(index: int) -> str:
    return chr(ord("A") + index % 26)
