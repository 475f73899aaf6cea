"""Mutation of rulesets: change one thing at a time and see whether a case notices.

A mutant that the decision diagram proves equal to the original is left out and counted. The operators are listed
in docs/mutation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from raicheck.cases import Case, CaseRun, relevant, run_case
from raicheck.diagram import Diagram
from raicheck.facts import settle_all
from raicheck.frozen import replace
from raicheck.kleene import Planes
from raicheck.leaves import conditions_of
from raicheck.logic import Program
from raicheck.model import (
    AtLeast,
    Bound,
    Condition,
    DatedValue,
    Judgement,
    Not,
    Obligation,
    Place,
    Question,
    Rule,
    Ruleset,
    Rulesets,
    StartCase,
    Test,
)
from raicheck.worlds import Worlds

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed ruleset: `kind` and `id` of the thing changed, `change` in words."""

    kind: str
    id: str
    change: str
    law: Ruleset
    place: Place | None


@dataclass(frozen=True, slots=True)
class MutationResult:
    """How many mutants the cases noticed, how many were proved equal, and those nobody noticed."""

    noticed: int
    equal: int
    survivors: tuple[Mutant, ...]

    @property
    def share(self) -> float:
        """Noticed of all that differ, 0 to 1."""
        total = self.noticed + len(self.survivors)
        return self.noticed / total if total else 1.0


# Operators


def _conditions(condition: Condition, questions: dict[str, Question]) -> Iterator[tuple[str, Condition]]:
    """Every condition that differs from this one in one place."""
    match condition:
        case Not(part):
            yield "drop not", part
            for text, inner in _conditions(part, questions):
                yield text, Not(inner)
        case AtLeast(n, parts):
            yield from _of_several(n, parts, questions)
        case Test():
            yield from _of_test(condition, questions[condition.fact])


def _of_several(
    n: int, parts: tuple[Condition, ...], questions: dict[str, Question]
) -> Iterator[tuple[str, Condition]]:
    if len(parts) > 1:
        for index in range(len(parts)):
            rest = parts[:index] + parts[index + 1 :]
            yield f"drop part {index + 1} of {len(parts)}", AtLeast(n - 1 if n == len(parts) else n, rest)
        other = 1 if n == len(parts) else len(parts)
        yield f"at least {other} instead of {n} of {len(parts)}", AtLeast(other, parts)
    for index, part in enumerate(parts):
        for text, inner in _conditions(part, questions):
            yield text, AtLeast(n, (*parts[:index], inner, *parts[index + 1 :]))


def _of_test(test: Test, question: Question) -> Iterator[tuple[str, Condition]]:
    if test.op in ("is", "only"):
        others = sorted(question.option_ids - test.values)
        if len(test.values) > 1:
            for value in sorted(test.values):
                yield f"{test.fact}: without {value}", replace(test, values=test.values - {value})
        elif others:
            yield f"{test.fact}: {others[0]} for {min(test.values)}", replace(test, values=frozenset(others[:1]))
        if len(others) > 1 or (others and question.type == "many_of"):
            yield f"{test.fact}: also {others[0]}", replace(test, values=test.values | {others[0]})
    for index, bound in enumerate(test.bounds):
        for changed in _of_bound(bound):
            bounds = (*test.bounds[:index], changed, *test.bounds[index + 1 :])
            yield (
                f"{test.fact}: {changed.op} {changed.limit} for {bound.op} {bound.limit}",
                replace(test, bounds=bounds),
            )


def _of_bound(bound: Bound) -> Iterator[Bound]:
    yield replace(bound, op={">=": ">", ">": ">=", "<=": "<", "<": "<="}[bound.op])
    if isinstance(bound.limit, Decimal):
        step = max(Decimal(1), abs(bound.limit) / 100)
        yield replace(bound, limit=bound.limit + step)
        yield replace(bound, limit=bound.limit - step)
    elif isinstance(bound.limit, date):
        yield replace(bound, limit=bound.limit + _DAY)


def _starts(cases: tuple[StartCase, ...], questions: dict[str, Question]
            ) -> Iterator[tuple[str, tuple[StartCase, ...]]]:  # fmt: skip
    for index, case in enumerate(cases):
        rest = (cases[:index], cases[index + 1 :])
        if isinstance(case.day, date):
            yield f"from one day later than {case.day}", (*rest[0], replace(case, day=case.day + _DAY), *rest[1])
        if len(cases) > 1:
            yield f"without from case {index + 1}", rest[0] + rest[1]
        for text, when in _conditions(case.when, questions):
            yield f"from case {index + 1}: {text}", (*rest[0], replace(case, when=when), *rest[1])


def _rules(rule: Rule, questions: dict[str, Question], path: str = "") -> Iterator[tuple[str, Rule]]:
    """Every rule that differs from this one in one place, exceptions included."""
    for text, when in _conditions(rule.when, questions):
        yield f"{path}{text}", replace(rule, when=when)
    for text, start in _starts(rule.start, questions):
        yield f"{path}{text}", replace(rule, start=start)
    if rule.enacted:
        yield f"{path}enacted one day later", replace(rule, enacted=rule.enacted + _DAY)
    if rule.repealed:
        yield f"{path}repealed one day later", replace(rule, repealed=rule.repealed + _DAY)
    if rule.label:
        yield f"{path}without label", replace(rule, label=None)
    for index, exception in enumerate(rule.unless):
        rest = (rule.unless[:index], rule.unless[index + 1 :])
        yield f"{path}without exception {exception.id}", replace(rule, unless=rest[0] + rest[1])
        for text, changed in _rules(exception, questions, f"{path}{exception.id}: "):
            yield text, replace(rule, unless=(*rest[0], changed, *rest[1]))


def _obligations(owed: Obligation, questions: dict[str, Question]) -> Iterator[tuple[str, Obligation]]:
    for text, when in _conditions(owed.when, questions):
        yield text, replace(owed, when=when)
    for text, start in _starts(owed.start, questions):
        yield text, replace(owed, start=start)
    if len(owed.roles) > 1:
        for role in owed.roles:
            yield f"without role {role}", replace(owed, roles=tuple(r for r in owed.roles if r != role))
    elif owed.roles:
        yield "for everybody", replace(owed, roles=())
    for index, exception in enumerate(owed.unless):
        rest = (owed.unless[:index], owed.unless[index + 1 :])
        yield f"without exception {exception.id}", replace(owed, unless=rest[0] + rest[1])


def _dated(values: tuple[DatedValue, ...]) -> Iterator[tuple[str, tuple[DatedValue, ...]]]:
    for index, value in enumerate(values):
        rest = (values[:index], values[index + 1 :])
        if value.day:
            changed = replace(value, day=value.day + _DAY)
            yield f"{value.day} one day later", (*rest[0], changed, *rest[1])
        if len(values) > 1:
            yield f"without the value since {value.since}", rest[0] + rest[1]


def mutants(rulesets: Rulesets, law: Ruleset) -> Iterator[Mutant]:
    """Every mutant of a ruleset, in the order of the file."""
    questions = dict(rulesets.bank.questions)
    for name, values in law.dates.items():
        for text, dated in _dated(values):
            yield Mutant("date", name, text, replace(law, dates={**law.dates, name: dated}), law.place)
    for rule in law.rules.values():
        for text, changed in _rules(rule, questions):
            yield Mutant("rule", rule.id, text, replace(law, rules={**law.rules, rule.id: changed}), rule.place)
    for owed in law.obligations.values():
        for text, other in _obligations(owed, questions):
            obligations = {**law.obligations, owed.id: other}
            yield Mutant("obligation", owed.id, text, replace(law, obligations=obligations), owed.place)
    yield from _named(law, questions)


def _named(law: Ruleset, questions: dict[str, Question]) -> Iterator[Mutant]:
    for definition in law.definitions.values():
        for text, when in _conditions(definition.when, questions):
            changed = {**law.definitions, definition.id: replace(definition, when=when)}
            yield Mutant("definition", definition.id, text, replace(law, definitions=changed), definition.place)
    for role in law.roles.values():
        for text, when in _conditions(role.when, questions):
            yield Mutant("role", role.id, text,
                         replace(law, roles={**law.roles, role.id: replace(role, when=when)}), law.place)  # fmt: skip
    for judgement in law.judgements.values():
        for part in ("yes_when", "no_when", "raised_when"):
            for text, when in _conditions(getattr(judgement, part), questions):
                other = {**law.judgements, judgement.id: _with_part(judgement, part, when)}
                place = judgement.place
                yield Mutant("judgement", judgement.id, f"{part}: {text}", replace(law, judgements=other), place)


def _with_part(judgement: Judgement, part: str, when: Condition) -> Judgement:
    match part:
        case "yes_when":
            return replace(judgement, yes_when=when)
        case "no_when":
            return replace(judgement, no_when=when)
        case _:
            return replace(judgement, raised_when=when)


# Running


class Mutation:
    """The cases of one ruleset and what they notice."""

    def __init__(self, rulesets: Rulesets, ruleset: str, cases: Sequence[Case]) -> None:
        self._rulesets = rulesets
        self._ruleset = ruleset
        self._law = rulesets.by_id[ruleset]
        self._program = Program(rulesets)
        self._cases = cases
        self._relevant = {c.id: relevant(c, self._law) for c in cases}
        self._worlds = [*self._by_day()]
        self._right = {(c.id, r.as_of): r.verdict for c in cases for r in run_case(c, self._program, ruleset)}

    def _by_day(self) -> Iterator[tuple[Worlds, list[Case]]]:
        """All cases of a day side by side."""
        for day in sorted({d for c in self._cases for d in c.as_of}):
            cases = [c for c in self._cases if day in c.as_of]
            determined = [{d.judgement: d.answer for d in c.spec.determinations} for c in cases]
            yield settle_all(self._program, [c.spec.answers for c in cases], determined, day)[1], cases

    def run(self, every: Sequence[Mutant], step: Callable[[], None] = lambda: None) -> MutationResult:
        """Try mutants; `step` is called after each."""
        noticed = equal = 0
        survivors = []
        for mutant in every:
            if self._is_equal(mutant):
                equal += 1
            elif self._is_noticed(mutant):
                noticed += 1
            else:
                survivors.append(mutant)
            step()
        return MutationResult(noticed, equal, tuple(survivors))

    def _is_equal(self, mutant: Mutant) -> bool:
        """Whether the diagrams of the changed thing are the same (dates, labels and roles aside)."""
        before, after = _thing(self._law, mutant), _thing(mutant.law, mutant)
        if before is None or _aside(before) != _aside(after):
            return False
        return _same(Diagram(self._program, self._law.checked), self._law, before, after)

    def _with(self, mutant: Mutant) -> Rulesets:
        return Rulesets(self._rulesets.bank, {**self._rulesets.by_id, self._ruleset: mutant.law})

    def _is_noticed(self, mutant: Mutant) -> bool:
        differ = {c.id for worlds, cases in self._worlds for c in self._differing(mutant, worlds, cases)}
        touched = [case for case in self._near(mutant) if case.id in differ]
        if not touched:
            return False
        program = Program(self._with(mutant))
        return any(self._fails(r) for case in touched for r in run_case(case, program, self._ruleset))

    def _near(self, mutant: Mutant) -> list[Case]:
        """All cases, those first that name the changed thing: most mutants are noticed by one of them."""
        named = [c for c in self._cases if mutant.id in self._relevant[c.id]]
        if mutant.change.startswith("from ") or mutant.change.endswith("one day later"):
            return (
                named
                if mutant.kind != "date"
                else [c for c in self._cases if c.expected["from"] or c.expected["in_force"]]
            )
        return named + [c for c in self._cases if mutant.id not in self._relevant[c.id]]

    def _differing(self, mutant: Mutant, worlds: Worlds, cases: Sequence[Case]) -> Sequence[Case]:
        """The cases for which the changed thing may come out differently: only these are run in full."""
        before, after = _thing(self._law, mutant), _thing(mutant.law, mutant)
        if before is None or after is None or _aside(before) != _aside(after):
            return cases
        pairs = zip(self._values(before, worlds), self._values(after, worlds), strict=True)
        differ = 0
        for (yes, no), (other_yes, other_no) in pairs:
            differ |= yes ^ other_yes | no ^ other_no
        return [case for index, case in enumerate(cases) if differ >> index & 1]

    def _values(self, thing: Thing, worlds: Worlds) -> Iterator[Planes]:
        program, law = self._program, self._law
        if isinstance(thing, Rule):
            yield program.limited(law, thing)(worlds)
            yield program.planes(thing.when, worlds)  # whether its exceptions are reached
            for exception in thing.unless:
                yield from self._values(exception, worlds)
        elif isinstance(thing, Obligation):
            yield program.owed(law, thing)(worlds)
            yield program.planes(thing.when, worlds)
        else:
            yield program.planes(thing, worlds)

    def _fails(self, run: CaseRun) -> bool:
        return bool(run.failures) or run.verdict != self._right[run.case.id, run.as_of]


Thing = Rule | Obligation | Condition


def _thing(law: Ruleset, mutant: Mutant) -> Thing | None:
    """What a mutant changed, if it has a truth value of its own."""
    match mutant.kind:
        case "rule":
            return law.rules[mutant.id]
        case "obligation":
            return law.obligations[mutant.id]
        case "definition":
            return law.definitions[mutant.id].when
        case "role":
            return law.roles[mutant.id].when
        case _:
            return None


def _aside(thing: Thing | None) -> object:
    """What of a rule or obligation is no logic: a change here is never equal."""
    if isinstance(thing, Rule):
        inner = tuple(_aside(e) for e in thing.unless)
        return (thing.start, thing.enacted, thing.repealed, thing.label, [e.id for e in thing.unless], inner)
    if isinstance(thing, Obligation):
        return (thing.start, thing.roles, [e.id for e in thing.unless])
    return None


def _same(diagram: Diagram, law: Ruleset, before: Thing, after: Thing | None) -> bool:
    if isinstance(before, Rule) and isinstance(after, Rule):
        diagram.gather(law, before)
        diagram.gather(law, after)
        pairs = zip(conditions_of(before), conditions_of(after), strict=True)
        return all(diagram.of_condition(a) == diagram.of_condition(b) for a, b in pairs)
    if isinstance(before, Obligation) and isinstance(after, Obligation):
        before, after = before.when, after.when
    if isinstance(before, Rule | Obligation) or isinstance(after, Rule | Obligation) or after is None:
        return False
    diagram.gather_condition(before)
    diagram.gather_condition(after)
    return diagram.of_condition(before) == diagram.of_condition(after)
