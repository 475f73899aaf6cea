"""Answers that somebody might give to a question, and the worlds that these make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

from raicheck.dated import dated_value
from raicheck.facts import merge, settle_all
from raicheck.grid import Grid, grid_of
from raicheck.holds import Holds, holds
from raicheck.leaves import tests
from raicheck.logic import Program
from raicheck.model import (
    Answer,
    Bound,
    Choice,
    Condition,
    Interval,
    Known,
    Ruleset,
    Rulesets,
    Scalar,
    Subset,
    Test,
    Text,
    Truth,
)
from raicheck.references import conditions
from raicheck.worlds import State, Worlds

_COMBINED = 5  # answers of which all combinations are tried


class Trials:
    """The answers to try, for all specs of a program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._bounds = _bounds(program.rulesets)
        self._implying: dict[str, list[Holds]] = {}  # the tests that make other answers follow
        self._excluding: dict[str, list[Holds]] = {}  # whether what may follow excludes an answer
        for implication in program.rulesets.bank.implications:
            self._excluding.setdefault(implication.fact, []).append(_agrees_with(implication.then))
            for test in _with_gates(program.rulesets, implication.when):
                question = program.rulesets.bank.questions[test.fact]
                self._implying.setdefault(test.fact, []).append(holds(test, question, None))

    def worlds(self, fact: str, now: State) -> Worlds:
        """What would be known with each answer to `fact`. What is determined now stays so in all of them."""
        answers = self.answers(fact, now.known, now.as_of)
        return self.together(now, grid_of(now), (0,), (fact,), [(answer,) for answer in answers])[0]

    def together(
        self,
        now: State,
        coarser: Grid,
        indices: Sequence[int],
        facts: tuple[str, ...],
        points: Sequence[tuple[Known, ...]],
    ) -> tuple[Worlds, list[int]]:
        """The same with answers to several facts at once, at some points of a grid of combined answers.

        Also returns the numbers of those that do not exclude each other: of the others no world is made.
        """
        both = [(coarser.worlds.known[i], dict(zip(facts, point, strict=True))) for i in indices for point in points]
        tried: list[Mapping[str, Known]] = [{**known, **answers} for known, answers in both]
        agree = [
            i for i, (known, answers) in enumerate(both) if all(_agree(known.get(f), a) for f, a in answers.items())
        ]
        changed = self._program.facts(facts) | (coarser.worlds.changed or 0)
        if not self._implying.keys().isdisjoint(facts):
            given = [{f: Answer(k) for f, k in one.items()} for one in tried]
            settled, _ = settle_all(self._program, given, [now.determinations] * len(tried), now.as_of)
            combined = {*coarser.facts, *facts}
            agree = [i for i in agree if not any(c.fact in combined for c in settled[i].contradictions)]
            tried = [one.known for one in settled]
            changed |= self._program.facts(f for one in settled for f in one.derived)
        known = [tried[i] for i in agree]
        return Worlds(known, [now.determinations] * len(known), now.as_of, now, changed=changed), agree

    def agree(self, now: State, facts: tuple[str, ...], point: tuple[Known, ...]) -> bool:
        """Whether some answers do not exclude each other."""
        return bool(self.together(now, grid_of(now), (0,), facts, (point,))[1])

    def distinct(self, fact: str, now: State, alike: Sequence[Holds]) -> tuple[Known, ...]:
        """The answers to try; of answers that all tests take alike, one."""
        alike = (*alike, *self._implying.get(fact, ()), *self._excluding.get(fact, ()))
        answers = tuple(_distinct(self.answers(fact, now.known, now.as_of), alike, now.as_of))
        return tuple(_distinct((*answers, *_joined(answers)), alike, now.as_of))

    def answers(self, fact: str, known: Mapping[str, Known], as_of: date) -> Iterator[Known]:
        """Answers that stand for all: each option alone, none, all; a number or date between any two limits."""
        question = self._program.rulesets.bank.questions[fact]
        already = known.get(fact)
        match question.type:
            case "yes_no" | "one_of":
                possible = already.possible if isinstance(already, Choice) else question.option_ids
                yield from (Choice(frozenset({o})) for o in sorted(possible))
            case "many_of":
                has, lacks = (already.has, already.lacks) if isinstance(already, Subset) else (frozenset(), frozenset())
                open_ = [o.id for o in question.options if o.id not in has | lacks]
                for one in (frozenset(), *(frozenset({o}) for o in open_), frozenset(open_)):
                    yield Subset(has | one, question.option_ids - has - one)
            case "text":
                yield Text("-")
            case _:
                yield from (Interval(v, v) for v in self._points(fact, as_of))

    def _points(self, fact: str, as_of: date) -> list[Scalar]:
        limits = {x for law, bound in self._bounds.get(fact, ()) for x in _limits(law, bound, as_of)}
        day = self._program.rulesets.bank.questions[fact].type == "date"
        near: list[Scalar] = [] if limits else [date(2000, 1, 1) if day else Decimal(0)]
        for limit in sorted(limits):
            near += _around(limit)
        return near


def _with_gates(rulesets: Rulesets, condition: Condition) -> Iterator[Test]:
    """The tests of a condition and of what decides whether their questions arise."""
    for test in tests(condition):
        yield test
        gate = rulesets.bank.questions[test.fact].only_if
        if gate is not None:
            yield from _with_gates(rulesets, gate)


def _agrees_with(then: Known) -> Holds:
    return lambda known, _: _agree(known, then)


def _agree(known: Known | None, then: Known) -> bool:
    return known is None or merge(known, then) is not None


def _distinct(answers: Iterable[Known], alike: Sequence[Holds], as_of: date) -> Iterator[Known]:
    """Of answers that all tests take alike, one."""
    seen: set[tuple[Truth, ...]] = set()
    for answer in answers:
        values = tuple(h(answer, as_of) for h in alike)
        if values not in seen:
            seen.add(values)
            yield answer


def _joined(answers: Sequence[Known]) -> Iterator[Known]:
    """Answers to a question of many options that give those of several others: of all if these are few, else of two."""
    several = [a for a in answers if isinstance(a, Subset)]
    most = len(several) if len(several) <= _COMBINED else 2
    for count in range(2, most + 1):
        for parts in combinations(several, count):
            has = frozenset().union(*(p.has for p in parts))
            yield Subset(has, frozenset().union(*(p.lacks for p in parts)) - has)


def _limits(law: Ruleset | None, bound: Bound, as_of: date) -> Iterator[Scalar]:
    if not isinstance(bound.limit, str):
        yield bound.limit
    elif law is not None and (value := dated_value(law.dates.get(bound.limit, ()), as_of)):
        yield from (d for d in (value.day, *(r.day for r in value.readings)) if d)


def _around(limit: Scalar) -> list[Scalar]:
    if isinstance(limit, date):
        return [limit - timedelta(days=1), limit, limit + timedelta(days=1)]
    return [limit - 1, limit, limit + 1]


def _bounds(rulesets: Rulesets) -> dict[str, list[tuple[Ruleset | None, Bound]]]:
    """Every limit that a number or date is compared with."""
    found: dict[str, list[tuple[Ruleset | None, Bound]]] = {}
    gates = [q.only_if for q in rulesets.bank.questions.values() if q.only_if is not None]
    gates += [i.when for i in rulesets.bank.implications]
    everything: list[tuple[Ruleset | None, Condition]] = [(None, gate) for gate in gates]
    everything += [(law, c) for law in rulesets.by_id.values() for c, _, _ in conditions(law)]
    for law, condition in everything:
        for test in tests(condition):
            for bound in test.bounds:
                found.setdefault(test.fact, []).append((law, bound))
    return found
