"""What is still open: the facts and judgements at the unknown ends of an unknown condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from raicheck.frozen import frozen
from raicheck.logic import Program, State, is_law
from raicheck.model import AtLeast, Condition, Judgement, Not, Obligation, Ref, Rule, Ruleset, Test, Unknowns

NOTHING = Unknowns((), ())


def of_condition(program: Program, condition: Condition, state: State) -> Unknowns:
    """The unknowns of a condition."""
    return _Walk(program, state).condition(condition)


def of_rule(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of a rule with its gate and exceptions."""
    return _Walk(program, state).rule(law, rule)


def of_exception(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of an exception, without the gate."""
    return _Walk(program, state).exception(law, rule)


def of_obligation(program: Program, law: Ruleset, obligation: Obligation, state: State) -> Unknowns:
    """The unknowns of an obligation: gate, condition, exceptions, then roles."""
    return _Walk(program, state).obligation(law, obligation)


def _together(parts: Iterator[Unknowns]) -> Unknowns:
    facts: dict[str, None] = {}
    judgements: dict[str, None] = {}
    for part in parts:
        facts.update(dict.fromkeys(part.facts))
        judgements.update(dict.fromkeys(part.judgements))
    return Unknowns(tuple(facts), tuple(judgements))


@frozen
class _Walk:
    """Unknowns of everything in one state; those of named things and compound conditions are remembered in it."""

    program: Program
    state: State

    def condition(self, condition: Condition) -> Unknowns:
        if self.program.value(condition, self.state) is not None:
            return NOTHING
        match condition:
            case Test(fact=fact):
                return self._fact(fact)
            case Not(part):
                return self.condition(part)
            case AtLeast(_, parts):
                return self._remembered(id(condition), lambda: _together(self.condition(p) for p in parts))
            case Ref():
                return self._remembered(condition, lambda: self._ref(condition))

    def _remembered(self, key: Ref | int, find: Callable[[], Unknowns]) -> Unknowns:
        found = self.state.unknowns.get(key)
        if found is None:
            found = self.state.unknowns[key] = find()
        return found

    def _fact(self, fact: str) -> Unknowns:
        gate = self.program.rulesets.bank.questions[fact].only_if
        if gate is not None and self.program.value(gate, self.state) is None:
            return self.condition(gate)
        return Unknowns((fact,), ())

    def _ref(self, ref: Ref) -> Unknowns:
        law = self.program.rulesets.by_id[ref.ruleset]
        match ref.kind:
            case "rule":
                return self.rule(law, law.rules[ref.id])
            case "label":
                return _together(self.condition(Ref("rule", law.id, id_)) for id_ in self.program.labelled(law, ref.id))
            case "definition":
                return self.condition(law.definitions[ref.id].when)
            case "role":
                return self.condition(law.roles[ref.id].when)
            case "judgement":
                return self._judgement(law, law.judgements[ref.id])

    def rule(self, law: Ruleset, rule: Rule) -> Unknowns:
        if self.program.rule(law, rule, self.state) is not None:
            return NOTHING
        gate = self.condition(law.applies) if self.program.is_gated(law, rule) else NOTHING
        return _together(iter((gate, self.exception(law, rule))))

    def exception(self, law: Ruleset, rule: Rule) -> Unknowns:
        if not is_law(law, rule, self.state):
            return NOTHING
        return _together(iter((self.condition(rule.when), *self._exceptions(law, rule.unless))))

    def _exceptions(self, law: Ruleset, exceptions: tuple[Rule, ...]) -> Iterator[Unknowns]:
        for exception in exceptions:
            if self.program.exception(law, exception, self.state) is None:
                yield self.exception(law, exception)

    def obligation(self, law: Ruleset, obligation: Obligation) -> Unknowns:
        if self.program.obligation(law, obligation, self.state) is not None:
            return NOTHING
        parts = [self.condition(law.applies), self.condition(obligation.when)]
        parts += self._exceptions(law, obligation.unless)
        if not self._is_held(law, obligation):
            parts += [self.condition(Ref("role", law.id, role)) for role in obligation.roles]
        return _together(iter(parts))

    def _is_held(self, law: Ruleset, obligation: Obligation) -> bool:
        return any(self.program.ref("role", law.id, r, self.state) is True for r in obligation.roles)

    def _judgement(self, law: Ruleset, judgement: Judgement) -> Unknowns:
        if self.program.judgement(law, judgement, self.state) is not None:
            return NOTHING
        if self.program.is_raised(law, judgement, self.state):
            return Unknowns((), (f"{law.id}.{judgement.id}",))
        parts = (judgement.yes_when, judgement.raised_when, judgement.no_when)
        return _together(self.condition(c) for c in parts)
