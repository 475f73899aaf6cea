"""What is known of features, several side by side: all are evaluated in one pass, a bit each.

A check evaluates many specs, the interview every answer to a question: a condition costs little more for sixty of
them than for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from operator import not_
from typing import Any

from raicheck.frozen import frozen
from raicheck.holds import Holds
from raicheck.kleene import Planes
from raicheck.model import Known, Ref, Truth

Follows = Sequence[tuple[Known | None, int]]
"""What may follow of a fact (None: anything), and where."""


@frozen
class Possible:
    """Facts of which anything may still become known, and what may follow of others."""

    askable: Set[str]
    follows: Mapping[str, Follows]

    def planes(self, fact: str, holds: Holds, as_of: date, open_: int, asked: int) -> Planes:
        """Where a test that is open may still become true, and where false; `asked`: where the question arises."""
        yes = no = open_ & asked if fact in self.askable else 0
        for known, where in self.follows.get(fact, ()):
            value = None if known is None else holds(known, as_of)
            if value or known is None:
                yes |= where & open_
            if value is False or known is None:
                no |= where & open_
        return yes, no


class Worlds:
    """Several features (or one with several answers) on one day, and whether draft guidance counts.

    `before` is a world of which all of these know more: what is determined there is so here. With `possible`, what
    may still become known counts as well, see reach.py.
    """

    __slots__ = (
        "_determined",
        "_groups",
        "_on_text",
        "as_of",
        "before",
        "changed",
        "determinations",
        "everywhere",
        "known",
        "memo",
        "possible",
        "starts",
        "text_alone",
        "with_drafts",
    )

    def __init__(
        self,
        known: Sequence[Mapping[str, Known]],
        determinations: Sequence[Mapping[str, bool]],
        as_of: date,
        before: State | None = None,
        with_drafts: Worlds | None = None,
        possible: Possible | None = None,
        changed: Set[str] | None = None,
    ) -> None:
        self.known = known
        self.as_of = as_of
        self.before = before
        self.with_drafts = with_drafts  # the same worlds with draft guidance, if these are on the text alone
        self.text_alone = with_drafts is not None
        self.possible = possible
        self.changed = changed  # the facts that are not as in the world before, if that is known
        self.everywhere = (1 << len(known)) - 1
        self.memo: dict[int, Planes] = {}  # what logic.py remembers
        self.starts: dict[object, Any] = {}  # what dates.py remembers
        self.determinations = determinations
        self._determined: dict[str, Planes] = {}
        self._groups: dict[str, tuple[tuple[Known, int], ...]] = {}
        self._on_text: Worlds | None = None
        for index, of_one in enumerate(determinations):
            for name, answer in of_one.items():
                yes, no = self._determined.get(name, (0, 0))
                self._determined[name] = (yes | 1 << index, no) if answer else (yes, no | 1 << index)

    def on_text_alone(self) -> Worlds:
        """The same worlds without draft guidance."""
        if self._on_text is None:
            self._on_text = Worlds(self.known, self.determinations, self.as_of, with_drafts=self)
        return self._on_text

    def determined(self, judgement: str) -> Planes:
        """Where counsel determined a judgement (`<ruleset>.<judgement>`), by its answer."""
        return self._determined.get(judgement, (0, 0))

    def as_before(self, place: int, rests: Callable[[int], Set[str]]) -> Planes | None:
        """What something, by its place in the program, is because of what it was in the world before."""
        before, changed = self.before, self.changed
        while before is not None:
            planes = before.worlds.memo.get(place)
            if planes is not None and (found := self._shared(place, planes, before, changed, rests)) is not None:
                return found
            before, changed = before.worlds.before, None
        return None

    def keep(self, before: State, changed: Set[str], rests: Callable[[int], Set[str]]) -> None:
        """Take over what is as it was in a world of which these know more; `changed` are the facts that are not."""
        memo, everywhere, bit = self.memo, self.everywhere, before.bit
        is_kept = bool if before.worlds.possible is None else not_
        for place, (yes, no) in before.worlds.memo.items():
            if place not in memo and (is_kept((yes | no) & bit) or changed.isdisjoint(rests(place))):
                memo[place] = (everywhere if yes & bit else 0, everywhere if no & bit else 0)

    def _shared(
        self, place: int, planes: Planes, before: State, changed: Set[str] | None, rests: Callable[[int], Set[str]]
    ) -> Planes | None:
        """What is determined stays so, what can become nothing as well, and all that rests on nothing that changed."""
        yes = self.everywhere if planes[0] & before.bit else 0
        no = self.everywhere if planes[1] & before.bit else 0
        if (yes or no) if before.worlds.possible is None else not (yes or no):
            return yes, no
        same_kind = (self.possible is None) == (before.worlds.possible is None)
        return (yes, no) if same_kind and changed is not None and changed.isdisjoint(rests(place)) else None

    def groups(self, fact: str) -> tuple[tuple[Known, int], ...]:
        """What is known of a fact, with the worlds where it is."""
        found = self._groups.get(fact)
        if found is None:
            found = self._groups[fact] = tuple(self._grouped(fact))
        return found

    def _grouped(self, fact: str) -> list[tuple[Known, int]]:
        worlds: dict[int, tuple[Known, int]] = {}
        bit = 1
        for known in self.known:
            value = known.get(fact)
            if value is not None:  # equal answers are mostly one object, and equal ones apart do no harm
                worlds[id(value)] = (value, worlds[id(value)][1] | bit if id(value) in worlds else bit)
            bit <<= 1
        return list(worlds.values())


class State:
    """One of several worlds: what is known of one feature on a day."""

    __slots__ = ("bit", "index", "known", "proofs", "unknowns", "worlds")

    def __init__(self, worlds: Worlds, index: int = 0) -> None:
        self.worlds = worlds
        self.index = index
        self.bit = 1 << index
        self.known = worlds.known[index]
        self.unknowns: dict[Ref | int, tuple[Any, ...]] = {}  # what unknowns.py remembers
        self.proofs: dict[object, Any] = {}  # what explain.py remembers

    @property
    def as_of(self) -> date:
        """The day whose law counts."""
        return self.worlds.as_of

    def can_ask(self, fact: str) -> bool:
        """Whether anything may still be answered to a question."""
        return self.worlds.possible is not None and fact in self.worlds.possible.askable

    @property
    def follows(self) -> Mapping[str, Follows]:
        """What may still follow of facts."""
        return self.worlds.possible.follows if self.worlds.possible else {}

    @property
    def determinations(self) -> Mapping[str, bool]:
        """What counsel determined, by judgement."""
        return self.worlds.determinations[self.index]

    @property
    def text_alone(self) -> bool:
        """Whether draft guidance is left out."""
        return self.worlds.text_alone

    def truth(self, planes: Planes) -> Truth:
        """What something is in this world."""
        yes, no = planes
        return True if yes & self.bit else False if no & self.bit else None

    def on_text_alone(self) -> State:
        """The same world without draft guidance."""
        return State(self.worlds.on_text_alone(), self.index)


def alone(known: Mapping[str, Known], determinations: Mapping[str, bool], as_of: date) -> State:
    """One feature by itself."""
    return State(Worlds((known,), (determinations,), as_of))
