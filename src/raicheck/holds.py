"""Whether one test of one fact holds, given what is known of the fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from raicheck.dated import FAR, named_day
from raicheck.kleene import all_of, negate
from raicheck.model import Bound, Choice, Interval, Known, Question, Ruleset, Scalar, Subset, Test, Text, Truth

Holds = Callable[[Known, date], Truth]
"""The truth of a test for what is known of its fact, on a day (whose law gives named dates)."""


def holds(test: Test, question: Question, ruleset: Ruleset | None) -> Holds:
    """How to evaluate `test` of `question`; `ruleset` is where named dates are looked up."""
    if test.op == "compare":
        return lambda known, as_of: _compare(known, test.bounds, ruleset, as_of)
    if test.op == "answered":
        return lambda known, as_of: True if isinstance(known, Text) and known.text else None
    if question.type == "many_of":
        options = question.option_ids if test.op != "is" else frozenset()
        return lambda known, as_of: _of_subset(known, test, options)
    return lambda known, as_of: _of_choice(known, test.values)


def _of_choice(known: Known, values: frozenset[str]) -> Truth:
    if not isinstance(known, Choice):
        return None
    if known.possible <= values:
        return True
    return None if known.possible & values else False


def _of_subset(known: Known, test: Test, options: frozenset[str]) -> Truth:
    if not isinstance(known, Subset):
        return None
    if test.op == "is":
        if known.has & test.values:
            return True
        return False if test.values <= known.lacks else None
    rest_lacked = options - (test.values if test.op == "only" else frozenset()) <= known.lacks
    if test.op == "none":
        return False if known.has else (True if rest_lacked else None)
    if known.has - test.values or test.values <= known.lacks:
        return False
    return True if rest_lacked and known.has else None


def _compare(known: Known, bounds: tuple[Bound, ...], ruleset: Ruleset | None, as_of: date) -> Truth:
    if not isinstance(known, Interval):
        return None
    return all_of(_bounded(known, bound, *_limits(bound, ruleset, as_of)) for bound in bounds)


def _limits(bound: Bound, ruleset: Ruleset | None, as_of: date) -> tuple[Scalar, Scalar]:
    if isinstance(bound.limit, str):
        return named_day(ruleset, bound.limit, as_of) if ruleset else (FAR, FAR)
    return bound.limit, bound.limit


def _bounded(known: Interval, bound: Bound, low: Scalar, high: Scalar) -> Truth:
    match bound.op:
        case ">=":
            return _between(known, lambda v: v >= high, lambda v: v < low)
        case "<":
            return negate(_between(known, lambda v: v >= high, lambda v: v < low))
        case ">":
            return _between(known, lambda v: v > high, lambda v: v <= low)
        case "<=":
            return negate(_between(known, lambda v: v > high, lambda v: v <= low))


def _between(known: Interval, over: Callable[..., bool], under: Callable[..., bool]) -> Truth:
    """True if even the low end is over, False if even the high end is under, else unknown."""
    if known.low is not None and over(known.low):
        return True
    return False if known.high is not None and under(known.high) else None
