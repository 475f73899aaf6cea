"""Properties of the three-valued logic: knowing more never widens a range, unsure is not no."""

from __future__ import annotations

from itertools import product

import pytest
from conftest import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from raicheck import Rulesets
from raicheck.assess import assess
from raicheck.kleene import all_of, any_of, negate
from raicheck.logic import Program
from raicheck.model import (
    Answer,
    AtLeast,
    Bound,
    Choice,
    Condition,
    Interval,
    Known,
    Not,
    Ref,
    Spec,
    Subset,
    Test,
    Truth,
)
from raicheck.worlds import alone

OPTIONS = ("bread", "beer", "toys")
OWNERS = ("person", "company", "town")


def test_kleene_tables() -> None:
    values: tuple[Truth, ...] = (True, False, None)
    for a, b in product(values, values):
        possible = {
            x and y
            for x in ([a] if a is not None else [True, False])
            for y in ([b] if b is not None else [True, False])
        }
        assert all_of(iter((a, b))) is (possible.pop() if len(possible) == 1 else None)
        assert any_of(iter((a, b))) is negate(all_of(iter((negate(a), negate(b)))))


tests = st.one_of(
    st.sets(st.sampled_from(OPTIONS), min_size=1).map(lambda v: Test("shop.sells", "is", frozenset(v))),
    st.sets(st.sampled_from(OPTIONS), min_size=1).map(lambda v: Test("shop.sells", "only", frozenset(v))),
    st.just(Test("shop.sells", "none")),
    st.sets(st.sampled_from(OWNERS), min_size=1).map(lambda v: Test("shop.owner", "is", frozenset(v))),
    st.sampled_from(["yes", "no"]).map(lambda v: Test("shop.open", "is", frozenset({v}))),
    st.sampled_from(["yes", "no"]).map(lambda v: Test("shop.licence", "is", frozenset({v}))),
    st.tuples(st.sampled_from([">=", "<=", ">", "<"]), st.integers(0, 6)).map(
        lambda b: Test("shop.staff", "compare", bounds=(Bound(b[0], b[1]),))  # type: ignore[arg-type]
    ),
)


def _combine(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        inner.map(Not),
        parts.flatmap(lambda p: st.integers(1, len(p)).map(lambda n: AtLeast(n, p))),
    )


conditions: st.SearchStrategy[Condition] = st.recursive(tests, _combine, max_leaves=8)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, Known], dict[str, Known]]:
    """A complete world and something partly known that is true of it."""
    has = frozenset(draw(st.sets(st.sampled_from(OPTIONS))))
    staff = draw(st.integers(0, 6))
    full: dict[str, Known] = {
        "shop.sells": Subset(has, frozenset(OPTIONS) - has),
        "shop.owner": Choice(frozenset({draw(st.sampled_from(OWNERS))})),
        "shop.open": Choice(frozenset({draw(st.sampled_from(["yes", "no"]))})),
        "shop.licence": Choice(frozenset({draw(st.sampled_from(["yes", "no"]))})),
        "shop.staff": Interval(staff, staff),  # type: ignore[arg-type]
    }
    return full, {k: v for k, v in ((k, _less(draw, v)) for k, v in full.items()) if v is not None}


def _less(draw: st.DrawFn, known: Known) -> Known | None:
    """Less knowledge of the same fact, or none."""
    match known:
        case Choice(possible):
            more = draw(st.sets(st.sampled_from(OWNERS if possible <= set(OWNERS) else ("yes", "no"))))
            return Choice(possible | more)
        case Subset(has, lacks):
            kept = draw(st.sets(st.sampled_from(OPTIONS)))
            return Subset(has & kept, lacks & kept)
        case Interval(low, high):
            down, up = draw(st.integers(0, 3)), draw(st.integers(0, 3))
            return draw(
                st.sampled_from([None, Interval(low - down, high + up), Interval(None, high), Interval(low, None)])
            )  # type: ignore[operator, arg-type]
    return known


@settings(max_examples=400, deadline=None)
@given(conditions, worlds())
def test_more_knowledge_never_contradicts_less(
    tiny: Rulesets, condition: Condition, world: tuple[dict[str, Known], dict[str, Known]]
) -> None:
    full, partial = world
    program = Program(tiny)
    now = program.value(condition, alone(full, {}, TODAY))
    before = program.value(condition, alone(partial, {}, TODAY))
    assert now is not None
    assert before in (None, now)


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_more_answers_never_widen_a_classification(
    tiny: Rulesets, world: tuple[dict[str, Known], dict[str, Known]]
) -> None:
    full, partial = world
    program = Program(tiny)
    now, before = (
        assess(Spec(answers={k: Answer(v) for k, v in known.items()}), program, TODAY) for known in (full, partial)
    )
    if now.facts.contradictions:
        return
    for more, less in zip(now.results["tiny"].labels, before.results["tiny"].labels, strict=True):
        assert less.status in ("possible", more.status)
    for rule, earlier in zip(now.results["tiny"].rules, before.results["tiny"].rules, strict=True):
        assert earlier.status in ("undetermined", "needs_counsel", rule.status)


@pytest.mark.parametrize("fact", ["shop.open", "shop.licence"])
def test_unknown_is_not_no(tiny: Rulesets, fact: str) -> None:
    program = Program(tiny)
    beer: dict[str, Known] = {"shop.sells": Subset(frozenset({"beer"}), frozenset())}
    state = alone(beer, {}, TODAY)
    assert program.value(Test(fact, "is", frozenset({"no"})), state) is None
    assert program.value(Not(Test(fact, "is", frozenset({"yes"}))), state) is None


def test_reference_is_evaluated_once_per_state(tiny: Rulesets) -> None:
    program = Program(tiny)
    state = alone({}, {}, TODAY)
    assert program.value(Ref("rule", "tiny", "art-3"), state) is None
    evaluated = len(state.worlds.memo)
    assert program.value(Ref("rule", "tiny", "art-3"), state) is None
    assert len(state.worlds.memo) == evaluated
