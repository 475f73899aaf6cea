"""Three-valued (Kleene) evaluation of conditions, compiled to closures, and what is still open.

The one place for semantics: tests of facts, exceptions, gates, judgements, drafts left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from raicheck.model import (
    AtLeast,
    Bound,
    Choice,
    Condition,
    DatedValue,
    Interval,
    Judgement,
    Known,
    Not,
    Obligation,
    Question,
    Ref,
    Rule,
    Ruleset,
    Rulesets,
    Scalar,
    Subset,
    Test,
    Text,
    Truth,
)

Evaluate = Callable[["State"], Truth]
FAR = date.max


class State:
    """What is known on a day: facts, determinations, and whether draft guidance counts."""

    __slots__ = ("as_of", "determinations", "known", "memo", "proofs", "text_alone", "unknowns")

    def __init__(
        self, known: Mapping[str, Known], determinations: Mapping[str, bool], as_of: date, text_alone: bool = False
    ) -> None:
        self.known = known
        self.determinations = determinations
        self.as_of = as_of
        self.text_alone = text_alone
        self.memo: dict[tuple[str, str, str], Truth] = {}
        self.unknowns: dict[Ref | int, tuple[Any, ...]] = {}  # what unknowns.py remembers
        self.proofs: dict[object, Any] = {}  # what explain.py remembers


def all_of(values: Iterator[Truth]) -> Truth:
    """Kleene and."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterator[Truth]) -> Truth:
    """Kleene or."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def negate(value: Truth) -> Truth:
    """Kleene not."""
    return None if value is None else not value


def dated_value(values: tuple[DatedValue, ...], as_of: date) -> DatedValue | None:
    """What the law said on `as_of`: the last value enacted by then."""
    current = [v for v in values if v.since <= as_of]
    return max(current, key=lambda v: v.since) if current else None


def named_day(ruleset: Ruleset, name: str, as_of: date) -> tuple[date, date]:
    """Earliest and latest day of a named date as enacted on `as_of`; date.max for no day (any more, or yet)."""
    value = dated_value(ruleset.dates.get(name, ()), as_of)
    days = [r.day for r in value.readings if r.day] if value else []
    if value and value.day:
        days.append(value.day)
    return (min(days), max(days)) if days else (FAR, FAR)


class Program:
    """Rulesets compiled to closures. Build once, evaluate for any number of specs and days."""

    def __init__(self, rulesets: Rulesets) -> None:
        self.rulesets = rulesets
        self._compiled: dict[int, tuple[Condition, Evaluate]] = {}
        self._ungated = {r.id: gate_rules(rulesets, r) for r in rulesets.by_id.values()}
        self._labelled = {r.id: _by_label(r) for r in rulesets.by_id.values()}

    # conditions

    def value(self, condition: Condition, state: State) -> Truth:
        """The truth of `condition` in `state`."""
        if type(condition) is Ref:  # often made on the fly: nothing to keep
            return self.ref(condition.kind, condition.ruleset, condition.id, state)
        return self._compile(condition)(state)

    def _compile(self, condition: Condition) -> Evaluate:
        found = self._compiled.get(id(condition))
        if found is None:  # the condition is kept with its closure: an id is unique among the living only
            found = self._compiled[id(condition)] = (condition, self._make(condition))
        return found[1]

    def _make(self, condition: Condition) -> Evaluate:
        match condition:
            case Test():
                return self._gated_test(condition)
            case Ref(kind, ruleset, id_):
                return lambda state: self.ref(kind, ruleset, id_, state)
            case Not(part):
                inner = self._compile(part)
                return lambda state: negate(inner(state))
            case AtLeast(n, parts):
                return _at_least(n, tuple(self._compile(p) for p in parts))

    def _gated_test(self, test: Test) -> Evaluate:
        question = self.rulesets.bank.questions[test.fact]
        inner = self._test(test, question)
        if question.only_if is None:
            return inner
        gate = self._compile(question.only_if)
        if test.op == "none":
            return lambda state: any_of(iter((negate(gate(state)), inner(state))))

        def gated(state: State) -> Truth:
            arises = gate(state)
            if arises is False:
                return False
            value = inner(state)
            return value if arises or value is False else None

        return gated

    def _test(self, test: Test, question: Question) -> Evaluate:
        fact, options = test.fact, question.option_ids
        if test.op == "compare":
            ruleset = self.rulesets.by_id.get(test.ruleset)
            return lambda state: _compare(state.known.get(fact), test.bounds, ruleset, state.as_of)
        if test.op == "answered":
            return lambda state: _answered(state.known.get(fact))
        if question.type == "many_of":
            return lambda state: _of_subset(state.known.get(fact), test, options)
        return lambda state: _of_choice(state.known.get(fact), test.values)

    # named things

    def ref(self, kind: str, ruleset: str, id_: str, state: State) -> Truth:
        """The truth of a rule, label, definition, judgement or role, remembered in `state`."""
        key = (kind, ruleset, id_)
        memo = state.memo
        if key in memo:
            return memo[key]
        value = memo[key] = self._named(kind, self.rulesets.by_id[ruleset], id_, state)
        return value

    def _named(self, kind: str, law: Ruleset, id_: str, state: State) -> Truth:
        match kind:
            case "rule":
                return self.rule(law, law.rules[id_], state)
            case "label":
                return any_of(self.ref("rule", law.id, r, state) for r in self._labelled[law.id].get(id_, ()))
            case "definition":
                return self.value(law.definitions[id_].when, state)
            case "role":
                return self.value(law.roles[id_].when, state)
            case _:
                return self.judgement(law, law.judgements[id_], state)

    def applies(self, law: Ruleset, state: State) -> Truth:
        """Whether the ruleset's gate is open."""
        return self.value(law.applies, state)

    def labelled(self, law: Ruleset, label: str) -> tuple[str, ...]:
        """The ids of the rules that give a label."""
        return self._labelled[law.id].get(label, ())

    def is_gated(self, law: Ruleset, rule: Rule) -> bool:
        """Whether a rule holds only if its ruleset applies (not so for those that decide that)."""
        return rule.id not in self._ungated[law.id]

    def rule(self, law: Ruleset, rule: Rule, state: State) -> Truth:
        """Whether a rule of `law` fires: enacted, gate open, condition holds and no exception fires."""
        if self.is_gated(law, rule):
            gate = self.applies(law, state)
            if gate is False:
                return False
        else:
            gate = True
        value = self.exception(law, rule, state)
        return value if gate or value is False else None

    def exception(self, law: Ruleset, rule: Rule, state: State) -> Truth:
        """Like `rule` without the gate: what an exception needs."""
        if not is_law(law, rule, state):
            return False
        when = self.value(rule.when, state)
        if when is False or not rule.unless:
            return when
        excepted = any_of(self.exception(law, e, state) for e in rule.unless)
        return all_of(iter((when, negate(excepted))))

    def obligation(self, law: Ruleset, obligation: Obligation, state: State) -> Truth:
        """Whether an obligation is owed: gate open, a role held, condition holds, no exception fires."""
        if not is_law(law, obligation, state):
            return False
        return all_of(self._obligation_parts(law, obligation, state))

    def _obligation_parts(self, law: Ruleset, obligation: Obligation, state: State) -> Iterator[Truth]:
        yield self.applies(law, state)
        if obligation.roles:
            yield any_of(self.ref("role", law.id, r, state) for r in obligation.roles)
        yield self.value(obligation.when, state)
        if obligation.unless:
            yield negate(any_of(self.exception(law, e, state) for e in obligation.unless))

    def judgement(self, law: Ruleset, judgement: Judgement, state: State) -> Truth:
        """A judgement: as determined, else as facts settle it, else no if nothing raises it, else unknown."""
        determined = state.determinations.get(f"{law.id}.{judgement.id}")
        if determined is not None:
            return determined
        yes = self.value(judgement.yes_when, state)
        if yes is not False:
            return yes
        no, raised = self.value(judgement.no_when, state), self.value(judgement.raised_when, state)
        return False if no is True or raised is False else None

    def is_raised(self, law: Ruleset, judgement: Judgement, state: State) -> bool:
        """Whether a judgement awaits counsel: facts point to it, settle it neither way, nobody has determined it."""
        return (
            state.determinations.get(f"{law.id}.{judgement.id}") is None
            and self.value(judgement.yes_when, state) is False
            and self.value(judgement.no_when, state) is False
            and self.value(judgement.raised_when, state) is True
        )


def is_law(law: Ruleset, item: Rule | Obligation, state: State) -> bool:
    """Whether a rule or obligation exists on the day (and, on the text alone, is no draft)."""
    if state.text_alone and item.basis == "draft_guidance":
        return False
    if state.as_of < law.enacted or (item.enacted is not None and state.as_of < item.enacted):
        return False
    return item.repealed is None or state.as_of < item.repealed


def _by_label(law: Ruleset) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for rule in law.rules.values():
        if rule.label:
            found[rule.label] = (*found.get(rule.label, ()), rule.id)
    return found


def refs(condition: Condition) -> Iterator[Ref]:
    """All references in a condition."""
    return (leaf for leaf in _leaves(condition) if isinstance(leaf, Ref))


def tests(condition: Condition) -> Iterator[Test]:
    """All tests of facts in a condition."""
    return (leaf for leaf in _leaves(condition) if isinstance(leaf, Test))


def _leaves(condition: Condition) -> Iterator[Ref | Test]:
    match condition:
        case Not(part):
            yield from _leaves(part)
        case AtLeast(_, parts):
            for part in parts:
                yield from _leaves(part)
        case _:
            yield condition


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """The condition of a rule and of its exceptions, all the way down."""
    yield rule.when
    for exception in rule.unless:
        yield from conditions_of(exception)


def behind(rulesets: Rulesets, ref: Ref) -> Iterator[Condition]:
    """The conditions that a reference stands for."""
    law = rulesets.by_id.get(ref.ruleset)
    if law is None:
        return
    match ref.kind:
        case "rule" if ref.id in law.rules:
            yield from conditions_of(law.rules[ref.id])
        case "label":
            for rule in law.rules.values():
                if rule.label == ref.id:
                    yield Ref("rule", law.id, rule.id)
        case "definition" if ref.id in law.definitions:
            yield law.definitions[ref.id].when
        case "role" if ref.id in law.roles:
            yield law.roles[ref.id].when
        case "judgement" if ref.id in law.judgements:
            judgement = law.judgements[ref.id]
            yield from (judgement.yes_when, judgement.no_when, judgement.raised_when)


def gate_rules(rulesets: Rulesets, law: Ruleset) -> frozenset[str]:
    """The rules of a law that decide whether it applies: these hold whether or not it does."""
    seen: set[Ref] = set()
    waiting = list(refs(law.applies))
    while waiting:
        ref = waiting.pop()
        if ref not in seen:
            seen.add(ref)
            waiting += [r for inner in behind(rulesets, ref) for r in refs(inner)]
    return frozenset(r.id for r in seen if r.kind == "rule" and r.ruleset == law.id)


def _at_least(n: int, parts: tuple[Evaluate, ...]) -> Evaluate:
    if n == len(parts):
        return lambda state: all_of(part(state) for part in parts)
    if n == 1:
        return lambda state: any_of(part(state) for part in parts)

    def counted(state: State) -> Truth:
        values = [part(state) for part in parts]
        if values.count(True) >= n:
            return True
        return False if len(values) - values.count(False) < n else None

    return counted


def _of_choice(known: Known | None, values: frozenset[str]) -> Truth:
    if not isinstance(known, Choice):
        return None
    if known.possible <= values:
        return True
    return None if known.possible & values else False


def _of_subset(known: Known | None, test: Test, options: frozenset[str]) -> Truth:
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


def _answered(known: Known | None) -> Truth:
    return True if isinstance(known, Text) and known.text else None


def _compare(known: Known | None, bounds: tuple[Bound, ...], ruleset: Ruleset | None, as_of: date) -> Truth:
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
