"""The diagram is exact: it agrees with the engine on complete worlds and finds what Kleene cannot."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import TODAY
from hypothesis import given, settings
from test_logic import conditions, worlds

from raicheck import Rulesets
from raicheck.diagram import FALSE, TRUE, Diagram
from raicheck.logic import Program
from raicheck.model import AtLeast, Choice, Condition, Interval, Known, Not, Subset, Test
from raicheck.worlds import alone

BEER = Test("shop.sells", "is", frozenset({"beer"}))
OWNED = [Test("shop.owner", "is", frozenset({o})) for o in ("person", "company", "town")]


@pytest.mark.parametrize(
    ("condition", "node"),
    [
        (AtLeast(2, (BEER, Not(BEER))), FALSE),
        (AtLeast(1, (BEER, Not(BEER))), TRUE),
        (AtLeast(1, tuple(OWNED)), TRUE),
        (AtLeast(2, (OWNED[0], OWNED[1])), FALSE),
        (AtLeast(2, (Test("shop.sells", "none"), BEER)), FALSE),
        (AtLeast(2, (Test("shop.licence", "is", frozenset({"yes"})), Test("shop.sells", "none"))), FALSE),
    ],
)
def test_terminals(tiny: Rulesets, condition: Condition, node: int) -> None:
    assert Diagram(Program(tiny), TODAY).of_condition(condition) == node


def test_example_leads_to_the_rule(tiny: Rulesets) -> None:
    law = tiny.by_id["tiny"]
    diagram = Diagram(Program(tiny), TODAY)
    example = diagram.example(diagram.of_rule(law, law.rules["art-3"]))
    assert example is not None
    assert "shop.sells: beer=yes" in str(example)


def test_support_leaves_out_what_cannot_matter(tiny: Rulesets) -> None:
    diagram = Diagram(Program(tiny), TODAY)
    open_ = Test("shop.open", "is", frozenset({"yes"}))
    absorbed = AtLeast(1, (BEER, AtLeast(2, (BEER, open_))))
    assert diagram.support(diagram.of_condition(absorbed)) == {"shop.sells"}


def test_rule_that_is_not_law_yet_never_fires(tiny: Rulesets) -> None:
    law = tiny.by_id["tiny"]
    assert Diagram(Program(tiny), date(2026, 1, 1)).of_rule(law, law.rules["art-4"]) == FALSE


@settings(max_examples=300, deadline=None)
@given(conditions, worlds())
def test_agrees_with_the_engine(
    tiny: Rulesets, condition: Condition, world: tuple[dict[str, Known], dict[str, Known]]
) -> None:
    full, _ = world
    program = Program(tiny)
    diagram = Diagram(program, TODAY)
    node = diagram.of_condition(condition)
    expected = program.value(condition, alone(full, {}, TODAY))
    assert walk(diagram, node, full) is expected


def walk(diagram: Diagram, node: int, full: dict[str, Known]) -> bool:
    """Follow a complete world through the diagram."""
    while node > 1:
        index, children = diagram._nodes[node]
        variable = diagram._variables[index]
        known = full[variable.fact]
        match known:
            case Choice(possible):
                value = variable.values.index(next(iter(possible)))
            case Subset(has, _):
                value = 0 if variable.option in has else 1
            case Interval(low, _):
                cuts = diagram._cuts[variable.fact]
                below = sum(c < low for c in cuts)  # type: ignore[operator]
                value = 2 * below + (1 if low in cuts else 0)
            case _:
                raise AssertionError
        node = children[value]
    return node == TRUE
