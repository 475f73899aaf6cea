"""What is at stake with an answer: whether a law applies, a rule fires, an obligation is owed, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Literal

from raicheck import unknowns
from raicheck.dates import Start, start_of
from raicheck.frozen import frozen
from raicheck.holds import Holds, holds
from raicheck.kleene import Planes
from raicheck.leaves import behind, conditions_of, refs, tests
from raicheck.logic import Program
from raicheck.model import Condition, Obligation, Ref, Rule, Ruleset, Spec, Test
from raicheck.placements import launch
from raicheck.worlds import State, Worlds


@frozen
class Stake:
    """Whether a ruleset applies, a rule fires, an obligation is owed or met, or the day of its start or the launch."""

    kind: Literal["applies", "rule", "obligation", "start", "launch", "met"]
    ruleset: str
    id: str = ""


class Stakes:
    """What stakes are, hang on, and rest on, in the rulesets of a program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._holds: dict[Stake, Mapping[str, Sequence[Holds]]] = {}

    def law(self, stake: Stake) -> Ruleset:
        """The ruleset of a stake."""
        return self._program.rulesets.by_id[stake.ruleset]

    # what it is

    def planes(self, stake: Stake, worlds: Worlds) -> Planes:
        """Where it is so and where not; days have no such value."""
        match self._item(stake):
            case None:
                return 0, 0
            case Obligation() as owed:
                return self._program.owed(self.law(stake), owed)(worlds)
            case condition:
                return self._program.planes(condition, worlds)

    def start(self, stake: Stake, state: State) -> Start:
        """From when it bites."""
        law, item = self.law(stake), self._dated(stake)
        return start_of(self._program, law, item.start, item.enacted or law.enacted, state)

    def _dated(self, stake: Stake) -> Rule | Obligation:
        law = self.law(stake)
        return law.rules.get(stake.id) or law.obligations[stake.id]

    def _item(self, stake: Stake) -> Condition | Obligation | None:
        """What decides it."""
        law = self.law(stake)
        match stake.kind:
            case "applies":
                return law.applies
            case "rule":
                return Ref("rule", law.id, stake.id)
            case "obligation":
                return law.obligations[stake.id]
            case "met":
                return law.obligations[stake.id].met_when
            case _:
                return None

    def movable(self, stake: Stake, worlds: Worlds) -> int:
        """The worlds in which what is undetermined of it, or of the day it starts, may become determined."""
        if stake.kind != "start":
            yes, no = self.planes(stake, worlds)
            return yes | no
        found = (self._program.planes(case.when, worlds) for case in self._dated(stake).start)
        return reduce(or_, (yes | no for yes, no in found if not (yes | no) & worlds.features), 0)

    # what it hangs on

    def facts(self, stake: Stake, spec: Spec, state: State) -> tuple[str, ...]:
        """The facts at its unknown ends that can still be decided, in the order in which they are worth asking."""
        if stake.kind == "launch":
            return self._launch_facts(stake, spec)
        if stake.kind == "start":
            return tuple(dict.fromkeys(f for c in self._starts(stake, state) for f in c))
        return self.ends(stake, state)

    def ends(self, stake: Stake, state: State) -> tuple[str, ...]:
        """The same for what is so or not."""
        item = self._item(stake)
        if item is None or not state.is_open(self.planes(stake, state.worlds)):
            return ()
        if isinstance(item, Obligation):
            return unknowns.of_obligation(self._program, self.law(stake), item, state).facts
        return unknowns.of_condition(self._program, item, state).facts

    def _launch_facts(self, stake: Stake, spec: Spec) -> tuple[str, ...]:
        """The launch, where an obligation is due by then and the day of the launch is open."""
        law = self.law(stake)
        due, fact = law.obligations[stake.id].due, f"placement.{law.market}_first"
        if due.within or due.every or fact not in self._program.rulesets.bank.questions:
            return ()
        return (fact,) if launch(spec, law.market) == (None, None) else ()

    def _starts(self, stake: Stake, state: State) -> Iterator[tuple[str, ...]]:
        for case in self._dated(stake).start:
            yield unknowns.of_condition(self._program, case.when, state).facts
            if self._program.value(case.when, state):
                return

    # what it rests on

    def holds(self, stake: Stake) -> Mapping[str, Sequence[Holds]]:
        """The tests of each fact that it rests on, all the way down."""
        if stake not in self._holds:
            found: dict[str, list[Holds]] = {}
            rulesets = self._program.rulesets
            for test in self._tests(stake):
                question, law = rulesets.bank.questions[test.fact], rulesets.by_id.get(test.ruleset)
                found.setdefault(test.fact, []).append(holds(test, question, law))
            self._holds[stake] = found
        return self._holds[stake]

    def _tests(self, stake: Stake) -> Collection[Test]:
        rulesets = self._program.rulesets
        waiting = list(self._conditions(stake))
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

    def _conditions(self, stake: Stake) -> Iterator[Condition]:
        law, item = self.law(stake), self._item(stake)
        if isinstance(item, Ref):
            if item.kind == "rule" and self._program.is_gated(law, law.rules[item.id]):
                yield law.applies
            yield from behind(self._program.rulesets, item)
        elif isinstance(item, Obligation):
            yield from (law.applies, item.when, *(Ref("role", law.id, r) for r in item.roles))
            yield from (c for e in item.unless for c in conditions_of(e))
        elif item is not None:
            yield item
