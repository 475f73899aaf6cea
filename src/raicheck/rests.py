"""Which facts something rests on, all the way down: without a change of these it stays what it is."""

from __future__ import annotations

from collections.abc import Iterable

from raicheck.leaves import behind, conditions_of, gate_rules
from raicheck.model import Condition, Not, Obligation, Ref, Rule, Ruleset, Rulesets, Test

Facts = int
"""Some facts, a bit each."""


class Rests:
    """What conditions, references, questions and obligations rest on, remembered."""

    def __init__(self, rulesets: Rulesets) -> None:
        self._rulesets = rulesets
        self._bits = {fact: 1 << number for number, fact in enumerate(rulesets.bank.questions)}
        self._refs: dict[Ref, Facts] = {}
        self._lists: dict[int, Facts] = {}
        self._facts: dict[str, Facts] = {}
        self._ungated = {law.id: gate_rules(rulesets, law) for law in rulesets.by_id.values()}

    def is_gated(self, law: Ruleset, rule: Rule) -> bool:
        """Whether a rule holds only if its ruleset applies (not so for those that decide that)."""
        return rule.id not in self._ungated[law.id]

    def facts(self, ids: Iterable[str]) -> Facts:
        """Facts by their ids."""
        found = 0
        for fact in ids:
            found |= self._bits[fact]
        return found

    def of(self, conditions: Iterable[Condition]) -> Facts:
        """The facts of some conditions."""
        found = 0
        for condition in conditions:
            found |= self._of(condition)
        return found

    def _of(self, condition: Condition) -> Facts:
        if isinstance(condition, Test):
            return self.of_fact(condition.fact)
        if isinstance(condition, Ref):
            return self.of_ref(condition)
        if isinstance(condition, Not):
            return self._of(condition.part)
        key = id(condition)  # lists live as long as the law
        if key not in self._lists:
            self._lists[key] = self.of(condition.parts)
        return self._lists[key]

    def of_fact(self, fact: str) -> Facts:
        """A fact and those that decide whether its question arises."""
        if fact not in self._facts:
            self._facts[fact] = self.of_gate(fact) | self._bits[fact]
        return self._facts[fact]

    def of_gate(self, fact: str) -> Facts:
        """The facts that decide whether a question arises."""
        gate = self._rulesets.bank.questions[fact].only_if
        return 0 if gate is None else self.of((gate,))

    def of_ref(self, ref: Ref) -> Facts:
        """The facts of a rule with its gate, a label, definition, judgement or role."""
        if ref not in self._refs:
            law = self._rulesets.by_id[ref.ruleset]
            gate = (law.applies,) if ref.kind == "rule" and self.is_gated(law, law.rules[ref.id]) else ()
            self._refs[ref] = self.of((*gate, *behind(self._rulesets, ref)))
        return self._refs[ref]

    def of_obligation(self, law: Ruleset, owed: Obligation) -> Facts:
        """The facts that decide whether an obligation is owed."""
        roles = (Ref("role", law.id, role) for role in owed.roles)
        exceptions = (c for exception in owed.unless for c in conditions_of(exception))
        return self.of((law.applies, owed.when, *roles, *exceptions))
