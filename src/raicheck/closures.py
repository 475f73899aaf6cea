"""Conditions as functions of worlds, and how they are joined: not, all, any, at least so many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from raicheck.kleene import Planes, at_least
from raicheck.worlds import Worlds

Evaluate = Callable[[Worlds], Planes]
"""Where something is (or can be, see reach.py) true and where it is false."""


def deferred(make: Callable[[], Evaluate]) -> Evaluate:
    """Made when first evaluated: most of a large law never is."""
    made: list[Evaluate] = []

    def evaluate(worlds: Worlds) -> Planes:
        if not made:
            made.append(make())
        return made[0](worlds)

    return evaluate


def negated(part: Evaluate) -> Evaluate:
    """Kleene not."""

    def evaluate(worlds: Worlds) -> Planes:
        yes, no = part(worlds)
        return no, yes

    return evaluate


def every(parts: Sequence[Evaluate]) -> Evaluate:
    """Kleene and; stops where nothing is left to decide."""
    if len(parts) == 1:
        return parts[0]

    def evaluate(worlds: Worlds) -> Planes:
        yes = everywhere = worlds.everywhere
        no = 0
        for part in parts:
            is_yes, is_no = part(worlds)
            yes &= is_yes
            no |= is_no
            if no == everywhere and not yes:
                break
        return yes, no

    return evaluate


def some(parts: Sequence[Evaluate]) -> Evaluate:
    """Kleene or; stops where nothing is left to decide."""
    if len(parts) == 1:
        return parts[0]

    def evaluate(worlds: Worlds) -> Planes:
        no = everywhere = worlds.everywhere
        yes = 0
        for part in parts:
            is_yes, is_no = part(worlds)
            yes |= is_yes
            no &= is_no
            if yes == everywhere and not no:
                break
        return yes, no

    return evaluate


def counted(n: int, parts: Sequence[Evaluate]) -> Evaluate:
    """At least `n` of the parts."""
    if n == len(parts):
        return every(parts)
    return some(parts) if n == 1 else lambda worlds: _counted(n, [part(worlds) for part in parts], worlds.everywhere)


def _counted(n: int, parts: Iterable[Planes], everywhere: int) -> Planes:
    """True where `n` parts are, false where too few can still be."""
    found = list(parts)
    return (
        at_least(n, (yes for yes, _ in found)) & everywhere,
        at_least(len(found) - n + 1, (no for _, no in found)) & everywhere,
    )
