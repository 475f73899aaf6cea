"""What is known of features, several side by side: all are evaluated in one pass, a bit each.

A check evaluates many specs, the interview every answer to a question: a condition costs little more for sixty of
them than for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from raicheck.kleene import Planes
from raicheck.model import Known, Ref, Truth


class Worlds:
    """Several features (or one with several answers) on one day, and whether draft guidance counts.

    `before` is a world of which all of these know more: what is determined there is so here.
    """

    __slots__ = (
        "_determined",
        "_groups",
        "_on_text",
        "as_of",
        "before",
        "determinations",
        "everywhere",
        "known",
        "memo",
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
    ) -> None:
        self.known = known
        self.as_of = as_of
        self.before = before
        self.with_drafts = with_drafts  # the same worlds with draft guidance, if these are on the text alone
        self.text_alone = with_drafts is not None
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

    def known_before(self, place: int) -> Planes | None:
        """What something, by its place in the program, was determined to be with fewer answers."""
        before = self.before
        while before is not None:
            if (found := before.worlds.memo.get(place)) is not None:
                value = before.truth(found)
                return None if value is None else (self.everywhere, 0) if value else (0, self.everywhere)
            before = before.worlds.before
        return None

    def keep(self, before: State) -> None:
        """Take over what one world alone had determined, into one world alone that knows more."""
        self.memo.update((place, planes) for place, planes in before.worlds.memo.items() if any(planes))

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
