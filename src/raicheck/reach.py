"""What can still come of something with the answers that are still to come.

The same conditions as ever, but of a fact that may still be answered every test counts as both true and false, and of
one that may still follow what it would say then: four values instead of three (N. D. Belnap, A useful four-valued
logic, 1977). What is neither true nor false then stays unknown whatever is answered. What is both need not become
both: a fact may stand in several places, and counts as another in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from raicheck.facts import merge
from raicheck.kleene import Planes
from raicheck.logic import Program
from raicheck.model import Known
from raicheck.worlds import Follows, Possible, State, Worlds


def reach(program: Program, state: State, askable: Set[str]) -> State:
    """The state in which all that may still become of what the `askable` facts decide counts."""
    worlds = Worlds((state.known,), (state.determinations,), state.as_of)
    return State(reaches(program, worlds, state, askable))


def reaches(program: Program, worlds: Worlds, before: State, askable: Set[str]) -> Worlds:
    """The same for several worlds that know more than the one before."""
    follow: dict[str, Follows] = {}
    while True:
        possible = Possible(askable, follow)
        changed = None if worlds.changed is None else worlds.changed | followed(possible, before.worlds.possible)
        found = Worlds(worlds.known, worlds.determinations, worlds.as_of, before, possible=possible, changed=changed)
        more = _following(program, worlds, found)
        if more == follow:
            return found
        follow = more


def followed(*possible: Possible | None) -> set[str]:
    """The facts of which something may follow."""
    return {fact for one in possible if one for fact in one.follows}


def _following(program: Program, worlds: Worlds, found: Worlds) -> dict[str, Follows]:
    """What may follow of facts, and where."""
    thens: dict[str, list[tuple[Known, int]]] = {}
    for implication in program.rulesets.bank.implications:
        where = program.planes(implication.when, found)[0] & ~program.planes(implication.when, worlds)[0]
        if where:
            thens.setdefault(implication.fact, []).append((implication.then, where))
    return {fact: tuple(_merged(worlds, fact, follows)) for fact, follows in thens.items()}


def _merged(worlds: Worlds, fact: str, follows: list[tuple[Known, int]]) -> Iterator[tuple[Known | None, int]]:
    """What may follow joined to what is known; None where that may be anything."""
    groups = worlds.groups(fact)
    unknown = worlds.everywhere
    for _, where in groups:
        unknown &= ~where
    for known, where in (*groups, (None, unknown)):
        value: Known | None = known
        reached = 0
        for then, possible in follows:
            if possible & where:
                value = merge(value, then) if value is not None or not reached else None
                reached |= possible & where
        if reached:
            yield value, reached


def is_lost(planes: Planes, reached: State) -> bool:
    """Whether it can become neither true nor false."""
    yes, no = planes
    return not (yes | no) & reached.bit
