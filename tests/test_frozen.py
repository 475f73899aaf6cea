"""Frozen records behave like frozen dataclasses with slots."""

from __future__ import annotations

import copy
import pickle

import pytest

from raicheck.frozen import field, fields, frozen, replace
from raicheck.model import Choice, Interval, Subset, Text


@frozen
class Point:
    x: int
    y: int = 2
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.x + self.y


def test_fields_defaults_and_methods() -> None:
    assert fields(Point) == ("x", "y", "seen")
    assert Point(1).total == 3
    assert Point(x=1, y=5).y == 5
    assert Point(1).seen is not Point(1).seen


def test_equal_by_class_and_values() -> None:
    assert Point(1) == Point(1, 2)
    assert Point(1) != Point(2)
    assert Choice(frozenset("a")) == Choice(frozenset("a"))
    assert len({Choice(frozenset("a")), Choice(frozenset("a")), Text("a"), Subset(frozenset(), frozenset())}) == 3
    assert repr(Interval(None, None)) == "Interval(low=None, high=None)"


def test_neither_changed_nor_extended() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="frozen"):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1, z=3)  # type: ignore[call-arg]


def test_replace_copy_pickle_and_match() -> None:
    assert replace(Point(1), y=7) == Point(1, 7)
    choice = Choice(frozenset({"a", "b"}))
    assert pickle.loads(pickle.dumps(choice)) == choice
    assert copy.deepcopy(choice) == choice
    match Subset(frozenset("a"), frozenset("b")):
        case Subset(has, lacks):
            assert (has, lacks) == ({"a"}, {"b"})
