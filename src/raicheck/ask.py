"""The interview's mind: which open question is worth asking next, and how much is left. Pure.

A question is worth asking if some answer changes what is at stake at once; where no question does, if it decides
something together with other open answers. Of these, ask what most that is undetermined needs next, and rather go on
with the topic at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Literal

from raicheck.answers import is_settled
from raicheck.dated import is_law
from raicheck.facts import settle_all
from raicheck.frozen import frozen
from raicheck.joint import Joint
from raicheck.logic import Program
from raicheck.model import Answer, Bank, Known, Obligation, Question, Rule, Ruleset, Spec, Subset
from raicheck.reach import followed, reach
from raicheck.references import conditions
from raicheck.stakes import Stake, Stakes
from raicheck.trials import Trials
from raicheck.worlds import State, Worlds, alone

Phase = Literal["classification", "obligations"]
PHASES: tuple[Phase, ...] = ("classification", "obligations")
_STAY = 2  # a question of the topic at hand counts so many times: measured in benchmarks/interview.py
_FEW, _MANY = 0.45, 1.25  # of the questions open now, so many will be asked: measured in benchmarks/interview.py
_EARLY, _MANY_EARLY = 5, 1.9  # with so few answers more questions will open than close, measured likewise
OPTIONS_PER_ANSWER = 8  # a multi-select costs one answer per so many options shown


@frozen
class Open:
    """Something undetermined with the facts it still hangs on."""

    stake: Stake
    facts: tuple[str, ...]


@frozen
class Step:
    """The question to ask next and what hangs on it.

    `decides`: it changes something by its answer alone, together with other open answers, or perhaps.
    """

    question: Question
    phase: Phase
    hangs: tuple[Stake, ...]
    decides: Literal["alone", "together", "perhaps"] = "alone"


def cost(question: Question) -> int:
    """What answering costs: one, a multi-select one per eight options shown."""
    return max(1, -(-len(question.options) // OPTIONS_PER_ANSWER)) if question.type == "many_of" else 1


class Interview:
    """What the rulesets `select` make worth asking. Build once per program, then ask for the step of any spec."""

    def __init__(self, program: Program, select: Iterable[str]) -> None:
        self.program = program
        self.laws = [program.rulesets.by_id[i] for i in select]
        self.order = {id_: i for i, id_ in enumerate(program.rulesets.bank.questions)}
        self.early = {f: float(t.early) for t in program.rulesets.bank.topics for f in t.questions}
        self.stakes = Stakes(program)
        self.trials = Trials(program)
        for law in self.laws:
            self._compile(law)

    def _compile(self, law: Ruleset) -> None:
        """Compile now what else is compiled when first evaluated, while somebody waits for the next question."""
        worlds = alone({}, {}, law.checked).worlds
        for rule in law.rules:
            self.program.named("rule", law.id, rule)(worlds)
        for owed in law.obligations.values():
            self.program.owed(law, owed)(worlds)
        for condition, _, _ in conditions(law):
            self.program.planes(condition, worlds)
        for place in worlds.memo:
            self.program.rests(place)

    def view(self, spec: Spec, as_of: date, before: View | None = None) -> View:
        """The interview at one point: `spec` as answered so far. Faster with the view before."""
        return View(self, spec, as_of, before)


class View:
    """What is open for one spec on one day."""

    def __init__(self, interview: Interview, spec: Spec, as_of: date, before: View | None = None) -> None:
        self._interview = interview
        self._program = interview.program
        self.spec = spec
        self._as_of = as_of
        self._determinations = {d.judgement: d.answer for d in spec.determinations if not d.lacks}
        facts, worlds = settle_all(interview.program, [spec.answers], [self._determinations], as_of)
        self.facts = facts[0]
        self._askable = frozenset(f for f in interview.order if self._is_open(f))
        self._facts: dict[Stake, tuple[str, ...]] = {}  # what stakes hang on
        self.state: State = State(reach(interview.program, worlds, self._askable, tuple(interview.order)))
        if before is not None and self._follows(before):
            self._keep(before)
        self._open: dict[Phase, tuple[Open, ...]] = {}

    def _keep(self, before: View) -> None:
        """Take over from the view before what the answers since then leave as it was."""
        known, now, was = self.facts.known, self.state.worlds, before.state.worlds
        changed = {f for f, k in known.items() if before.facts.known.get(f) != k}
        changed |= self.spec.answers.keys() ^ before.spec.answers.keys()
        if not all(self._program.arises(f, before.state) for f in changed):
            # that somebody would answer it all the same was not counted as possible: only what is determined stays
            now.keep(was, None, self._program.rests)
            return
        answered = changed | (before._askable - self._askable) | followed(now.possible, was.possible)
        now.keep(was, self._program.facts(answered), self._program.rests)
        self._facts = {s: facts for s, facts in before._facts.items() if changed.isdisjoint(facts)}
        ends = before.state.unknowns.items()
        self.state.unknowns.update((key, facts) for key, facts in ends if changed.isdisjoint(facts))

    def _follows(self, before: View) -> bool:
        """Whether all known before is still so and no more can be asked: then what was determined stays determined."""
        known = self.facts.known
        same = before._as_of == self._as_of and before._determinations == self._determinations
        same = same and before.spec.placements == self.spec.placements and self._askable <= before._askable
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
        """What of a phase is undetermined and hangs on unanswered questions."""
        found = self._open.get(phase)
        if found is None:
            stakes = self._classification() if phase == "classification" else self._obligations()
            found = self._open[phase] = tuple(o for o in map(self._opened, stakes) if o.facts)
        return found

    def _opened(self, stake: Stake) -> Open:
        facts = self._facts.get(stake)
        if facts is None:
            facts = self._interview.stakes.facts(stake, self.spec, self.state)
            facts = self._facts[stake] = tuple(f for f in facts if f in self._askable)
        return Open(stake, facts)

    def _is_open(self, fact: str) -> bool:
        """Not answered, also not with "not sure" or a part of the answer."""
        return fact not in self.spec.answers and not is_settled(self._derived(fact))

    def _derived(self, fact: str) -> Answer | None:
        known = self.facts.known.get(fact)
        if isinstance(known, Subset):
            question = self.bank.questions[fact]
            return Answer(known, known.has | known.lacks != question.option_ids)
        return None if known is None else Answer(known)

    def _classification(self) -> Iterator[Stake]:
        for law in self._interview.laws:
            if self._program.applies(law, self.state) is None:
                yield Stake("applies", law.id)
            for label in law.labels:
                if law.labels[label].severity == "minor":
                    continue  # nothing binding hangs on it; its rules come with the obligations
                if self._program.ref("label", law.id, label, self.state) is None:
                    for rule in self._program.labelled(law, label):
                        if self._program.ref("rule", law.id, rule, self.state) is None:
                            yield Stake("rule", law.id, rule)

    def _obligations(self) -> Iterator[Stake]:
        for law in self._interview.laws:
            if self._program.applies(law, self.state) is False:
                continue
            for rule in law.rules.values():
                if rule.label and is_law(law, rule, self._as_of):
                    yield from _hanging(law, rule, self._program.ref("rule", law.id, rule.id, self.state), "rule")
            for owed in law.obligations.values():
                if is_law(law, owed, self._as_of):
                    yield from _hanging(law, owed, self._program.obligation(law, owed, self.state), "obligation")

    def remaining(self, phase: Phase, skipped: Collection[str] = ()) -> tuple[int, int]:
        """About how many questions a phase still has, at least and at most: benchmarks/interview.py says how often."""
        count = len({f for item in self.open(phase) for f in item.facts if f not in skipped})
        many = _MANY_EARLY if len(self.spec.answers) < _EARLY else _MANY
        return min(count, max(1, round(_FEW * count))), round(many * count)

    # which question is useful

    def step(self, phase: Phase, skipped: Collection[str] = (), topic: str = "") -> Step | None:
        """The next question of a phase, from `topic` as long as that has a useful one; `skipped` ones are left out."""
        hangs: dict[str, list[Stake]] = {}
        weight: dict[str, float] = {}
        for item in self.open(phase):
            for place, fact in enumerate([f for f in item.facts if f not in skipped] if skipped else item.facts, 1):
                hangs.setdefault(fact, []).append(item.stake)
                weight[fact] = weight.get(fact, 0.0) + 1 / place  # a later place in line counts less
        ranked = self._ranked(weight, topic)
        useful = next((f for f in ranked if self.changes(f, hangs[f])), None)
        if useful is not None:
            return Step(self.bank.questions[useful], phase, tuple(hangs[useful]))
        ends = {o.stake: tuple(f for f in o.facts if f not in skipped) for o in self.open(phase)}
        state = self.state
        if skipped:
            state = State(reach(self._program, state.worlds, self._askable.difference(skipped)))
        joint = Joint(self._program, self._interview.stakes, self._interview.trials, state)
        useful, sure = joint.question({stake: facts for stake, facts in ends.items() if facts})
        if useful is None:
            return None
        return Step(self.bank.questions[useful], phase, tuple(hangs.get(useful, ())), "together" if sure else "perhaps")

    def step_for(self, fact: str) -> Step:
        """A question with what hangs on it, whether or not it is worth asking."""
        found: dict[Phase, tuple[Stake, ...]] = {
            phase: tuple(o.stake for o in self.open(phase) if fact in o.facts) for phase in PHASES
        }
        phase = next((p for p in PHASES if found[p]), PHASES[-1])
        return Step(self.bank.questions[fact], phase, found[phase])

    def _ranked(self, weight: Mapping[str, float], topic: str) -> list[str]:
        """Facts by how much that is open needs them next, those of the topic at hand twice, of some topics early."""
        order, early = self._interview.order, self._interview.early
        stay = {f: _STAY if f.startswith(f"{topic}.") else 1 for f in weight}
        return sorted(weight, key=lambda f: (-weight[f] * stay[f] * early[f], order[f]))

    def changes(self, fact: str, stakes: Collection[Stake]) -> bool:
        """Whether some answer to `fact` alone changes something at stake."""
        if any(s.kind == "launch" for s in stakes):
            return True
        movable, only = self._interview.stakes.movable, self.state.only(fact)
        may_differ = (s for s in stakes if movable(s, self.state.worlds) & only)
        if (first := next(may_differ, None)) is None:
            return False
        worlds = self._interview.trials.worlds(fact, self.state)
        return any(self._differs(s, worlds) for s in chain((first,), may_differ))

    def _differs(self, stake: Stake, worlds: Worlds) -> bool:
        """Whether what is undetermined now (or the day it starts) is something else in some of the worlds."""
        stakes = self._interview.stakes
        if stake.kind != "start":
            return any(stakes.planes(stake, worlds))
        now = stakes.start(stake, self.state)
        return any(stakes.start(stake, State(worlds, i)) != now for i in range(len(worlds.known)))

    def trials(self, fact: str) -> Iterator[Known]:
        """Answers that stand for all that may be given to a question."""
        return self._interview.trials.answers(fact, self.state.known, self._as_of)


def _hanging(
    law: Ruleset, item: Rule | Obligation, value: bool | None, kind: Literal["rule", "obligation"]
) -> Iterator[Stake]:
    if value is None:
        yield Stake(kind, law.id, item.id)
    elif value:
        yield Stake("start", law.id, item.id)
        if isinstance(item, Obligation):
            yield Stake("launch", law.id, item.id)
            yield Stake("met", law.id, item.id)
