"""Strong Kleene logic, for one truth value and for many at once.

S. C. Kleene, Introduction to Metamathematics (1952), § 64.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from raicheck.model import Truth

Planes = tuple[int, int]
"""In which worlds something is true and in which it is false, a bit each; in the others it is unknown."""


def all_of(values: Iterator[Truth]) -> Truth:
    """Kleene and."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterator[Truth]) -> Truth:
    """Kleene or."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def negate(value: Truth) -> Truth:
    """Kleene not."""
    return None if value is None else not value


def at_least(n: int, parts: Iterable[int]) -> int:
    """The worlds that are in at least `n` of the parts."""
    reached = [-1] + [0] * n  # reached[k]: the worlds found in k parts so far
    for part in parts:
        for k in range(n, 0, -1):
            reached[k] |= reached[k - 1] & part
    return reached[n]
