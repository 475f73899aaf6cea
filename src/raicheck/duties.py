"""The duties of a ruleset that are owed, for many features side by side: how far each is, and by when it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from raicheck.dates import Start, due_range, start_in, starts_of
from raicheck.kleene import Planes
from raicheck.logic import Program
from raicheck.model import Due, Obligation, Progress, Ruleset, Undertaking
from raicheck.worlds import State, Worlds

SETTLED = ("done", "met_elsewhere")
NOT_BEGUN = Undertaking()


class Duty(NamedTuple):
    """A duty that is owed. `latest`: the day by which it must be done, None if there is none or it is unknown."""

    obligation: Obligation
    undertaking: Undertaking
    progress: Progress
    earliest: date | None
    latest: date | None


class Duties:
    """The duties of a ruleset in the worlds of several specs; `owed` says where each obligation is."""

    def __init__(
        self, program: Program, law: Ruleset, worlds: Worlds, owed: Sequence[tuple[Obligation, Planes]]
    ) -> None:
        self._rows: list[tuple[Obligation, str, int, int, int]] = []  # with where it is owed, where met, and when due
        self._due: list[tuple[Due, Sequence[tuple[int, Start]]]] = []  # many are due alike
        for obligation, planes in owed:
            if planes[0] and obligation.kind == "duty":
                name, met = f"{law.id}.{obligation.id}", met_where(program, obligation, worlds)
                starts = starts_of(program, law, obligation.start, obligation.enacted or law.enacted, worlds)
                self._rows.append((obligation, name, planes[0], met, self._due_alike(obligation.due, starts)))

    def _due_alike(self, due: Due, starts: Sequence[tuple[int, Start]]) -> int:
        alike = next((i for i, (d, s) in enumerate(self._due) if s is starts and d.within == due.within), None)
        if alike is None:
            self._due.append((due, starts))
        return len(self._due) - 1 if alike is None else alike

    def of(self, state: State, said: Mapping[str, Undertaking], launch: tuple[date | None, date | None]) -> list[Duty]:
        """Those of one feature: `said` is what the team says of its obligations, `launch` when it is placed."""
        days = [due_range(due, start_in(starts, state), launch) for due, starts in self._due]
        found, bit = [], state.bit
        for obligation, name, owed, met, due in self._rows:
            if owed & bit:
                undertaking = said.get(name, NOT_BEGUN)
                found.append(Duty(obligation, undertaking, progress_of(undertaking, bool(met & bit)), *days[due]))
        return found


def met_where(program: Program, obligation: Obligation, worlds: Worlds) -> int:
    """Where the answers show that an obligation is met."""
    return 0 if obligation.met_when is None else program.planes(obligation.met_when, worlds)[0]


def progress_of(undertaking: Undertaking, is_met: bool) -> Progress:
    """What the team says, or done where the answers show it."""
    return "done" if is_met and undertaking.progress == "open" else undertaking.progress
