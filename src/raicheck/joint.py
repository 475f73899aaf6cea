"""Where no question changes anything by itself: whether one does together with others, or nothing decides it any more.

What something still hangs on is few facts as a rule: all their answers are tried at once, and where it stays open with
some of them, what it hangs on then as well. Nothing is asked for the sake of what comes out the same with all answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import product

from raicheck import unknowns
from raicheck.grid import Grid, Level, Pivot, beside, bits, closed, grid_of, pivot
from raicheck.logic import Program
from raicheck.model import Known
from raicheck.reach import reach
from raicheck.stakes import Stake, Stakes
from raicheck.trials import Trials
from raicheck.worlds import State

_ROOM = (40, 150, 1_000)  # combinations of answers tried, if fewer find nothing; then the search is given up
_FINER = 24  # points made of one at a time, if several facts are open


class _Search(Enum):
    GIVEN_UP = "too many combinations"


_Found = tuple[Pivot, Sequence[Level]]


class Joint:
    """What can still be decided for one spec by the questions that can be asked in a state."""

    def __init__(self, program: Program, stakes: Stakes, trials: Trials, state: State) -> None:
        self._program = program
        self._stakes = stakes
        self._trials = trials
        self._state = state
        self._root = grid_of(state)
        self._grids: dict[object, Grid] = {}
        self._points: dict[tuple[int, int], State] = {}

    def question(self, ends: Mapping[Stake, tuple[str, ...]]) -> tuple[str | None, bool]:
        """A question that decides something together with others; where that is not clear (False), one that might.

        `ends`: what is at stake with the questions it hangs on.
        """
        waiting = sorted((s for s in ends if s.kind not in ("start", "launch")), key=lambda s: len(ends[s]))
        for most in _ROOM:
            unclear = []
            for stake in waiting:
                found = self._search(stake, ends[stake], most)
                if isinstance(found, _Search):
                    unclear.append(stake)
                elif found is not None and (first := self._to_ask_first(*found)) is not None:
                    return first, True
            waiting = unclear
        return (ends[waiting[0]][0], False) if waiting else (None, True)

    def _search(self, stake: Stake, ends: tuple[str, ...], most: int) -> _Found | _Search | None:
        """A question whose answer alone changes it once some others are answered, with the grids on the way."""
        level = Level(self._root, (0, 0, 0), 1, ends)
        before: list[Level] = []
        while level.open:
            before.append(level)
            answers = self._answers(stake, level, most)
            if not answers:
                return _Search.GIVEN_UP
            level = self._seen(stake, self._finer(level, answers))
            if (found := pivot(level)) is not None:
                return found, (*before, level)
        return _unwound(before, level)

    def _seen(self, stake: Stake, grid: Grid) -> Level:
        yes, no = self._stakes.planes(stake, grid.worlds)
        points = grid.worlds.features
        unknown = points & ~(yes | no)
        open_ = unknown & (yes | no) >> len(grid.points)
        ends: tuple[str, ...] = ()
        if (first := next(bits(open_), None)) is not None:
            found = self._stakes.ends(stake, self._point(grid, first))
            ends = tuple(f for f in found if f in self._state.askable and f not in grid.facts)
        return Level(grid, (yes & points, no & points, unknown & ~open_), open_, ends)

    def _point(self, grid: Grid, index: int) -> State:
        """One point of a grid, the same each time: what was found out about it is remembered there."""
        key = (id(grid), index)
        if key not in self._points:
            self._points[key] = State(grid.worlds, index)
        return self._points[key]

    def _answers(self, stake: Stake, level: Level, most: int) -> dict[str, tuple[Known, ...]]:
        """The answers to try to what a stake hangs on, for as many facts as there is room for."""
        found: dict[str, tuple[Known, ...]] = {}
        count = level.open.bit_count()
        enough = _FINER * count  # points that need no more facts drop out before the next ones multiply the others
        for fact in level.ends:
            answers = self._trials.distinct(fact, self._state, self._stakes.holds(stake).get(fact, ()))
            count *= len(answers)
            if count > most or (found and count > enough):
                break
            found[fact] = answers
        return found

    def _finer(self, level: Level, answers: Mapping[str, tuple[Known, ...]]) -> Grid:
        """Every combination of some answers, from the points of a grid where a stake is open."""
        key = (id(level.grid), level.open, tuple(answers.items()))
        if key not in self._grids:
            grid, open_ = level.grid, list(bits(level.open))
            facts, more = tuple(answers), tuple(product(*answers.values()))
            worlds, agree = self._trials.together(self._state, grid, open_, facts, more)
            points = [(*grid.points[i], *point) for i in open_ for point in more]
            worlds = reach(self._program, worlds, self._state.askable)
            self._grids[key] = Grid((*grid.facts, *facts), tuple(points[i] for i in agree), worlds)
        return self._grids[key]

    def _to_ask_first(self, found: Pivot, levels: Sequence[Level]) -> str | None:
        """The question found, or where it is open whether that arises one that changes something as well.

        Best one that decides whether it arises; these by themselves may change nothing.
        """
        gate = self._program.rulesets.bank.questions[found.fact].only_if
        if gate is None or self._arises(found.fact):
            return found.fact
        others = dict.fromkeys(self._beside(found, levels))
        before = unknowns.of_condition(self._program, gate, self._state).facts
        gates = [f for f in before if f in self._state.askable]
        best = (*(f for f in gates if f in others), *others, *gates)
        return best[0] if best else None

    def _beside(self, found: Pivot, levels: Sequence[Level]) -> Iterator[str]:
        """The questions that arise and change the same outcome from one of the two points, the nearest first."""
        facts = levels[-1].grid.facts
        for level in reversed(levels):
            for point, part in found.points:
                for fact, other in beside(level, point, part):
                    if self._arises(fact) and self._trials.agree(self._state, facts, other):
                        yield fact

    def _arises(self, fact: str) -> bool:
        return self._program.arises(fact, self._state) is True


def _unwound(before: Sequence[Level], level: Level) -> _Found | _Search | None:
    """The same where the last grid is of one part, from the finest grid back to the coarsest."""
    if sum(part > 0 for part in level.parts) > 1:
        return _Search.GIVEN_UP  # of two, and no two points beside each other
    for number in reversed(range(len(before))):
        level = closed(before[number], level.parts)
        if (found := pivot(level)) is not None:
            return found, (*before[:number], level)
    return None
