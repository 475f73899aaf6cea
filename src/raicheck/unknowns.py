"""What is still open: the facts and judgements at the unknown ends of an unknown condition."""

from __future__ import annotations

from collections.abc import Iterator

from raicheck.dated import is_law
from raicheck.frozen import field, frozen
from raicheck.logic import Program
from raicheck.model import AtLeast, Condition, Implication, Judgement, Not, Obligation, Ref, Rule, Ruleset, Unknowns
from raicheck.reach import is_lost
from raicheck.worlds import State

NOTHING = Unknowns((), ())


def of_condition(program: Program, condition: Condition, state: State, reached: State | None = None) -> Unknowns:
    """The unknowns of a condition; with `reached`, of these what can still be decided (see reach.py)."""
    return _collected(_Walk(program, state, reached).condition(condition))


def of_rule(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of a rule with its gate and exceptions."""
    return _collected(_Walk(program, state).condition(Ref("rule", law.id, rule.id)))


def of_exception(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of an exception, without the gate."""
    return _collected(_Walk(program, state).exception(law, rule))


def of_obligation(
    program: Program, law: Ruleset, obligation: Obligation, state: State, reached: State | None = None
) -> Unknowns:
    """The unknowns of an obligation: gate, condition, exceptions, then roles; `reached` as above."""
    return _collected(_Walk(program, state, reached).obligation(law, obligation))


@frozen
class _Raised:
    """A judgement that awaits counsel."""

    judgement: str


_Ends = Iterator[str | _Raised]


def _collected(ends: _Ends) -> Unknowns:
    found = dict.fromkeys(ends)
    facts = tuple(e for e in found if isinstance(e, str))
    return Unknowns(facts, tuple(e.judgement for e in found if isinstance(e, _Raised)))


@frozen
class _Walk:
    """The unknown ends in one state, left to right; with `reached`, of these the ones that can still be decided.

    Those of names and lists are remembered in the state (conditions by identity: they live as long as the law).
    """

    program: Program
    state: State
    reached: State | None = None
    walking: set[int] = field(default_factory=set)

    def condition(self, condition: Condition) -> _Ends:
        if isinstance(condition, AtLeast | Ref):
            yield from self._compound(condition)
        elif self._is_open(condition):
            if isinstance(condition, Not):
                yield from self.condition(condition.part)
            else:
                yield from self._fact(condition.fact)

    def _is_open(self, condition: Condition) -> bool:
        """Whether it is unknown, and can still be decided if that is what is looked for."""
        if self.program.value(condition, self.state) is not None:
            return False
        return self.reached is None or not is_lost(self.program.planes(condition, self.reached.worlds), self.reached)

    def _fact(self, fact: str) -> _Ends:
        gate = self.program.rulesets.bank.questions[fact].only_if
        arises = gate is None or self.program.value(gate, self.state) is not None
        if gate is not None and not arises:
            yield from self.condition(gate)
        else:
            yield fact
        if self.reached is not None and fact in self.reached.follows and not (arises and self.reached.can_ask(fact)):
            for implication in self.program.rulesets.bank.implications:
                if implication.fact == fact:
                    yield from self._implication(implication)

    def _implication(self, implication: Implication) -> _Ends:
        """The unknown ends of what may settle a fact; these may go in circles."""
        if id(implication) not in self.walking:
            self.walking.add(id(implication))
            yield from self.condition(implication.when)
            self.walking.discard(id(implication))

    def _compound(self, condition: AtLeast | Ref) -> _Ends:
        key = condition if isinstance(condition, Ref) else id(condition)
        remembered = (self.reached or self.state).unknowns
        found = remembered.get(key)
        if found is None:
            open_ = self._is_open(condition)
            found = tuple(dict.fromkeys(self._inner(condition))) if open_ else ()
            if not self.walking:  # else what is being walked already is left out
                remembered[key] = found
        return iter(found)

    def _inner(self, condition: AtLeast | Ref) -> _Ends:
        if isinstance(condition, Ref):
            yield from self._ref(condition)
            return
        for part in condition.parts:
            yield from self.condition(part)

    def _ref(self, ref: Ref) -> _Ends:
        law = self.program.rulesets.by_id[ref.ruleset]
        match ref.kind:
            case "rule":
                yield from self.rule(law, law.rules[ref.id])
            case "label":
                for id_ in self.program.labelled(law, ref.id):
                    yield from self.condition(Ref("rule", law.id, id_))
            case "definition":
                yield from self.condition(law.definitions[ref.id].when)
            case "role":
                yield from self.condition(law.roles[ref.id].when)
            case "judgement":
                yield from self._judgement(law, law.judgements[ref.id])

    def rule(self, law: Ruleset, rule: Rule) -> _Ends:
        if self.program.ref("rule", law.id, rule.id, self.state) is not None:
            return
        if self.program.is_gated(law, rule):
            yield from self.condition(law.applies)
        yield from self.exception(law, rule)

    def exception(self, law: Ruleset, rule: Rule) -> _Ends:
        if is_law(law, rule, self.state.as_of, self.state.text_alone):
            yield from self.condition(rule.when)
            yield from self._exceptions(law, rule.unless)

    def _exceptions(self, law: Ruleset, exceptions: tuple[Rule, ...]) -> _Ends:
        for exception in exceptions:
            if self.program.exception(law, exception, self.state) is None:
                yield from self.exception(law, exception)

    def obligation(self, law: Ruleset, obligation: Obligation) -> _Ends:
        if self.program.obligation(law, obligation, self.state) is not None:
            return
        yield from self.condition(law.applies)
        yield from self.condition(obligation.when)
        yield from self._exceptions(law, obligation.unless)
        if not any(self.program.ref("role", law.id, r, self.state) for r in obligation.roles):
            for role in obligation.roles:
                yield from self.condition(Ref("role", law.id, role))

    def _judgement(self, law: Ruleset, judgement: Judgement) -> _Ends:
        if self.program.judgement(law, judgement, self.state) is not None:
            return
        if self.program.is_raised(law, judgement, self.state):
            yield _Raised(f"{law.id}.{judgement.id}")
            return
        for condition in (judgement.yes_when, judgement.raised_when, judgement.no_when):
            yield from self.condition(condition)
