"""Combinations of answers: where two beside each other differ, and what lies beside one."""

from __future__ import annotations

from datetime import date

import pytest

from raicheck.grid import Grid, Level, Pivot, Point, beside, bits, closed, pivot
from raicheck.model import Choice
from raicheck.worlds import Worlds

YES, NO = (Choice(frozenset({w})) for w in ("yes", "no"))
POINTS: tuple[Point, ...] = ((NO, NO), (NO, YES), (YES, NO), (YES, YES))
GRID = Grid(("a", "b"), POINTS, Worlds([{}] * 4, [{}] * 4, date(2026, 11, 20)))
Parts = tuple[int, int, int]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((0b1111, 0, 0), None),  # all alike
        ((0b0001, 0, 0), None),  # the others are open
        ((0b1100, 0b0011, 0), Pivot("a", (((YES, NO), 0), ((NO, NO), 1)))),
        ((0b1010, 0, 0b0101), Pivot("b", (((NO, YES), 0), ((NO, NO), 2)))),
        ((0b1000, 0b0001, 0), None),  # they differ in both
        ((0b1000, 0b0010, 0), Pivot("a", (((YES, YES), 0), ((NO, YES), 1)))),
    ],
)
def test_two_points_that_differ_in_one_answer_alone(parts: Parts, found: Pivot | None) -> None:
    open_ = 0b1111 & ~(parts[0] | parts[1] | parts[2])
    assert pivot(Level(GRID, parts, open_)) == found


@pytest.mark.parametrize(
    ("parts", "point", "part", "found"),
    [
        ((0b1000, 0b0111, 0), (YES, YES), 0, [("b", (YES, NO)), ("a", (NO, YES))]),
        ((0b1100, 0b0011, 0), (YES, YES), 0, [("a", (NO, YES))]),
        ((0, 0b0010, 0b0100), (YES, YES, NO), 0, [("a", (NO, YES, NO)), ("b", (YES, NO, NO))]),  # of a finer grid
        ((0, 0b0010, 0b0100), (YES, YES, NO), 1, [("b", (YES, NO, NO))]),
        ((0, 0, 0), (YES, YES), 0, []),  # nothing else is settled
    ],
)
def test_what_lies_beside_a_point(parts: Parts, point: Point, part: int, found: list[tuple[str, Point]]) -> None:
    assert sorted(beside(Level(GRID, parts, 0), point, part), key=str) == sorted(found, key=str)


def test_a_level_is_closed_by_the_one_part_of_the_finer() -> None:
    level = Level(GRID, (0b0001, 0b0010, 0), 0b1100)
    assert closed(level, (0, 0, 0b1)).parts == (0b0001, 0b0010, 0b1100)
    assert closed(level, (0b11, 0, 0)).parts == (0b1101, 0b0010, 0)
    assert closed(level, (0b11, 0, 0)).open == 0


def test_bits_from_the_lowest() -> None:
    assert list(bits(0b101001)) == [0, 3, 5]
    assert list(bits(0)) == []
