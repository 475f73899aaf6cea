"""The interview's mind: which open question is worth asking next, and how much is left. Pure.

A question is worth asking if some answer changes an outcome at once; where no question does, if it decides one
together with other open answers. Of these, ask what most undetermined outcomes need next, and rather go on with the
topic at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from raicheck import unknowns
from raicheck.answers import is_settled
from raicheck.dated import dated_value, is_law
from raicheck.dates import Start, start_of
from raicheck.facts import settle_all
from raicheck.frozen import frozen
from raicheck.holds import Holds, holds
from raicheck.kleene import Planes
from raicheck.leaves import behind, conditions_of, refs, tests
from raicheck.logic import Program
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
    Ref,
    Rule,
    Ruleset,
    Rulesets,
    Scalar,
    Spec,
    Subset,
    Test,
    Text,
    Truth,
)
from raicheck.placements import launch
from raicheck.references import conditions
from raicheck.worlds import State, Worlds

Phase = Literal["classification", "obligations"]
PHASES: tuple[Phase, ...] = ("classification", "obligations")
_LOOKAHEAD = 300  # questions tried to see whether one decides something together with others
_STAY = 2  # a question of the topic at hand counts so many times: measured in benchmarks/interview.py
_FEW, _MANY = 0.55, 1.2  # of the questions open now, so many will be asked: measured in benchmarks/interview.py
UNCLEAR: Literal["unclear"] = "unclear"  # the search was given up
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
class Pivot:
    """A question whose answer alone changes an outcome, once some others are answered."""

    fact: str


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
        self._holds: dict[Outcome, Mapping[str, Sequence[Holds]]] = {}
        self.implying = {t.fact for i in program.rulesets.bank.implications for t in tests(i.when)}

    def holds(self, outcome: Outcome) -> Mapping[str, Sequence[Holds]]:
        """The tests of each fact that an outcome hangs on, all the way down."""
        if outcome not in self._holds:
            found: dict[str, list[Holds]] = {}
            for test in self._tests(outcome):
                question = self.program.rulesets.bank.questions[test.fact]
                law = self.program.rulesets.by_id.get(test.ruleset)
                found.setdefault(test.fact, []).append(holds(test, question, law))
            self._holds[outcome] = found
        return self._holds[outcome]

    def _tests(self, outcome: Outcome) -> Collection[Test]:
        rulesets = self.program.rulesets
        waiting = list(self._conditions(rulesets.by_id[outcome.ruleset], outcome))
        seen: set[Ref] = set()
        found: dict[Test, None] = {}
        while waiting:
            condition = waiting.pop()
            for ref in refs(condition):
                if ref not in seen:
                    seen.add(ref)
                    waiting += behind(rulesets, ref)
            for test in tests(condition):
                gate = rulesets.bank.questions[test.fact].only_if
                if test not in found and gate is not None:
                    waiting.append(gate)
                found[test] = None
        return found

    def _conditions(self, law: Ruleset, outcome: Outcome) -> Iterator[Condition]:
        yield law.applies
        if outcome.kind == "rule":
            yield Ref("rule", law.id, outcome.id)
        elif outcome.kind != "applies":
            owed = law.obligations[outcome.id]
            yield from (owed.when, *(Ref("role", law.id, r) for r in owed.roles))
            yield from (c for e in owed.unless for c in conditions_of(e))

    def view(self, spec: Spec, as_of: date, before: View | None = None) -> View:
        """The interview at one point: `spec` as answered so far. Faster with the view before."""
        return View(self, spec, as_of, before)


class View:
    """What is open for one spec on one day."""

    def __init__(self, interview: Interview, spec: Spec, as_of: date, before: View | None = None) -> None:
        self._interview = interview
        self._program = interview.program
        self._spec = spec
        self._determinations = {d.judgement: d.answer for d in spec.determinations if not d.lacks}
        self._as_of = as_of
        facts, worlds = settle_all(interview.program, [spec.answers], [self._determinations], as_of)
        self.facts = facts[0]
        self.state = State(worlds)
        self._undecidable: set[Outcome] = set()  # what no further answers decide
        self._blocked: set[Ref] = set()  # the rules among them
        if before is not None and self._follows(before):
            worlds.keep(before.state)
            if self._unsure == before._unsure:
                self._undecidable.update(before._undecidable)
                self._blocked.update(before._blocked)
        self._open: dict[Phase, tuple[Open, ...]] = {}

    @property
    def _unsure(self) -> set[str]:
        return {f for f, answer in self._spec.answers.items() if not is_settled(answer)}

    def _follows(self, before: View) -> bool:
        """Whether everything known before is still so: then what was determined stays determined."""
        known = self.facts.known
        same = before._as_of == self._as_of and before._determinations == self._determinations
        return same and all(known.get(f) == k for f, k in before.facts.known.items())

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
                if rule.label and is_law(law, rule, self.state.as_of):
                    yield from self._hanging(law, rule, self._program.ref("rule", law.id, rule.id, self.state), "rule")
            for owed in law.obligations.values():
                if is_law(law, owed, self.state.as_of):
                    yield from self._hanging(law, owed, self._program.obligation(law, owed, self.state), "obligation")

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
        useful = next((f for f in ranked if self.changes(f, hangs[f])), None)
        if useful is None:
            useful = self._joint([o.outcome for o in self.open(phase)], skipped)
        return None if useful is None else Step(self.bank.questions[useful], phase, tuple(hangs.get(useful, ())))

    def _joint(self, outcomes: Iterable[Outcome], skipped: Collection[str]) -> str | None:
        """A question that decides an outcome together with others; where that is not clear, one that might."""
        self._tries = _LOOKAHEAD
        unclear = None
        for outcome in outcomes:
            if outcome.kind in ("start", "launch") or outcome in self._undecidable:
                continue
            found = self._pivot(outcome, self.state, skipped)
            if isinstance(found, Pivot):
                return self._to_ask_first(found.fact, skipped)
            if found is UNCLEAR:
                unclear = unclear or self._next_open(outcome, self.state, skipped)
            else:
                self._give_up(outcome)
        return unclear

    def _give_up(self, outcome: Outcome) -> None:
        """No further answers decide an outcome: nor is anything worth asking because of it."""
        self._undecidable.add(outcome)
        if outcome.kind == "rule":
            self._blocked.add(Ref("rule", outcome.ruleset, outcome.id))

    def _to_ask_first(self, fact: str, skipped: Collection[str]) -> str | None:
        """The fact, or where it is open whether its question arises, the one that decides that."""
        gate = self.bank.questions[fact].only_if
        if gate is None or self._program.value(gate, self.state) is not None:
            return fact
        before = unknowns.of_condition(self._program, gate, self.state).facts
        return next((f for f in before if f not in skipped and self._is_askable(f)), None)

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
        trials = self._trials(fact, self.state)
        return any(self._differs(o, trials) for o in outcomes)

    def _differs(self, outcome: Outcome, trials: Worlds) -> bool:
        """Whether an outcome that is undetermined now (or when it starts) is another one in some of the worlds."""
        if outcome.kind != "start":
            yes, no = self._planes(outcome, trials)
            return bool(yes | no)
        now = self._start(outcome, self.state)
        return any(self._start(outcome, State(trials, i)) != now for i in range(len(trials.known)))

    def _planes(self, outcome: Outcome, worlds: Worlds) -> Planes:
        program, law = self._program, self.law(outcome.ruleset)
        match outcome.kind:
            case "applies":
                return program.planes(law.applies, worlds)
            case "rule":
                return program.named("rule", law.id, outcome.id)(worlds)
            case "obligation":
                return program.owed(law, law.obligations[outcome.id])(worlds)
            case "met":
                met = law.obligations[outcome.id].met_when
                return (0, 0) if met is None else program.planes(met, worlds)
            case _:
                return 0, 0

    def _start(self, outcome: Outcome, state: State) -> Start:
        law = self.law(outcome.ruleset)
        item = law.rules.get(outcome.id) or law.obligations[outcome.id]
        return start_of(self._program, law, item.start, item.enacted or law.enacted, state)

    def _pivot(self, outcome: Outcome, now: State, skipped: Collection[str]) -> Pivot | Truth | Literal["unclear"]:
        """A question that changes an outcome once other open ones are answered, else what the outcome is anyhow."""
        fact = self._next_open(outcome, now, skipped)
        if fact is None:
            return None
        if self._tries <= 0:
            return UNCLEAR
        self._tries -= 1
        worlds = self._trials(fact, now, outcome)
        planes = self._planes(outcome, worlds)
        values = set()
        for state in (State(worlds, i) for i in range(len(worlds.known))):
            value = state.truth(planes)
            found = self._pivot(outcome, state, skipped) if value is None else value
            if isinstance(found, Pivot):
                return found
            values.add(found)
        if UNCLEAR in values:
            return UNCLEAR
        return Pivot(fact) if len(values) > 1 else values.pop()

    def _next_open(self, outcome: Outcome, now: State, skipped: Collection[str]) -> str | None:
        """The first question that an outcome hangs on and that can be asked."""
        law = self.law(outcome.ruleset)
        if not any(self._may_be_asked(f, now, skipped) for f in self._interview.holds(outcome)):
            return None
        items: dict[str, Condition | Rule | Obligation | None] = {
            "applies": law.applies,
            "rule": law.rules.get(outcome.id),
            "obligation": law.obligations.get(outcome.id),
            "met": law.obligations[outcome.id].met_when if outcome.kind == "met" else None,
        }
        item = items[outcome.kind]
        found = () if item is None else unknowns.open_facts(self._program, law, item, now, self._blocked)
        return next((f for f in found if f not in skipped and f not in now.known and self._is_askable(f)), None)

    def _may_be_asked(self, fact: str, now: State, skipped: Collection[str]) -> bool:
        open_ = fact not in now.known and fact not in skipped and self._is_askable(fact)
        return open_ and self._program.arises(fact, now) is not False

    def _trials(self, fact: str, now: State, outcome: Outcome | None = None) -> Worlds:
        """What would be known with each answer to `fact` (that makes a difference to `outcome`).

        What is determined now stays so in all of them.
        """
        answers = self.trials(fact, now.known)
        if outcome is not None and fact not in self._interview.implying:
            answers = self._distinct(fact, answers, outcome)
        known = [{**now.known, fact: k} for k in answers]
        if fact in self._interview.implying:
            given = [{f: Answer(k) for f, k in one.items()} for one in known]
            settled = settle_all(self._program, given, [self._determinations] * len(known), self._as_of)[0]
            known = [dict(one.known) for one in settled]
        return Worlds(known, [self._determinations] * len(known), self._as_of, now)

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

    def _distinct(self, fact: str, answers: Iterable[Known], outcome: Outcome) -> Iterator[Known]:
        """Of answers that all that an outcome hangs on takes alike, one."""
        seen: set[tuple[Truth, ...]] = set()
        holds_for = self._interview.holds(outcome).get(fact, ())
        for answer in answers:
            values = tuple(h(answer, self._as_of) for h in holds_for)
            if values not in seen:
                seen.add(values)
                yield answer

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
