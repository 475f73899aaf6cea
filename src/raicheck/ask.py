"""The interview's mind: which open question is worth asking next, and how much is left. Pure.

A question is worth asking if some answer changes an outcome at once; where no question does, if it decides one
together with other open answers. Of these, ask what most undetermined outcomes need next, and rather go on with the
topic at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from raicheck import unknowns
from raicheck.answers import is_settled
from raicheck.dates import start_of
from raicheck.facts import settle
from raicheck.frozen import frozen
from raicheck.logic import Program, State, dated_value, is_law, tests
from raicheck.model import (
    Answer,
    Bank,
    Bound,
    Choice,
    Condition,
    Interval,
    Known,
    Obligation,
    Question,
    Rule,
    Ruleset,
    Rulesets,
    Scalar,
    Spec,
    Subset,
    Text,
)
from raicheck.placements import launch
from raicheck.references import conditions

Phase = Literal["classification", "obligations"]
PHASES: tuple[Phase, ...] = ("classification", "obligations")
_LOOKAHEAD = 30  # states tried to see whether a question decides something together with others
_STAY = 2  # a question of the topic at hand counts so many times: measured in benchmarks/interview.py
_FEW, _MANY = 0.55, 1.2  # of the questions open now, so many will be asked: measured in benchmarks/interview.py
OPTIONS_PER_ANSWER = 8  # a multi-select costs one answer per so many options shown


@frozen
class Outcome:
    """Something a question may change: whether a ruleset applies, a rule fires, an obligation is owed, from when."""

    kind: Literal["applies", "rule", "obligation", "start", "launch", "met"]
    ruleset: str
    id: str = ""


@frozen
class Open:
    """An undetermined outcome with the facts it still hangs on."""

    outcome: Outcome
    facts: tuple[str, ...]


@frozen
class Step:
    """The question to ask next and the open outcomes that hang on it."""

    question: Question
    phase: Phase
    hangs: tuple[Outcome, ...]


def cost(question: Question) -> int:
    """What answering costs: one, a multi-select one per eight options shown."""
    return max(1, -(-len(question.options) // OPTIONS_PER_ANSWER)) if question.type == "many_of" else 1


class Interview:
    """What the rulesets `select` make worth asking. Build once per program, then ask for the step of any spec."""

    def __init__(self, program: Program, select: Iterable[str]) -> None:
        self.program = program
        self.laws = [program.rulesets.by_id[i] for i in select]
        self.order = {id_: i for i, id_ in enumerate(program.rulesets.bank.questions)}
        self.bounds = _bounds(program.rulesets)
        self.implying = {t.fact for i in program.rulesets.bank.implications for t in tests(i.when)}

    def view(self, spec: Spec, as_of: date, before: View | None = None) -> View:
        """The interview at one point: `spec` as answered so far. Faster with the view before."""
        return View(self, spec, as_of, before)


class View:
    """What is open for one spec on one day."""

    def __init__(self, interview: Interview, spec: Spec, as_of: date, before: View | None = None) -> None:
        self._interview = interview
        self._program = interview.program
        self._spec = spec
        self._determinations = {d.judgement: d.answer for d in spec.determinations}
        self._as_of = as_of
        self.facts = settle(interview.program, spec.answers, as_of)
        self.state = self._state(self.facts.known)
        self._owed: dict[tuple[str, str], bool] = {}  # obligations that are determined
        self._idle: set[tuple[str, Outcome]] = (
            set()
        )  # questions that do not decide an outcome, whatever else is answered
        if before is not None and self._follows(before):
            self.state.memo.update((k, v) for k, v in before.state.memo.items() if v is not None)
            self._owed.update(before._owed)
            self._idle.update(before._idle)
        self._open: dict[Phase, tuple[Open, ...]] = {}

    def _follows(self, before: View) -> bool:
        """Whether everything known before is still so: then what was determined stays determined."""
        known = self.facts.known
        same = before._as_of == self._as_of and before._determinations == self._determinations
        return same and all(known.get(f) == k for f, k in before.facts.known.items())

    def _state(self, known: Mapping[str, Known]) -> State:
        return State(known, self._determinations, self._as_of)

    @property
    def bank(self) -> Bank:
        """The questions."""
        return self._program.rulesets.bank

    def law(self, ruleset: str) -> Ruleset:
        """A ruleset by its id."""
        return self._program.rulesets.by_id[ruleset]

    # what is open

    def open(self, phase: Phase) -> tuple[Open, ...]:
        """The undetermined outcomes of a phase that hang on unanswered questions."""
        found = self._open.get(phase)
        if found is None:
            outcomes = self._classification() if phase == "classification" else self._obligations()
            found = self._open[phase] = tuple(o for o in map(self._opened, outcomes) if o.facts)
        return found

    def _opened(self, outcome: Outcome) -> Open:
        facts = self._facts_of(outcome)
        return Open(outcome, tuple(f for f in facts if self._is_askable(f)))

    def _is_askable(self, fact: str) -> bool:
        """Not answered, also not with "not sure" or a part of the answer."""
        return fact not in self._spec.answers and not is_settled(self._derived(fact))

    def _derived(self, fact: str) -> Answer | None:
        known = self.facts.known.get(fact)
        if isinstance(known, Subset):
            question = self.bank.questions[fact]
            return Answer(known, known.has | known.lacks != question.option_ids)
        return None if known is None else Answer(known)

    def _classification(self) -> Iterator[Outcome]:
        for law in self._interview.laws:
            if self._program.applies(law, self.state) is None:
                yield Outcome("applies", law.id)
            for label in law.labels:
                if law.labels[label].severity == "minor":
                    continue  # nothing binding hangs on it; its rules come with the obligations
                if self._program.ref("label", law.id, label, self.state) is None:
                    for rule in self._program.labelled(law, label):
                        if self._program.ref("rule", law.id, rule, self.state) is None:
                            yield Outcome("rule", law.id, rule)

    def _obligations(self) -> Iterator[Outcome]:
        for law in self._interview.laws:
            if self._program.applies(law, self.state) is False:
                continue
            for rule in law.rules.values():
                if rule.label and is_law(law, rule, self.state):
                    yield from self._hanging(law, rule, self._program.ref("rule", law.id, rule.id, self.state), "rule")
            for obligation in law.obligations.values():
                if is_law(law, obligation, self.state):
                    yield from self._hanging(law, obligation, self._is_owed(law, obligation), "obligation")

    def _is_owed(self, law: Ruleset, obligation: Obligation) -> bool | None:
        key = (law.id, obligation.id)
        if key in self._owed:
            return self._owed[key]
        value = self._program.obligation(law, obligation, self.state)
        if value is not None:
            self._owed[key] = value
        return value

    def _hanging(
        self, law: Ruleset, item: Rule | Obligation, value: bool | None, kind: Literal["rule", "obligation"]
    ) -> Iterator[Outcome]:
        if value is None:
            yield Outcome(kind, law.id, item.id)
        elif value:
            yield Outcome("start", law.id, item.id)
            if isinstance(item, Obligation):
                yield Outcome("launch", law.id, item.id)
                yield Outcome("met", law.id, item.id)

    def _facts_of(self, outcome: Outcome) -> tuple[str, ...]:
        program, state = self._program, self.state
        law = self.law(outcome.ruleset)
        match outcome.kind:
            case "applies":
                return unknowns.of_condition(program, law.applies, state).facts
            case "rule":
                return unknowns.of_rule(program, law, law.rules[outcome.id], state).facts
            case "obligation":
                return unknowns.of_obligation(program, law, law.obligations[outcome.id], state).facts
            case "met":
                met = law.obligations[outcome.id].met_when
                return () if met is None else unknowns.of_condition(program, met, state).facts
            case "launch":
                return self._launch_facts(law, law.obligations[outcome.id])
            case "start":
                return tuple(dict.fromkeys(f for c in self._starts(law, outcome) for f in c))

    def _launch_facts(self, law: Ruleset, obligation: Obligation) -> tuple[str, ...]:
        """The launch, where an obligation is due by then and the day of the launch is open."""
        fact = f"placement.{law.market}_first"
        if obligation.due.within or obligation.due.every or fact not in self.bank.questions:
            return ()
        return (fact,) if launch(self._spec, law.market) == (None, None) else ()

    def _starts(self, law: Ruleset, outcome: Outcome) -> Iterator[tuple[str, ...]]:
        item = law.rules.get(outcome.id) or law.obligations[outcome.id]
        for case in item.start:
            yield unknowns.of_condition(self._program, case.when, self.state).facts
            if self._program.value(case.when, self.state):
                return

    def remaining(self, phase: Phase, skipped: Collection[str] = ()) -> tuple[int, int]:
        """About how many questions a phase still has, at least and at most: benchmarks/interview.py says how often."""
        facts: dict[str, None] = {}
        firsts: dict[str, None] = {}
        for item in self.open(phase):
            here = [f for f in item.facts if f not in skipped]
            facts.update(dict.fromkeys(here))
            firsts.update(dict.fromkeys(here[:1]))
        return max(len(firsts), round(_FEW * len(facts))), max(len(firsts), round(_MANY * len(facts)))

    # which question is useful

    def step(self, phase: Phase, skipped: Collection[str] = (), topic: str = "") -> Step | None:
        """The next question of a phase, from `topic` as long as that has a useful one; `skipped` ones are left out."""
        hangs: dict[str, list[Outcome]] = {}
        for item in self.open(phase):
            for fact in item.facts:
                if fact not in skipped:
                    hangs.setdefault(fact, []).append(item.outcome)
        ranked = self._ranked(hangs, phase, topic)
        for is_useful in (self.changes, self.decides):
            for fact in ranked:
                if is_useful(fact, hangs[fact]):
                    return Step(self.bank.questions[fact], phase, tuple(hangs[fact]))
        return None

    def step_for(self, fact: str) -> Step:
        """A question with what hangs on it, whether or not it is worth asking."""
        found: dict[Phase, tuple[Outcome, ...]] = {
            phase: tuple(o.outcome for o in self.open(phase) if fact in o.facts) for phase in PHASES
        }
        phase = next((p for p in PHASES if found[p]), PHASES[-1])
        return Step(self.bank.questions[fact], phase, found[phase])

    def _ranked(self, hangs: Mapping[str, list[Outcome]], phase: Phase, topic: str) -> list[str]:
        """Facts by how many open outcomes need them next (a later place in line counts less), the topic's twice."""
        weight = dict.fromkeys(hangs, 0.0)
        for item in self.open(phase):
            for place, fact in enumerate((f for f in item.facts if f in hangs), 1):
                weight[fact] += 1 / place
        order = self._interview.order
        return sorted(hangs, key=lambda f: (-weight[f] * (_STAY if f.startswith(f"{topic}.") else 1), order[f]))

    def changes(self, fact: str, outcomes: Collection[Outcome]) -> bool:
        """Whether some answer to `fact` alone changes one of the outcomes."""
        if any(o.kind == "launch" for o in outcomes):
            return True
        before = [self.value(o, self.state) for o in outcomes]
        for known in self.trials(fact, self.state.known):
            state = self._with(fact, known, self.state)
            if any(self.value(o, state) != was for o, was in zip(outcomes, before, strict=True)):
                return True
        return False

    def value(self, outcome: Outcome, state: State) -> object:
        """What an outcome is in a state; None while it is undetermined."""
        program = self._program
        law = self.law(outcome.ruleset)
        match outcome.kind:
            case "applies":
                return program.applies(law, state)
            case "rule":
                return program.ref("rule", law.id, outcome.id, state)
            case "obligation":
                return program.obligation(law, law.obligations[outcome.id], state)
            case "met":
                met = law.obligations[outcome.id].met_when
                return None if met is None else program.value(met, state)
            case "start":
                item = law.rules.get(outcome.id) or law.obligations[outcome.id]
                return start_of(program, law, item.start, item.enacted or law.enacted, state)
            case "launch":
                return None

    def decides(self, fact: str, outcomes: Collection[Outcome]) -> bool:
        """Whether there are answers to other open questions with which `fact` changes one of the outcomes."""
        self._tries = _LOOKAHEAD
        return any(o.kind != "start" and self._decides(fact, o) for o in outcomes)

    def _decides(self, fact: str, outcome: Outcome) -> bool:
        if (fact, outcome) in self._idle:
            return False
        found = self._search(fact, outcome, self.state)
        if not found:
            self._idle.add((fact, outcome))
        return found

    def _search(self, fact: str, outcome: Outcome, now: State) -> bool:
        states = [self._with(fact, k, now) for k in self.trials(fact, now.known)]
        self._tries -= len(states)
        values = [self.value(outcome, s) for s in states]
        undetermined = [s for s, v in zip(states, values, strict=True) if v is None]
        if len(set(values) - {None}) > 1:
            return True
        if not undetermined:
            return False
        other = next((f for s in undetermined if (f := self._next_open(fact, outcome, s))), None)
        if other is None:
            return len(undetermined) < len(states)
        if self._tries <= 0:
            return True  # not settled within the budget: rather ask
        return any(self._search(fact, outcome, self._with(other, k, now)) for k in self.trials(other, now.known))

    def _next_open(self, fact: str, outcome: Outcome, state: State) -> str | None:
        """The first other question that the outcome hangs on and that can be asked."""
        law = self.law(outcome.ruleset)
        items: dict[str, Condition | Rule | Obligation | None] = {
            "applies": law.applies,
            "rule": law.rules.get(outcome.id),
            "obligation": law.obligations.get(outcome.id),
        }
        item = items.get(outcome.kind)
        if item is None:
            return None
        found = unknowns.open_facts(self._program, law, item, state)
        return next((f for f in found if f != fact and self._is_askable(f)), None)

    def _with(self, fact: str, known: Known, now: State) -> State:
        """What would be known with one more answer. What is determined now stays so: it is not computed again."""
        if fact in self._interview.implying:
            answers = {k: Answer(v) for k, v in now.known.items()}
            then = self._state(settle(self._program, {**answers, fact: Answer(known)}, self._as_of).known)
        else:
            then = self._state({**now.known, fact: known})
        then.memo.update((k, v) for k, v in now.memo.items() if v is not None)
        return then

    def trials(self, fact: str, known: Mapping[str, Known]) -> Iterator[Known]:
        """Answers that stand for all: each option alone, none; for numbers and dates one between any two limits."""
        question = self.bank.questions[fact]
        already = known.get(fact)
        match question.type:
            case "yes_no" | "one_of":
                possible = already.possible if isinstance(already, Choice) else question.option_ids
                yield from (Choice(frozenset({o})) for o in sorted(possible))
            case "many_of":
                has, lacks = (already.has, already.lacks) if isinstance(already, Subset) else (frozenset(), frozenset())
                for one in (frozenset(), *(frozenset({o.id}) for o in question.options if o.id not in has | lacks)):
                    yield Subset(has | one, question.option_ids - has - one)
            case "text":
                yield Text("-")
            case _:
                yield from (Interval(v, v) for v in self._points(fact))

    def _points(self, fact: str) -> list[Scalar]:
        limits = {x for law, bound in self._interview.bounds.get(fact, ()) for x in self._limits(law, bound)}
        day = self.bank.questions[fact].type == "date"
        near: list[Scalar] = [] if limits else [date(2000, 1, 1) if day else Decimal(0)]
        for limit in sorted(limits):
            near += _around(limit)
        return near

    def _limits(self, law: Ruleset | None, bound: Bound) -> Iterator[Scalar]:
        if not isinstance(bound.limit, str):
            yield bound.limit
        elif law is not None and (value := dated_value(law.dates.get(bound.limit, ()), self._as_of)):
            yield from (d for d in (value.day, *(r.day for r in value.readings)) if d)


def _around(limit: Scalar) -> list[Scalar]:
    if isinstance(limit, date):
        return [limit - timedelta(days=1), limit, limit + timedelta(days=1)]
    return [limit - 1, limit, limit + 1]


def _bounds(rulesets: Rulesets) -> dict[str, list[tuple[Ruleset | None, Bound]]]:
    """Every limit that a number or date is compared with."""
    found: dict[str, list[tuple[Ruleset | None, Bound]]] = {}
    gates = [q.only_if for q in rulesets.bank.questions.values() if q.only_if is not None]
    gates += [i.when for i in rulesets.bank.implications]
    everything: list[tuple[Ruleset | None, Condition]] = [(None, gate) for gate in gates]
    everything += [(law, c) for law in rulesets.by_id.values() for c, _, _ in conditions(law)]
    for law, condition in everything:
        for test in tests(condition):
            for bound in test.bounds:
                found.setdefault(test.fact, []).append((law, bound))
    return found
