"""Where no question changes anything by itself: whether one does together with others, or nothing decides it any more.

A search over the answers to what can still be asked, at each step to the first open question. What no answers decide
is found from the parts up, and left out of what rests on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from raicheck import unknowns
from raicheck.frozen import frozen
from raicheck.logic import Program
from raicheck.model import Ref, Truth
from raicheck.stakes import Stake, Stakes
from raicheck.trials import Trials
from raicheck.worlds import State

_LOOKAHEAD = 1_000  # questions tried before the search is given up
_UNCLEAR: Literal["unclear"] = "unclear"


@frozen
class _Pivot:
    """A question whose answer alone changes something, once some others are answered."""

    fact: str


_Found = _Pivot | Truth | Literal["unclear"]


class Joint:
    """What can still be decided for one spec; `is_askable` says which questions are open to be asked."""

    def __init__(self, program: Program, stakes: Stakes, trials: Trials, state: State) -> None:
        self._program = program
        self._stakes = stakes
        self._trials = trials
        self._state = state
        self._decidable: set[Stake | Ref] = set()
        self._undecidable: set[Stake | Ref] = set()  # what is one thing, or unknown, whatever is answered
        self._unknowable: set[Stake | Ref] = set()  # unknown
        self._undecidable_refs: set[Ref] = set()

    def keep(self, before: Joint) -> None:
        """Take over what stays unknown whatever is answered: it does so too where less can be known."""
        self._unknowable |= before._unknowable
        for stake in self._unknowable:
            self._give_up(stake)

    def question(self, stakes: Iterable[Stake], is_askable: Callable[[str], bool]) -> tuple[str | None, bool]:
        """A question that decides something together with others; where that is not clear (False), one that might."""
        self._is_askable = is_askable
        self._to_ask: dict[Stake | Ref, tuple[str, ...]] = {}
        self._tries = _LOOKAHEAD
        unclear = None
        for stake in stakes:
            if stake.kind in ("start", "launch") or stake in self._undecidable:
                continue
            found = self._search(stake)
            if isinstance(found, _Pivot):
                return self._to_ask_first(found.fact), True
            if found is _UNCLEAR:
                unclear = unclear or self._next_open(stake, self._state)
        return unclear, unclear is None

    def _search(self, stake: Stake | Ref) -> _Found:
        """The same for one stake, after the parts that it rests on."""
        for ref in self._stakes.parts(stake):
            undetermined = self._state.truth(self._stakes.planes(ref, self._state.worlds)) is None
            if undetermined and ref not in self._undecidable and ref not in self._decidable:
                self._search(ref)
        found = self._pivot(stake, self._state)
        if isinstance(found, _Pivot):
            self._decidable.add(stake)
        elif found is not _UNCLEAR:
            self._give_up(stake)
            if found is None:
                self._unknowable.add(stake)
        return found

    def _give_up(self, stake: Stake | Ref) -> None:
        """No answers decide it: nor does anything that only hangs on it matter."""
        self._undecidable.add(stake)
        if isinstance(stake, Ref):
            self._undecidable_refs.add(stake)
        elif stake.kind == "rule":
            self._undecidable_refs.add(Ref("rule", stake.ruleset, stake.id))

    def _pivot(self, stake: Stake | Ref, now: State) -> _Found:
        """A question that changes it once other open ones are answered, else what it is anyhow."""
        fact = self._next_open(stake, now)
        if fact is None:
            return None
        if self._tries <= 0:
            return _UNCLEAR
        self._tries -= 1
        worlds = self._trials.worlds(fact, now, self._stakes.holds(stake).get(fact, ()))
        planes = self._stakes.planes(stake, worlds)
        values = set()
        for state in (State(worlds, i) for i in range(len(worlds.known))):
            value = state.truth(planes)
            found = self._pivot(stake, state) if value is None else value
            if isinstance(found, _Pivot):
                return found
            values.add(found)
        if _UNCLEAR in values:
            return _UNCLEAR
        return _Pivot(fact) if len(values) > 1 else values.pop()

    def _next_open(self, stake: Stake | Ref, now: State) -> str | None:
        """The first question that it hangs on and that can be asked."""
        if not any(self._may_be_asked(f, now) for f in self._candidates(stake)):
            return None
        found = self._stakes.walk(stake, now, self._undecidable_refs)
        return next((f for f in found if f not in now.known and self._is_askable(f)), None)

    def _candidates(self, stake: Stake | Ref) -> tuple[str, ...]:
        """The questions that can be asked of those that it rests on."""
        if stake not in self._to_ask:
            facts = self._stakes.holds(stake)
            self._to_ask[stake] = tuple(f for f in facts if self._is_askable(f) and self._may_be_asked(f, self._state))
        return self._to_ask[stake]

    def _may_be_asked(self, fact: str, now: State) -> bool:
        return fact not in now.known and self._program.arises(fact, now) is not False

    def _to_ask_first(self, fact: str) -> str | None:
        """The fact, or where it is open whether its question arises, one that decides that."""
        gate = self._program.rulesets.bank.questions[fact].only_if
        if gate is None or self._program.value(gate, self._state) is not None:
            return fact
        before = unknowns.of_condition(self._program, gate, self._state).facts
        return next((f for f in before if self._is_askable(f)), None)
