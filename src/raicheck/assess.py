"""The engine: `assess(spec, rulesets, as_of)`. Pure: no disk, no clock; the same input gives the same Assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from raicheck import unknowns
from raicheck.dates import DueDay, InForce, Start, due_day, in_force, start_of
from raicheck.facts import Facts, settle
from raicheck.frozen import frozen
from raicheck.logic import Program, State, all_of, is_law, refs
from raicheck.model import (
    Label,
    Obligation,
    OpenPoint,
    Progress,
    Rule,
    Ruleset,
    Rulesets,
    Spec,
    Truth,
    Undertaking,
    Unknowns,
)
from raicheck.placements import launch
from raicheck.unknowns import NOTHING

Status = Literal["fires", "not_firing", "undetermined", "needs_counsel"]
LabelStatus = Literal["certain", "possible", "excluded"]
Applicability = Literal["applies", "not_applicable", "undetermined"]
OUT_OF_SCOPE = Label("out_of_scope", "The law does not apply", -1)


@frozen
class Outcome:
    """What became of a rule or exception. `text_alone` is its status without draft guidance, where that differs."""

    rule: Rule
    status: Status
    start: Start
    in_force: InForce
    exceptions: tuple[Outcome, ...]
    open: Unknowns = NOTHING
    text_alone: Status | None = None

    @property
    def id(self) -> str:
        return self.rule.id


@frozen
class LabelOutcome:
    """A label with the roles it concerns (of those that this team may hold)."""

    label: Label
    status: LabelStatus
    roles: tuple[str, ...]


@frozen
class ObligationOutcome:
    """What became of an obligation. `rule` triggers it; `needs_counsel` if only judgements are open."""

    obligation: Obligation
    applicability: Applicability
    roles: tuple[str, ...]
    rule: str
    progress: Progress
    start: Start
    in_force: InForce
    due: DueDay
    undertaking: Undertaking
    exceptions: tuple[Outcome, ...]
    open: Unknowns = NOTHING

    @property
    def id(self) -> str:
        return self.obligation.id

    @property
    def needs_counsel(self) -> bool:
        return self.applicability == "undetermined" and not self.open.facts and bool(self.open.judgements)


@frozen
class Classification:
    """A display summary: the strongest label that certainly and that possibly holds."""

    certain: Label
    possible: Label


@frozen
class OpenQuestion:
    """A question that can still change outcomes (`settles`: rule and obligation ids), strongest first."""

    id: str
    settles: tuple[str, ...]
    unsure: bool


@frozen
class Result:
    """Everything one ruleset says. `text_alone` is the classification without draft guidance, where that differs."""

    ruleset: Ruleset
    applies: Truth
    classification: Classification
    labels: tuple[LabelOutcome, ...]
    rules: tuple[Outcome, ...]
    obligations: tuple[ObligationOutcome, ...]
    open_questions: tuple[OpenQuestion, ...]
    open_judgements: tuple[str, ...]
    open_points: tuple[OpenPoint, ...]
    text_alone: Classification | None = None


@frozen
class Assessment:
    """A spec assessed on a day. `program` and `state` let proofs be built when asked for."""

    spec: Spec
    as_of: date
    results: dict[str, Result]
    facts: Facts
    program: Program
    state: State


def assess(
    spec: Spec,
    rulesets: Rulesets | Program,
    as_of: date,
    select: Iterable[str] | None = None,
    only: frozenset[str] | None = None,
    brief: bool = False,
) -> Assessment:
    """Assess `spec` under the law enacted on `as_of`.

    `rulesets` may be a compiled Program (to assess many specs); `select` names the rulesets to report on
    (default: all; definitions of the others are still used); `only` names the rules,
    labels and obligations to report on; `brief` leaves out rules that do not fire and obligations that are not owed.
    """
    program = rulesets if isinstance(rulesets, Program) else Program(rulesets)
    facts = settle(program, spec.answers, as_of)
    determinations = {d.judgement: d.answer for d in spec.determinations if not d.lacks}
    state = State(facts.known, determinations, as_of)
    laws = [program.rulesets.by_id[i] for i in select] if select is not None else reportable(program.rulesets)
    results = {law.id: _Assessing(program, law, spec, state, only, brief).result() for law in laws}
    return Assessment(spec, as_of, results, facts, program, state)


def reportable(rulesets: Rulesets) -> list[Ruleset]:
    """The rulesets that decide something (not those that only define)."""
    return [r for r in rulesets.by_id.values() if r.rules or r.obligations]


class _Assessing:
    """One ruleset, one spec, one day."""

    def __init__(
        self, program: Program, law: Ruleset, spec: Spec, state: State, only: frozenset[str] | None, brief: bool
    ) -> None:
        self._program = program
        self._law = law
        self._spec = spec
        self._state = state
        self._only = only
        self._brief = brief
        self._launch = launch(spec, law.market)
        self._text = (
            State(state.known, state.determinations, state.as_of, text_alone=True) if _has_drafts(law) else None
        )

    def result(self) -> Result:
        law, program, state = self._law, self._program, self._state
        applies = program.applies(law, state)
        rules = tuple(self._rule(r) for r in law.rules.values() if self._reported(r))
        labels = tuple(self._label(x, state) for x in law.labels.values() if self._only is None or x.id in self._only)
        obligations = tuple(self._obligation(o) for o in law.obligations.values() if self._reported(o))
        classification = _classify(law, applies, labels)
        return Result(
            law,
            applies,
            classification,
            labels,
            rules,
            obligations,
            _open_questions(self._spec, law, rules, obligations),
            _open_judgements(rules, obligations),
            tuple(p for p in law.open_points if applies is not False and program.value(p.when, state) is not False),
            self._text_alone(classification),
        )

    def _reported(self, item: Rule | Obligation) -> bool:
        if (self._only is not None and item.id not in self._only) or not is_law(self._law, item, self._state):
            return False
        return not (self._brief and self._is_excluded(item))

    def _is_excluded(self, item: Rule | Obligation) -> bool:
        """Whether nothing comes of a rule or obligation, with draft guidance or without."""
        program, law = self._program, self._law
        if isinstance(item, Obligation):
            return program.obligation(law, item, self._state) is False
        states = (self._state,) if self._text is None else (self._state, self._text)
        return all(program.ref("rule", law.id, item.id, state) is False for state in states)

    def _text_alone(self, classification: Classification) -> Classification | None:
        if self._text is None or self._only is not None:
            return None
        labels = tuple(self._label(label, self._text) for label in self._law.labels.values())
        other = _classify(self._law, self._program.applies(self._law, self._text), labels)
        return None if other == classification else other

    def _rule(self, rule: Rule) -> Outcome:
        program, law, state = self._program, self._law, self._state
        value = program.ref("rule", law.id, rule.id, state)
        open_ = NOTHING if value is not None else unknowns.of_rule(program, law, rule, state)
        text_value = value if self._text is None else program.ref("rule", law.id, rule.id, self._text)
        gate = program.applies(law, state) if program.is_gated(law, rule) else True
        reach = all_of(iter((gate, program.value(rule.when, state))))
        return self._outcome(rule, value, open_, text_value, reach)

    def _exceptions(self, rules: tuple[Rule, ...], reach: Truth) -> tuple[Outcome, ...]:
        return tuple(self._exception(r, reach) for r in rules if is_law(self._law, r, self._state))

    def _exception(self, rule: Rule, reach: Truth) -> Outcome:
        """An exception fires if its condition holds and (`reach`) what it limits would hold without it."""
        program, law, state = self._program, self._law, self._state
        value = all_of(iter((reach, program.exception(law, rule, state))))
        open_ = NOTHING if value is not None else unknowns.of_exception(program, law, rule, state)
        inner = all_of(iter((reach, program.value(rule.when, state))))
        return self._outcome(rule, value, open_, value, inner)

    def _outcome(self, rule: Rule, value: Truth, open_: Unknowns, text_value: Truth, reach: Truth) -> Outcome:
        start = start_of(self._program, self._law, rule.start, rule.enacted or self._law.enacted, self._state)
        status = _status(value, open_)
        differs = text_value is not value
        return Outcome(
            rule,
            status,
            start,
            in_force(start, value, self._state.as_of),
            self._exceptions(rule.unless, reach),
            open_,
            _status(text_value, NOTHING) if differs else None,
        )

    def _label(self, label: Label, state: State) -> LabelOutcome:
        value = self._program.ref("label", self._law.id, label.id, state)
        status: LabelStatus = "certain" if value else "possible" if value is None else "excluded"
        return LabelOutcome(label, status, () if value is False else tuple(self._label_roles(label, state)))

    def _label_roles(self, label: Label, state: State) -> Iterator[str]:
        """The roles a label concerns, of those this team holds or may hold."""
        seen: set[str] = set()
        for id_ in self._program.labelled(self._law, label.id):
            if self._program.ref("rule", self._law.id, id_, state) is False:
                continue
            for role in self._law.rules[id_].roles:
                if role not in seen and self._program.ref("role", self._law.id, role, state) is not False:
                    seen.add(role)
                    yield role

    def _obligation(self, obligation: Obligation) -> ObligationOutcome:
        program, law, state = self._program, self._law, self._state
        value = program.obligation(law, obligation, state)
        open_ = NOTHING if value is not None else unknowns.of_obligation(program, law, obligation, state)
        start = start_of(program, law, obligation.start, obligation.enacted or law.enacted, state)
        undertaking = self._spec.obligations.get(f"{law.id}.{obligation.id}", Undertaking())
        applicability: Applicability = "applies" if value else "undetermined" if value is None else "not_applicable"
        roles = tuple(r for r in obligation.roles if program.ref("role", law.id, r, state) is not False)
        return ObligationOutcome(
            obligation,
            applicability,
            roles,
            self._trigger(obligation),
            self._progress(obligation, undertaking),
            start,
            in_force(start, value, state.as_of),
            due_day(obligation.due, start, self._launch),
            undertaking,
            self._exceptions(obligation.unless, program.value(obligation.when, state)),
            open_,
        )

    def _progress(self, obligation: Obligation, undertaking: Undertaking) -> Progress:
        met = obligation.met_when
        if undertaking.progress == "open" and met is not None and self._program.value(met, self._state):
            return "done"
        return undertaking.progress

    def _trigger(self, obligation: Obligation) -> str:
        """The first rule that an obligation hangs on and that is not excluded."""
        for ref in refs(obligation.when):
            if ref.ruleset != self._law.id or ref.kind not in ("rule", "label"):
                continue
            rules = [ref.id] if ref.kind == "rule" else self._program.labelled(self._law, ref.id)
            for id_ in rules:
                if self._program.ref("rule", self._law.id, id_, self._state) is not False:
                    return id_
        return ""


def _has_drafts(law: Ruleset) -> bool:
    return any(_is_draft(r) for r in law.rules.values()) or any(
        o.basis == "draft_guidance" or any(map(_is_draft, o.unless)) for o in law.obligations.values()
    )


def _is_draft(rule: Rule) -> bool:
    return rule.basis == "draft_guidance" or any(map(_is_draft, rule.unless))


def _status(value: Truth, open_: Unknowns) -> Status:
    if value is not None:
        return "fires" if value else "not_firing"
    return "needs_counsel" if open_.judgements and not open_.facts else "undetermined"


def _classify(law: Ruleset, applies: Truth, labels: tuple[LabelOutcome, ...]) -> Classification:
    if applies is False:
        return Classification(OUT_OF_SCOPE, OUT_OF_SCOPE)
    floor = law.unlabelled if applies else OUT_OF_SCOPE
    certain = [x.label for x in labels if x.status == "certain"]
    possible = [x.label for x in labels if x.status != "excluded"]
    return Classification(
        max(certain, key=lambda x: x.rank, default=floor), max(possible, key=lambda x: x.rank, default=law.unlabelled)
    )


def _open_questions(
    spec: Spec, law: Ruleset, rules: tuple[Outcome, ...], obligations: tuple[ObligationOutcome, ...]
) -> tuple[OpenQuestion, ...]:
    """Open facts, those first that hold up the strongest labels and the most outcomes."""
    settles: dict[str, list[str]] = {}
    weight: dict[str, int] = {}
    for item, rank in _undetermined(law, rules, obligations):
        for fact in item.open.facts:
            settles.setdefault(fact, []).append(item.id)
            weight[fact] = max(weight.get(fact, 0), rank)
    order = sorted(settles, key=lambda f: (-weight[f], -len(settles[f])))
    return tuple(OpenQuestion(f, tuple(settles[f]), f in spec.answers) for f in order)


def _undetermined(
    law: Ruleset, rules: tuple[Outcome, ...], obligations: tuple[ObligationOutcome, ...]
) -> Iterator[tuple[Outcome | ObligationOutcome, int]]:
    for outcome in rules:
        if outcome.open:
            yield outcome, law.labels[outcome.rule.label].rank if outcome.rule.label else 0
    for owed in obligations:
        if owed.open:
            yield owed, 0


def _open_judgements(rules: tuple[Outcome, ...], obligations: tuple[ObligationOutcome, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(j for r in rules for j in r.open.judgements)
    found.update(dict.fromkeys(j for o in obligations for j in o.open.judgements))
    return tuple(found)
