"""What is still open: the facts and judgements at the unknown ends of an unknown condition."""

from __future__ import annotations

from dataclasses import dataclass, field

from raicheck.logic import Program, State, is_law
from raicheck.model import AtLeast, Condition, Judgement, Not, Obligation, Ref, Rule, Ruleset, Test


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Open fact ids in the order in which they are worth asking, and raised judgements (`<ruleset>.<id>`)."""

    facts: tuple[str, ...]
    judgements: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.facts or self.judgements)


def of_condition(program: Program, condition: Condition, state: State) -> Unknowns:
    """The unknowns of a condition."""
    walk = _Walk(program, state)
    walk.condition(condition)
    return walk.result()


def of_rule(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of a rule with its gate and exceptions."""
    walk = _Walk(program, state)
    walk.rule(law, rule)
    return walk.result()


def of_exception(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of an exception, without the gate."""
    walk = _Walk(program, state)
    walk.exception(law, rule)
    return walk.result()


def of_obligation(program: Program, law: Ruleset, obligation: Obligation, state: State) -> Unknowns:
    """The unknowns of an obligation: gate, condition, exceptions, then roles."""
    walk = _Walk(program, state)
    walk.obligation(law, obligation)
    return walk.result()


@dataclass(slots=True)
class _Walk:
    program: Program
    state: State
    facts: dict[str, None] = field(default_factory=dict)
    judgements: dict[str, None] = field(default_factory=dict)
    seen: set[Ref] = field(default_factory=set)

    def result(self) -> Unknowns:
        return Unknowns(tuple(self.facts), tuple(self.judgements))

    def condition(self, condition: Condition) -> None:
        if self.program.value(condition, self.state) is not None:
            return
        match condition:
            case Test(fact=fact):
                self._fact(fact)
            case Not(part):
                self.condition(part)
            case AtLeast(_, parts):
                for part in parts:
                    self.condition(part)
            case Ref():
                self._ref(condition)

    def _fact(self, fact: str) -> None:
        gate = self.program.rulesets.bank.questions[fact].only_if
        if gate is not None and self.program.value(gate, self.state) is None:
            self.condition(gate)
        else:
            self.facts[fact] = None

    def _ref(self, ref: Ref) -> None:
        if ref in self.seen:
            return
        self.seen.add(ref)
        law = self.program.rulesets.by_id[ref.ruleset]
        match ref.kind:
            case "rule":
                self.rule(law, law.rules[ref.id])
            case "label":
                for id_ in self.program.labelled(law, ref.id):
                    self._ref(Ref("rule", law.id, id_))
            case "definition":
                self.condition(law.definitions[ref.id].when)
            case "role":
                self.condition(law.roles[ref.id].when)
            case "judgement":
                self._judgement(law, law.judgements[ref.id])

    def rule(self, law: Ruleset, rule: Rule) -> None:
        if self.program.rule(law, rule, self.state) is not None:
            return
        if self.program.is_gated(law, rule):
            self.condition(law.applies)
        self.exception(law, rule)

    def exception(self, law: Ruleset, rule: Rule) -> None:
        if not is_law(law, rule, self.state):
            return
        self.condition(rule.when)
        for exception in rule.unless:
            if self.program.exception(law, exception, self.state) is None:
                self.exception(law, exception)

    def obligation(self, law: Ruleset, obligation: Obligation) -> None:
        if self.program.obligation(law, obligation, self.state) is not None:
            return
        self.condition(law.applies)
        self.condition(obligation.when)
        for exception in obligation.unless:
            if self.program.exception(law, exception, self.state) is None:
                self.exception(law, exception)
        for role in obligation.roles:
            self.condition(Ref("role", law.id, role))

    def _judgement(self, law: Ruleset, judgement: Judgement) -> None:
        if self.program.judgement(law, judgement, self.state) is not None:
            return
        if self.program.is_raised(law, judgement, self.state):
            self.judgements[f"{law.id}.{judgement.id}"] = None
            return
        self.condition(judgement.yes_when)
        self.condition(judgement.raised_when)
        self.condition(judgement.no_when)
