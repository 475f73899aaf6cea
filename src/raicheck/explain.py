"""Proofs, built when asked for: why a rule fires or not, what is open, what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from raicheck.assess import Assessment, Result
from raicheck.dated import is_law
from raicheck.frozen import frozen
from raicheck.leaves import behind
from raicheck.logic import Program
from raicheck.model import (
    NEVER,
    AtLeast,
    Choice,
    Condition,
    Judgement,
    Known,
    Not,
    Question,
    Ref,
    Rule,
    Ruleset,
    Subset,
    Test,
    Truth,
)
from raicheck.outcome import Outcome
from raicheck.words import known_words, option_words, ref_words
from raicheck.worlds import State, alone

ProofKind = Literal[
    "fact", "all", "any", "not", "rule", "exception", "judgement", "definition", "role", "label", "scope"
]


@frozen
class Proof:
    """A node of a proof: what was tested, its value, and the parts that made it so. `test` is that of a fact."""

    kind: ProofKind
    text: str
    value: Truth
    answer: str = ""
    fact: str = ""
    cites: tuple[str, ...] = ()
    parts: tuple[Proof, ...] = ()
    test: Test | None = None


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


def prove(assessment: Assessment, ruleset: str, rule: str) -> Proof:
    """The proof of a rule of a ruleset, whatever its status."""
    law = assessment.program.rulesets.by_id[ruleset]
    return _Prover(assessment).rule(law, law.rules[rule])


def prove_condition(assessment: Assessment, condition: Condition) -> Proof:
    """The proof of any condition (of an obligation, say)."""
    return _Prover(assessment).condition(condition)


def reasons(proof: Proof) -> Iterator[Proof]:
    """The facts and judgements at the ends of a proof, each once, in order."""
    seen: set[str] = set()
    visited: set[int] = set()
    waiting = [proof]
    while waiting:
        node = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        ends_here = node.kind in ("fact", "judgement") and not node.parts
        if ends_here and node.text + node.answer not in seen:
            seen.add(node.text + node.answer)
            yield node
        waiting += reversed(node.parts)


def brief_answer(assessment: Assessment, proof: Proof) -> str:
    """The answer of a proof of a fact, with the first words of its options."""
    if not proof.fact or proof.parts:
        return proof.answer
    return _Prover(assessment).answer(assessment.program.rulesets.bank.questions[proof.fact], brief=True)


def pointing_facts(assessment: Assessment, condition: Condition) -> Iterator[str]:
    """The facts that fulfil a test in a condition or behind its references; denials (not, none) point to nothing."""
    program = assessment.program
    match condition:
        case Test() if condition.op != "none" and program.value(condition, assessment.state) is True:
            yield condition.fact
        case AtLeast(_, parts):
            for part in parts:
                yield from pointing_facts(assessment, part)
        case Ref() if program.value(condition, assessment.state) is not False:
            for inner in behind(program.rulesets, condition):
                yield from pointing_facts(assessment, inner)


def why(assessment: Assessment, ruleset: str, rule: str, most: int = 4) -> str:
    """The reasons for a rule's status in one line, at most `most` of them."""
    return in_one_line(prove(assessment, ruleset, rule), most)


def in_one_line(proof: Proof, most: int = 4) -> str:
    """The reasons at the ends of a proof in one line, at most `most` of them."""
    ends = list(reasons(proof))
    said = [f"“{r.text}” – {r.answer}" if r.answer else r.text for r in ends[:most]]
    more = f" (and {len(ends) - most} more)" if len(ends) > most else ""
    return "; ".join(said) + more


@frozen
class _Prover:
    """Proofs in one state, where those of rules and conditions are remembered: they share parts."""

    assessment: Assessment

    @property
    def _program(self) -> Program:
        return self.assessment.program

    @property
    def _state(self) -> State:
        return self.assessment.state

    def rule(self, law: Ruleset, rule: Rule) -> Proof:
        key = (law.id, rule.id)
        if key not in self._state.proofs:
            self._state.proofs[key] = self._rule(law, rule)
        proof: Proof = self._state.proofs[key]
        return proof

    def _rule(self, law: Ruleset, rule: Rule) -> Proof:
        value = self._program.ref("rule", law.id, rule.id, self._state)
        parts: list[Proof] = []
        if self._program.is_gated(law, rule):
            gate = self._program.applies(law, self._state)
            if gate is not True:
                scope = self.condition(law.applies)
                parts.append(Proof("scope", f"{law.title} applies", gate, parts=(scope,)))
                if gate is False:
                    return Proof("rule", rule.title or rule.id, value, cites=rule.cites, parts=tuple(parts))
        parts += self._rule_parts(law, rule, value)
        return Proof("rule", rule.title or rule.id, value, cites=rule.cites, parts=tuple(parts))

    def _rule_parts(self, law: Ruleset, rule: Rule, value: Truth) -> list[Proof]:
        when = self._program.value(rule.when, self._state)
        parts = [self.condition(rule.when)] if when is value or when is None or value is None else []
        for exception in rule.unless:
            if not is_law(law, exception, self._state.as_of):
                continue
            fires = self._program.exception(law, exception, self._state)
            if (value is True and fires is False) or (value is not True and fires is not False and when is not False):
                parts.append(self._exception(law, exception, fires))
        return parts

    def _exception(self, law: Ruleset, rule: Rule, value: Truth) -> Proof:
        parts = tuple(self._rule_parts(law, rule, value))
        return Proof("exception", f"exception: {rule.title or rule.id}", value, cites=rule.cites, parts=parts)

    def condition(self, condition: Condition) -> Proof:
        if id(condition) not in self._state.proofs:
            self._state.proofs[id(condition)] = (condition, self._condition(condition))  # held: ids are used anew
        proof: Proof = self._state.proofs[id(condition)][1]
        return proof

    def _condition(self, condition: Condition) -> Proof:
        value = self._program.value(condition, self._state)
        match condition:
            case Test():
                return self._test(condition, value)
            case Not(part):
                inner = self.condition(part)
                return Proof("not", "not", value, parts=(inner,))
            case AtLeast():
                return self._at_least(condition, value)
            case Ref():
                return self._ref(condition, value)

    def _test(self, test: Test, value: Truth) -> Proof:
        question = self._program.rulesets.bank.questions[test.fact]
        gate = question.only_if
        if gate is not None and self._program.value(gate, self._state) is not True:
            hangs = "does not arise" if value is not None else "depends on"
            return Proof("fact", question.ask, value, hangs, test.fact, parts=(self.condition(gate),), test=test)
        return Proof("fact", question.ask, value, self.answer(question), test.fact, test=test)

    def answer(self, question: Question, brief: bool = False) -> str:
        given = self.assessment.spec.answers.get(question.id)
        known = self._state.known.get(question.id)
        if known is None or (given is None and question.id not in self.assessment.facts.derived):
            return "not answered"
        said = known_words(question, known, brief)
        if not said:
            return "not sure" if given is not None and given.unsure else "none of these"
        if question.id in self.assessment.facts.derived:
            return f"{said} (follows from other answers)"
        return said

    def _at_least(self, condition: AtLeast, value: Truth) -> Proof:
        kind: ProofKind = "all" if condition.n == len(condition.parts) else "any"
        parts = [self.condition(p) for p in condition.parts if self._program.value(p, self._state) is value]
        if kind == "any" and condition.n == 1 and value is True:
            parts = parts[:1]
        if kind == "all" and value is False:
            parts = parts[:1]
        if len(parts) == 1:
            return parts[0]
        text = {"all": "all of", "any": f"at least {condition.n} of" if condition.n > 1 else "any of"}[kind]
        return Proof(kind, text, value, parts=tuple(parts))

    def _ref(self, ref: Ref, value: Truth) -> Proof:
        law = self._program.rulesets.by_id[ref.ruleset]
        text = ref_words(self._program, ref)
        match ref.kind:
            case "rule":
                return self.rule(law, law.rules[ref.id])
            case "judgement":
                return self._judgement(law, law.judgements[ref.id], value)
            case "label":
                ids = self._program.labelled(law, ref.id)
                same = [i for i in ids if self._program.ref("rule", law.id, i, self._state) is value]
                parts = tuple(self.rule(law, law.rules[i]) for i in (same[:1] if value else same))
                return Proof("label", text, value, parts=parts)
            case "role":
                role = law.roles[ref.id]
                return Proof("role", text, value, cites=role.cites, parts=(self.condition(role.when),))
            case _:
                definition = law.definitions[ref.id]
                parts = (self.condition(definition.when),)
                return Proof("definition", text, value, cites=definition.cites, parts=parts)

    def _judgement(self, law: Ruleset, judgement: Judgement, value: Truth) -> Proof:
        name = f"{law.id}.{judgement.id}"
        for determination in self.assessment.spec.determinations:
            if determination.judgement == name and not determination.lacks:
                said = f"determined: {'yes' if determination.answer else 'no'}, by {determination.by}"
                return Proof("judgement", judgement.ask, value, said, cites=judgement.cites)
        if self._program.is_raised(law, judgement, self._state):
            return Proof("judgement", judgement.ask, value, "needs counsel", cites=judgement.cites)
        settled = [c for c in (judgement.yes_when, judgement.no_when) if self._program.value(c, self._state) is True]
        parts = tuple(self.condition(c) for c in settled[:1] or self._unsettled(judgement, value))
        return Proof("judgement", judgement.ask, value, "", cites=judgement.cites, parts=parts)

    def _unsettled(self, judgement: Judgement, value: Truth) -> list[Condition]:
        """What leaves a judgement open, or keeps it from arising."""
        may = [judgement.yes_when, judgement.raised_when] + ([judgement.no_when] if value is None else [])
        return [c for c in may if c != NEVER and self._program.value(c, self._state) is value]


# What would change the result


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
