"""Combinations of answers to some facts side by side, and what something is at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from raicheck.frozen import frozen
from raicheck.model import Known
from raicheck.worlds import State, Worlds

Point = tuple[Known, ...]


@frozen
class Grid:
    """Combinations of answers to some facts, with what can still come of them."""

    facts: tuple[str, ...]
    points: tuple[Point, ...]
    worlds: Worlds


def grid_of(state: State) -> Grid:
    """The one point at which nothing more is answered."""
    return Grid((), ((),), state.worlds)


@frozen
class Level:
    """What something is at the points of a grid: true, false or lost; where open, what it hangs on first."""

    grid: Grid
    parts: tuple[int, int, int]
    open: int
    ends: tuple[str, ...] = ()


@frozen
class Pivot:
    """A fact in which alone two points of different parts differ; both, with the number of their part."""

    fact: str
    points: tuple[tuple[Point, int], tuple[Point, int]]


def pivot(level: Level) -> Pivot | None:
    """The first fact in which alone two points of different parts differ."""
    if sum(part > 0 for part in level.parts) < 2:
        return None
    number, points = _numbers(level), level.grid.points
    for axis, fact in enumerate(level.grid.facts):
        lines: dict[Point, int] = {}
        for index, part in number.items():
            point = points[index]
            first = lines.setdefault(point[:axis] + point[axis + 1 :], index)
            if number[first] != part:
                return Pivot(fact, ((points[first], number[first]), (point, part)))
    return None


def beside(level: Level, point: Point, part: int) -> Iterator[tuple[str, Point]]:
    """The facts in which alone points of another part differ from one (of this grid or a finer one), with these."""
    facts, points = level.grid.facts, level.grid.points
    here, finer = point[: len(facts)], point[len(facts) :]
    for index, other in _numbers(level).items():
        differ = [fact for fact, a, b in zip(facts, here, points[index], strict=True) if a != b]
        if other != part and len(differ) == 1:
            yield differ[0], points[index] + finer


def closed(level: Level, finer: Sequence[int]) -> Level:
    """A level whose open points are all of the one part that a finer grid has."""
    yes, no, lost = (part | (level.open if more else 0) for part, more in zip(level.parts, finer, strict=True))
    return Level(level.grid, (yes, no, lost), 0)


def bits(planes: int) -> Iterator[int]:
    """The numbers of the bits that are set, from the lowest."""
    while planes:
        lowest = planes & -planes
        yield lowest.bit_length() - 1
        planes ^= lowest


def _numbers(level: Level) -> dict[int, int]:
    """The points where it is not open, with the number of their part."""
    return {index: number for number, part in enumerate(level.parts) for index in bits(part)}
