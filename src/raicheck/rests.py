"""Which facts something rests on, all the way down: without a change of these it stays what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from raicheck.leaves import behind, conditions_of, gate_rules, refs, tests
from raicheck.model import Condition, Obligation, Ref, Rule, Ruleset, Rulesets

Facts = frozenset[str]


class Rests:
    """What conditions, references, questions and obligations rest on, remembered."""

    def __init__(self, rulesets: Rulesets) -> None:
        self._rulesets = rulesets
        self._refs: dict[Ref, Facts] = {}
        self._gates: dict[str, Facts] = {}
        self._ungated = {law.id: gate_rules(rulesets, law) for law in rulesets.by_id.values()}

    def is_gated(self, law: Ruleset, rule: Rule) -> bool:
        """Whether a rule holds only if its ruleset applies (not so for those that decide that)."""
        return rule.id not in self._ungated[law.id]

    def of(self, conditions: Iterable[Condition]) -> Facts:
        """The facts of some conditions."""
        return frozenset(fact for condition in conditions for fact in self._of(condition))

    def _of(self, condition: Condition) -> Iterator[str]:
        for test in tests(condition):
            yield test.fact
            yield from self.of_gate(test.fact)
        for ref in refs(condition):
            yield from self.of_ref(ref)

    def of_gate(self, fact: str) -> Facts:
        """The facts that decide whether a question arises."""
        if fact not in self._gates:
            gate = self._rulesets.bank.questions[fact].only_if
            self._gates[fact] = frozenset() if gate is None else self.of((gate,))
        return self._gates[fact]

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
