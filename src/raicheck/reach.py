"""What can still come of something with the answers that are still to come.

The same conditions as ever, but of a fact that may still be answered every test counts as both true and false, and of
one that may still follow what it would say then: four values instead of three (N. D. Belnap, A useful four-valued
logic, 1977). What is neither true nor false then stays unknown whatever is answered. What is both need not become
both: a fact may stand in several places, and counts as another in each.

All is found in one pass, see worlds.py: the features as they are, what can come of them with all answers that are still
to come, and what with the answer to one question alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from raicheck.facts import merge
from raicheck.frozen import replace
from raicheck.logic import Program
from raicheck.model import Known
from raicheck.worlds import Follows, Possible, Worlds


def reach(program: Program, worlds: Worlds, askable: Set[str], singly: Sequence[str] = ()) -> Worlds:
    """The worlds with all that may still become of what the `askable` facts decide.

    Of a feature by itself also with what one alone of `singly` decides.
    """
    assert not singly or len(worlds.known) == 1, "the worlds of several features would lie on one another"
    beyond = worlds.features << len(worlds.known)
    alone = {fact: beyond << number for number, fact in enumerate(singly, 1)}
    asked = {fact: beyond | alone.get(fact, 0) for fact in askable}
    possible = Possible(asked, {}, sum(alone.values()))
    while True:
        known, determinations, changed = worlds.known, worlds.determinations, _changed(program, worlds, possible)
        found = Worlds(known, determinations, worlds.as_of, worlds.before, possible=possible, changed=changed)
        follow = _following(program, found)
        if follow == possible.follows:
            return found
        possible = replace(possible, follows=follow)


def _changed(program: Program, worlds: Worlds, possible: Possible) -> int | None:
    """Also what may follow may be another than in the world before."""
    if worlds.changed is None or worlds.before is None:
        return worlds.changed
    return worlds.changed | program.facts(followed(possible, worlds.before.worlds.possible))


def followed(*possible: Possible | None) -> set[str]:
    """The facts of which something may follow."""
    return {fact for one in possible if one for fact in one.follows}


def _following(program: Program, found: Worlds) -> dict[str, Follows]:
    """What may follow of facts, and where."""
    thens: dict[str, list[tuple[Known, int]]] = {}
    for implication in program.rulesets.bank.implications:
        where, _ = program.planes(implication.when, found)
        where &= ~found.with_beyond(where & found.features)  # there it has followed
        if where:
            thens.setdefault(implication.fact, []).append((implication.then, where))
    return {fact: tuple(_merged(found, fact, follows)) for fact, follows in thens.items()}


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
