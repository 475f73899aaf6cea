"""From when a rule or obligation bites, whether it is in force, and when it is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from raicheck.dated import FAR, dated_value
from raicheck.frozen import frozen
from raicheck.logic import Program
from raicheck.model import Due, Reading, Ruleset, StartCase, Truth
from raicheck.worlds import State, Worlds

InForce = bool | str | None
"""True, False, "disputed" (the readings of the law differ), None: depends on what is unknown."""


@frozen
class Start:
    """The range of days from which something applies; None for an end that never comes or is unknown."""

    earliest: date | None
    latest: date | None
    readings: tuple[Reading, ...] = ()


def start_of(program: Program, law: Ruleset, cases: tuple[StartCase, ...], fallback: date, state: State) -> Start:
    """The days of the cases that (may) hold, first match wins; `fallback` without cases."""
    return start_in(starts_of(program, law, cases, fallback, state.worlds), state)


def starts_of(
    program: Program, law: Ruleset, cases: tuple[StartCase, ...], fallback: date, worlds: Worlds
) -> Sequence[tuple[int, Start]]:
    """The same in many worlds: each start with the worlds where it is so."""
    key = (law.id, id(cases)) if cases else fallback  # many share theirs, and the law lives as long as the worlds
    found: Sequence[tuple[int, Start]] | None = worlds.starts.get(key)
    if found is None:
        all_alike = [(worlds.everywhere, Start(fallback, fallback))]
        found = worlds.starts[key] = list(_starts(program, law, cases, worlds)) if cases else all_alike
    return found


def start_in(starts: Sequence[tuple[int, Start]], state: State) -> Start:
    """The start in one of many worlds."""
    return next(start for where, start in starts if where & state.bit) if len(starts) > 1 else starts[0][1]


def _starts(
    program: Program, law: Ruleset, cases: tuple[StartCase, ...], worlds: Worlds
) -> Iterator[tuple[int, Start]]:
    """The start in each of many worlds: those where the same cases (may) hold together."""
    alike: list[tuple[int, tuple[StartCase, ...]]] = [(worlds.everywhere, ())]
    for case in cases:
        yes, no = program.planes(case.when, worlds)
        yield from ((where & yes, _start(law, (*found, case), worlds.as_of)) for where, found in alike if where & yes)
        may = worlds.everywhere & ~(yes | no)
        alike = [
            (where & part, more)
            for where, found in alike
            for part, more in ((no, found), (may, (*found, case)))
            if where & part
        ]
    yield from ((where, _start(law, found, worlds.as_of)) for where, found in alike)


def _start(law: Ruleset, cases: tuple[StartCase, ...], as_of: date) -> Start:
    days: list[date] = []
    readings: list[Reading] = []
    for case in cases:
        found, read = _days(law, case.day, as_of)
        days += found
        readings += read
    if not days:
        return Start(None, None)
    return Start(_or_never(min(days)), _or_never(max(days)), tuple(readings))


def _days(law: Ruleset, day: date | str, as_of: date) -> tuple[list[date], tuple[Reading, ...]]:
    if isinstance(day, date):
        return [day], ()
    value = dated_value(law.dates.get(day, ()), as_of)
    if value is None:
        return [FAR], ()
    days = [r.day for r in value.readings if r.day]
    return ([value.day] if value.day else days or [FAR]), value.readings


def _or_never(day: date) -> date | None:
    return None if day == FAR else day


def in_force(start: Start, fires: Truth, as_of: date) -> InForce:
    """Whether what (maybe) fires bites on `as_of`."""
    if fires is False:
        return False
    if start.earliest is None or as_of < start.earliest:
        return False
    if start.latest is None or as_of < start.latest:
        return "disputed" if start.readings else None
    return fires


@frozen
class DueDay:
    """`day` if it is certain, else a range with open ends; `text` says what it hangs on."""

    earliest: date | None
    latest: date | None
    due: Due

    @property
    def text(self) -> str:
        """What it hangs on: an event, a period, something that comes after it."""
        due = self.due
        if due.within:
            return f"within {due.within} after {due.after}" if due.after else f"within {due.within}"
        return f"before {due.before}" if due.before else f"every {due.every}" if due.every else ""

    @property
    def day(self) -> date | None:
        return self.earliest if self.earliest == self.latest else None


def due_day(due: Due, start: Start, launch: tuple[date | None, date | None]) -> DueDay:
    """The later of the obligation's start and the launch; event-driven obligations have a text only."""
    return DueDay(*due_range(due, start, launch), due)


def due_range(due: Due, start: Start, launch: tuple[date | None, date | None]) -> tuple[date | None, date | None]:
    """`due_day` as the earliest and the latest day."""
    if due.within:
        return None, None
    (low, high), earliest, latest = launch, start.earliest, start.latest
    if earliest is not None and low is not None and low > earliest:
        earliest = low
    if latest is not None:
        latest = high if high is None or high > latest else latest
    return earliest, latest
