"""What is known of features, several side by side: all are evaluated in one pass, a bit each.

A check evaluates many specs, the interview every answer to a question: a condition costs little more for sixty of
them than for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from typing import Any

from raicheck.frozen import frozen
from raicheck.holds import Holds
from raicheck.kleene import Planes
from raicheck.model import Known, Truth

Follows = Sequence[tuple[Known | None, int]]
"""What may follow of a fact (None: anything), and where."""


@frozen
class Possible:
    """Facts of which anything may still become known by an answer, and what may follow of others: each in some worlds.

    `singly`: the bits of the worlds in which nothing but one question may still be answered.
    """

    askable: Mapping[str, int]
    follows: Mapping[str, Follows]
    singly: int = 0

    def planes(self, fact: str, holds: Holds, as_of: date, open_: int, asked: int) -> Planes:
        """Where a test that is open may still become true, and where false; `asked`: where the question arises."""
        yes = no = open_ & asked & self.askable.get(fact, 0)
        for known, where in self.follows.get(fact, ()):
            value = None if known is None else holds(known, as_of)
            if value or known is None:
                yes |= where & open_
            if value is False or known is None:
                no |= where & open_
        return yes, no


class Worlds:
    """Several features (or one with several answers) on one day, and whether draft guidance counts.

    The lowest bits are the features as they are. With `possible` there is above these each once more, with all that
    may still become known, see reach.py; above the two of a feature by itself there may be worlds `singly`.
    `before` is a world of which all of these know more: what is determined there is so here.
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
        "features",
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
        changed: int | None = None,
    ) -> None:
        self.known = known
        self.as_of = as_of
        self.before = before
        self.with_drafts = with_drafts  # the same worlds with draft guidance, if these are on the text alone
        self.text_alone = with_drafts is not None
        self.possible = possible
        self.changed = changed  # the facts (a bit each, see rests.py) that are not as in the world before, if known
        self.features = self.everywhere = (1 << len(known)) - 1
        if possible is not None:
            self.everywhere |= self.features << len(known) | possible.singly
        self.memo: dict[int, Planes] = {}  # what logic.py remembers
        self.starts: dict[object, Any] = {}  # what dates.py remembers
        self.determinations = determinations
        self._determined: dict[str, Planes] = {}
        self._groups: dict[str, tuple[tuple[Known, int], ...]] = {}
        self._on_text: Worlds | None = None
        for index, of_one in enumerate(determinations):
            for name, answer in of_one.items():
                yes, no = self._determined.get(name, (0, 0))
                where = self.with_beyond(1 << index)
                self._determined[name] = (yes | where, no) if answer else (yes, no | where)

    def with_beyond(self, features: int) -> int:
        """Some of the features with what may still become of them."""
        if self.possible is None:
            return features
        return self.everywhere if features == self.features else features | features << len(self.known)

    def on_text_alone(self) -> Worlds:
        """The same worlds without draft guidance."""
        if self._on_text is None:
            self._on_text = Worlds(self.known, self.determinations, self.as_of, with_drafts=self)
        return self._on_text

    def determined(self, judgement: str) -> Planes:
        """Where counsel determined a judgement (`<ruleset>.<judgement>`), by its answer."""
        return self._determined.get(judgement, (0, 0))

    def as_before(self, place: int, rests: Callable[[int], int]) -> Planes | None:
        """What something, by its place in the program, is because of what it was in the world before.

        What is determined stays so, what can become nothing as well, and all that rests on nothing that changed.
        """
        before = self.before
        planes = before.worlds.memo.get(place) if before is not None else None
        if before is None or planes is None:
            return None
        yes, no = planes
        if (yes | no) & before.bit:
            return (self.everywhere, 0) if yes & before.bit else (0, self.everywhere)
        if before.beyond and not (yes | no) & before.beyond:
            return 0, 0
        alike = before.beyond or self.possible is None
        if not alike or self.changed is None or self.changed & rests(place):
            return None
        beyond = self.everywhere & ~self.features
        return (beyond if yes & before.beyond else 0), (beyond if no & before.beyond else 0)

    def keep(self, before: Worlds, changed: int | None, rests: Callable[[int], int]) -> None:
        """Take over from worlds of the same layout, of which these know more: what is determined.

        With the facts that are not as they were also what rests on none of them, and what can become nothing.
        """
        for place, planes in before.memo.items():
            if self._stays(place, planes[0] | planes[1], changed, rests):
                self.memo.setdefault(place, planes)

    def _stays(self, place: int, reached: int, changed: int | None, rests: Callable[[int], int]) -> bool:
        if reached & self.features:
            return True
        if changed is None:
            return False
        return (self.possible is not None and not reached) or not changed & rests(place)

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
        if self.possible is None:
            return list(worlds.values())
        return [(value, self.with_beyond(where)) for value, where in worlds.values()]


class State:
    """One of several worlds: what is known of one feature on a day, and beyond it what may still become of that."""

    __slots__ = ("beyond", "bit", "index", "known", "proofs", "unknowns", "worlds")

    def __init__(self, worlds: Worlds, index: int = 0) -> None:
        self.worlds = worlds
        self.index = index
        self.bit = 1 << index
        self.beyond = 0 if worlds.possible is None else self.bit << len(worlds.known)
        self.known = worlds.known[index]
        self.unknowns: dict[object, Any] = {}  # what unknowns.py remembers
        self.proofs: dict[object, Any] = {}  # what explain.py remembers

    @property
    def as_of(self) -> date:
        """The day whose law counts."""
        return self.worlds.as_of

    @property
    def askable(self) -> Set[str]:
        """The questions to which anything may still be answered."""
        return self.worlds.possible.askable.keys() if self.worlds.possible else frozenset()

    def only(self, fact: str) -> int:
        """The bit of the world in which nothing but this question may still be answered; 0 if there is none."""
        possible = self.worlds.possible
        return possible.askable.get(fact, 0) & possible.singly if possible else 0

    @property
    def follows(self) -> Mapping[str, Follows]:
        """What may still follow of facts."""
        return self.worlds.possible.follows if self.worlds.possible else {}

    def is_open(self, planes: Planes) -> bool:
        """Whether it is unknown, and can still be decided if what is beyond counts."""
        yes, no = planes
        return not (yes | no) & self.bit and (not self.beyond or bool((yes | no) & self.beyond))

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
