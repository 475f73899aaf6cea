"""Proofs, built when asked for: why a rule fires or not, what is open, what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from raicheck.assess import Assessment
from raicheck.dated import is_law
from raicheck.frozen import frozen
from raicheck.leaves import behind
from raicheck.logic import Program
from raicheck.model import (
    NEVER,
    AtLeast,
    Condition,
    Judgement,
    Not,
    Question,
    Ref,
    Rule,
    Ruleset,
    Test,
    Truth,
)
from raicheck.words import known_words, ref_words
from raicheck.worlds import State

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
