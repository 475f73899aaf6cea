"""The days of a report: launches, what applies already, what comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from raicheck.assess import Assessment, Result
from raicheck.model import Interval, Spec, Subset
from raicheck.outcome import ObligationOutcome
from raicheck.report.view import Milestone
from raicheck.report.words import day_words, first

_MARKETS = {"eu": "European Union", "in": "India", "us": "United States"}
_PLACES = {"eu": "eu", "india": "in", "us": "us"}  # the options of market.places
_KINDS = ("today", "launch", "law")
_IN_A_SENTENCE = {"eu": "the EU", "in": "India", "us": "the US"}


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    what: str
    sure: bool
    kind: Literal["today", "launch", "law"]
    law: str = ""


def launch_words(spec: Spec) -> tuple[str, ...]:
    """Where and when the feature starts."""
    return tuple(_launch_words(spec))


def _launch_words(spec: Spec) -> Iterator[str]:
    for placement in spec.placements:
        where = _MARKETS[placement.market] + (f", {placement.type}" if placement.type else "")
        yield f"{where}: {_range_words(placement.first)}"
        if placement.changed == "no":
            yield f"{where}: no significant design change since, and none planned"
        elif placement.design_change is not None:
            yield f"{where}, significant design change: {_range_words(placement.design_change)}"
    answer = spec.answers.get("market.places")
    places = answer.known.has if answer is not None and isinstance(answer.known, Subset) else frozenset()
    placed = {placement.market for placement in spec.placements}
    for place, market in _PLACES.items():
        if place in places and market not in placed:
            yield f"{_MARKETS[market]}: {_range_words(None)}"


def _range_words(days: Interval | None) -> str:
    low, high = (days.low, days.high) if days else (None, None)
    if not isinstance(low, date):
        return f"by {day_words(high)}" if isinstance(high, date) else "day not known"
    if low == high:
        return day_words(low)
    return f"between {day_words(low)} and {day_words(high)}" if isinstance(high, date) else f"from {day_words(low)}"


def ahead(assessment: Assessment) -> tuple[Milestone, ...]:
    """The day of the report and all that comes after it, in order."""
    found: dict[date, list[_Day]] = {}
    for day in _days(assessment):
        if day.day >= assessment.as_of:
            found.setdefault(day.day, []).append(day)
    return tuple(_milestone(day, found[day]) for day in sorted(found))


def _milestone(day: date, found: Iterable[_Day]) -> Milestone:
    """One day with all that happens on it, the certain first."""
    order = sorted(found, key=lambda d: (_KINDS.index(d.kind), not d.sure))
    what = tuple(_by_law(order))
    return Milestone(day.isoformat(), day_words(day), what, any(d.sure for d in order), order[0].kind)


def already(assessment: Assessment) -> tuple[str, ...]:
    """What applies since a day before the report, one line per law."""
    past = [d for r in assessment.results.values() for d in _of_law(r) if d.day < assessment.as_of and d.sure]
    return tuple(_by_law(_Day(d.day, f"{d.what} (since {day_words(d.day)})", True, "law", d.law) for d in past))


def _by_law(days: Iterable[_Day]) -> Iterator[str]:
    """What happens, with the name of each law said once."""
    found: dict[str, dict[str, None]] = {}
    for day in days:
        found.setdefault(day.law, {})[day.what if day.sure else f"{day.what} (possible)"] = None
    for law, what in found.items():
        yield f"{law}: {', '.join(first(what, 4))}" if law else "; ".join(what)


def _days(assessment: Assessment) -> Iterator[_Day]:
    yield _Day(assessment.as_of, "this report", True, "today")
    for placement in assessment.spec.placements:
        if placement.first and isinstance(placement.first.low, date):
            sure = placement.first.low == placement.first.high
            yield _Day(placement.first.low, f"First placed in {_IN_A_SENTENCE[placement.market]}", sure, "launch")
    for result in assessment.results.values():
        yield from _of_law(result)


def _of_law(result: Result) -> Iterator[_Day]:
    title = result.ruleset.title
    for outcome in result.rules:
        if outcome.rule.label and outcome.status != "not_firing" and outcome.start.earliest:
            label = result.ruleset.labels[outcome.rule.label].title
            yield _Day(outcome.start.earliest, label, outcome.status == "fires", "law", title)
    for (day, sure), count in _counts(result.obligations).items():
        noun = "obligation" if count == 1 else "obligations"
        yield _Day(day, f"{count} {noun}" if sure else f"{count} further {noun}", sure, "law", title)


def _counts(obligations: Iterable[ObligationOutcome]) -> dict[tuple[date, bool], int]:
    counts: dict[tuple[date, bool], int] = {}
    for owed in obligations:
        day = owed.due.day or owed.start.earliest
        if owed.applicability != "not_applicable" and owed.obligation.kind == "duty" and day:
            key = (day, owed.applicability == "applies")
            counts[key] = counts.get(key, 0) + 1
    return counts
