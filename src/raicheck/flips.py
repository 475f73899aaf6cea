"""What would change a result: the fewest other answers with which a rule that does not fire would."""

from __future__ import annotations

from itertools import islice

from raicheck.assess import Assessment, Result
from raicheck.dated import is_law
from raicheck.frozen import frozen
from raicheck.model import (
    AtLeast,
    Choice,
    Condition,
    Known,
    Not,
    Question,
    Ref,
    Rule,
    Ruleset,
    Subset,
    Test,
)
from raicheck.outcome import Outcome
from raicheck.words import known_words, option_words
from raicheck.worlds import alone


@frozen
class Change:
    """One answer that would be different: `now` and `then` in words; of a list that was given, the difference."""

    fact: str
    now: str
    then: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@frozen
class NearMiss:
    """A labelled rule that does not fire and the fewest facts that would make it."""

    rule: Rule
    changes: tuple[Change, ...]


def near_misses(assessment: Assessment, ruleset: str, most: int = 3, changes: int = 2) -> list[NearMiss]:
    """Labelled rules that do not fire but would with at most `changes` other facts, nearest first."""
    result = assessment.results[ruleset]
    found = []
    for outcome in result.rules:
        if outcome.status != "not_firing" or not outcome.rule.label or result.applies is False:
            continue
        flips = flip(assessment, result, outcome)
        if flips and len(flips) <= changes:
            found.append(NearMiss(outcome.rule, tuple(flips)))
    ranked = sorted(found, key=lambda m: (len(m.changes), -result.ruleset.labels[m.rule.label or ""].rank))
    return list(islice(ranked, most))


def flip(assessment: Assessment, result: Result, outcome: Outcome) -> list[Change]:
    """The fewest answers found that would turn a rule that does not fire into one that does; verified, else empty."""
    search = _Flip(assessment)
    wanted = search.rule(result.ruleset, outcome.rule, True)
    if wanted is None:
        return []
    known = {**assessment.state.known, **wanted}
    state = alone(known, assessment.state.determinations, assessment.as_of)
    if assessment.program.rule(result.ruleset, outcome.rule, state) is False:
        return []
    return [_change(assessment, fact, then) for fact, then in wanted.items()]


def _change(assessment: Assessment, fact: str, then: Known) -> Change:
    question = assessment.program.rulesets.bank.questions[fact]
    now = assessment.state.known.get(fact)
    said = "not answered" if now is None else known_words(question, now, brief=True) or "none of these"
    new = known_words(question, then, brief=True) or "none of these"
    if not isinstance(now, Subset) or not isinstance(then, Subset):
        return Change(fact, said, new)
    added = tuple(option_words(question, then.has - now.has, brief=True))
    removed = tuple(option_words(question, now.has - then.has, brief=True))
    return Change(fact, said, new, added, removed)


Wanted = dict[str, Known] | None


@frozen
class _Flip:
    """A cheapest set of facts to bring a condition to a value, found greedily and verified by the caller."""

    assessment: Assessment

    def rule(self, law: Ruleset, rule: Rule, want: bool) -> Wanted:
        program, state = self.assessment.program, self.assessment.state
        if program.rule(law, rule, state) is want:
            return {}
        parts: list[Wanted] = []
        if program.is_gated(law, rule):
            parts.append(self.condition(law.applies, want))
        parts += self._limited(law, rule, want)
        return _together(parts) if want else _cheapest(parts)

    def _limited(self, law: Ruleset, rule: Rule, want: bool) -> list[Wanted]:
        state, program = self.assessment.state, self.assessment.program
        parts = [self.condition(rule.when, want)]
        for exception in rule.unless:
            if not is_law(law, exception, state.as_of):
                continue
            if program.exception(law, exception, state) is (not want):
                parts.append({})
                continue
            inner = self._limited(law, exception, not want)
            parts.append(_cheapest(inner) if want else _together(inner))
        return parts

    def condition(self, condition: Condition, want: bool) -> Wanted:
        program, state = self.assessment.program, self.assessment.state
        if program.value(condition, state) is want:
            return {}
        match condition:
            case Test():
                return self._test(condition, want)
            case Not(part):
                return self.condition(part, not want)
            case AtLeast(n, parts):
                needed = n if want else len(parts) - n + 1
                return _cheapest_of(needed, [self.condition(p, want) for p in parts])
            case Ref():
                return self._ref(condition, want)

    def _ref(self, ref: Ref, want: bool) -> Wanted:
        program = self.assessment.program
        law = program.rulesets.by_id[ref.ruleset]
        match ref.kind:
            case "rule":
                return self.rule(law, law.rules[ref.id], want)
            case "label":
                parts = [self.rule(law, law.rules[i], want) for i in program.labelled(law, ref.id)]
                return _cheapest(parts) if want else _together(parts)
            case "definition":
                return self.condition(law.definitions[ref.id].when, want)
            case "role":
                return self.condition(law.roles[ref.id].when, want)
            case _:
                judgement = law.judgements[ref.id]
                ways = [self.condition(c, True) for c in (judgement.yes_when, judgement.raised_when)]
                return _cheapest(ways) if want else None

    def _test(self, test: Test, want: bool) -> Wanted:
        question = self.assessment.program.rulesets.bank.questions[test.fact]
        if not question.can_change or test.op in ("compare", "answered"):
            return None
        gate: Wanted = {}
        if question.only_if is not None:
            gate = self.condition(question.only_if, True) if want else {}
        known = self.assessment.state.known.get(test.fact)
        return _together([gate, {test.fact: _with(question, test, want, known)}])


def _with(question: Question, test: Test, want: bool, known: Known | None) -> Known:
    """The nearest knowledge of a fact that makes a test come out as wanted."""
    options = [o.id for o in question.options] or ["yes", "no"]
    if question.type != "many_of":
        fit = [o for o in options if (o in test.values) is want]
        return Choice(frozenset(fit[:1] or options[:1]))
    has = known.has if isinstance(known, Subset) else frozenset()
    if test.op == "none":
        chosen = frozenset() if want else has or frozenset(options[:1])
    elif want:
        first = [o for o in options if o in test.values][:1]
        chosen = (has & test.values if test.op == "only" else has) | frozenset(first)
    else:
        chosen = has - test.values
    return Subset(chosen, question.option_ids - chosen)


def _together(parts: list[Wanted]) -> Wanted:
    merged: dict[str, Known] = {}
    for part in parts:
        if part is None:
            return None
        for fact, known in part.items():
            if isinstance(known, Subset) and isinstance(merged.get(fact), Subset):
                before = merged[fact]
                assert isinstance(before, Subset)
                has = before.has | known.has
                known = Subset(has, (before.lacks | known.lacks) - has)
            elif fact in merged and merged[fact] != known:
                return None
            merged[fact] = known
    return merged


def _cheapest(parts: list[Wanted]) -> Wanted:
    return _cheapest_of(1, parts)


def _cheapest_of(n: int, parts: list[Wanted]) -> Wanted:
    possible = sorted((p for p in parts if p is not None), key=len)
    return _together(list(possible[:n])) if len(possible) >= n else None
