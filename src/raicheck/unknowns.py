"""What is still open: the facts and judgements at the unknown ends of an unknown condition."""

from __future__ import annotations

from collections.abc import Iterable

from raicheck.dated import is_law
from raicheck.frozen import frozen
from raicheck.logic import Program
from raicheck.model import AtLeast, Condition, Implication, Judgement, Not, Obligation, Ref, Rule, Ruleset, Unknowns
from raicheck.worlds import State

NOTHING = Unknowns((), ())


def of_condition(program: Program, condition: Condition, state: State) -> Unknowns:
    """The unknowns of a condition; in a state with what is beyond it (see reach.py) those that can still be decided."""
    return _collected(_Walk(program, state).condition(condition))


def of_rule(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of a rule with its gate and exceptions."""
    return _collected(_Walk(program, state).ref("rule", law.id, rule.id))


def of_exception(program: Program, law: Ruleset, rule: Rule, state: State) -> Unknowns:
    """The unknowns of an exception, without the gate."""
    return _collected(_Walk(program, state).exception(law, rule))


def of_obligation(program: Program, law: Ruleset, obligation: Obligation, state: State) -> Unknowns:
    """The unknowns of an obligation: gate, condition, exceptions, then roles."""
    return _collected(_Walk(program, state).obligation(law, obligation))


@frozen
class _Raised:
    """A judgement that awaits counsel."""

    judgement: str


_Ends = dict[str | _Raised, None]
"""Facts and judgements in the order in which they were found."""


def _collected(ends: _Ends) -> Unknowns:
    facts = tuple(e for e in ends if isinstance(e, str))
    return Unknowns(facts, tuple(e.judgement for e in ends if isinstance(e, _Raised)))


class _Walk:
    """The unknown ends in one state, left to right; with what is beyond it, those of them that can still be decided.

    Those of facts, names and lists are remembered in the state (conditions by identity: they live as long as the law).
    """

    def __init__(self, program: Program, state: State) -> None:
        self._program = program
        self._state = state
        self._walking: set[int] = set()

    def condition(self, condition: Condition) -> _Ends:
        """Those of a condition."""
        if isinstance(condition, Ref):
            return self.ref(condition.kind, condition.ruleset, condition.id)
        if isinstance(condition, AtLeast):
            return self._list(condition)
        if not self._state.is_open(self._program.planes(condition, self._state.worlds)):
            return {}
        return self.condition(condition.part) if isinstance(condition, Not) else self._fact(condition.fact)

    def _all(self, conditions: Iterable[Condition]) -> _Ends:
        found: _Ends = {}
        for condition in conditions:
            found.update(self.condition(condition))
        return found

    def _list(self, condition: AtLeast) -> _Ends:
        found: _Ends | None = self._state.unknowns.get(id(condition))
        if found is None:
            is_open = self._state.is_open(self._program.planes(condition, self._state.worlds))
            found = self._remembered(id(condition), self._all(condition.parts) if is_open else {})
        return found

    def ref(self, kind: str, ruleset: str, id_: str) -> _Ends:
        """Those of a rule with its gate, a label, definition, judgement or role."""
        key = (kind, ruleset, id_)
        found: _Ends | None = self._state.unknowns.get(key)
        if found is None:
            is_open = self._state.is_open(self._program.named(*key)(self._state.worlds))
            law = self._program.rulesets.by_id[ruleset]
            found = self._remembered(key, self._named(kind, law, id_) if is_open else {})
        return found

    def _remembered(self, key: object, found: _Ends) -> _Ends:
        if not self._walking:  # else what is being walked already is left out
            self._state.unknowns[key] = found
        return found

    def _fact(self, fact: str) -> _Ends:
        """The fact itself or what decides whether its question arises, and what may settle it."""
        found: _Ends | None = self._state.unknowns.get(fact)
        return self._remembered(fact, self._of_fact(fact)) if found is None else found

    def _of_fact(self, fact: str) -> _Ends:
        gate = self._program.rulesets.bank.questions[fact].only_if
        is_clear = self._program.arises(fact, self._state) is not None
        found: _Ends = {fact: None} if gate is None or is_clear else dict(self.condition(gate))
        if fact in self._state.follows and not (is_clear and fact in self._state.askable):
            for implication in self._program.rulesets.bank.implications:
                if implication.fact == fact:
                    found.update(self._implication(implication))
        return found

    def _implication(self, implication: Implication) -> _Ends:
        """Those of what may settle a fact; these may go in circles."""
        if id(implication) in self._walking:
            return {}
        self._walking.add(id(implication))
        found = self.condition(implication.when)
        self._walking.discard(id(implication))
        return found

    def _named(self, kind: str, law: Ruleset, id_: str) -> _Ends:
        match kind:
            case "rule":
                return self.rule(law, law.rules[id_])
            case "label":
                return self._all(Ref("rule", law.id, rule) for rule in self._program.labelled(law, id_))
            case "definition":
                return self.condition(law.definitions[id_].when)
            case "role":
                return self.condition(law.roles[id_].when)
            case _:
                return self._judgement(law, law.judgements[id_])

    def rule(self, law: Ruleset, rule: Rule) -> _Ends:
        """Those of a rule that is open, with its gate."""
        gate = (law.applies,) if self._program.is_gated(law, rule) else ()
        return self._all(gate) | self.exception(law, rule)

    def exception(self, law: Ruleset, rule: Rule) -> _Ends:
        """The same without the gate."""
        if not is_law(law, rule, self._state.as_of, self._state.text_alone):
            return {}
        return self._all((rule.when,)) | self._exceptions(law, rule.unless)

    def _exceptions(self, law: Ruleset, exceptions: tuple[Rule, ...]) -> _Ends:
        found: _Ends = {}
        for exception in exceptions:
            if self._program.exception(law, exception, self._state) is None:
                found.update(self.exception(law, exception))
        return found

    def obligation(self, law: Ruleset, obligation: Obligation) -> _Ends:
        """Those of an obligation."""
        if self._program.obligation(law, obligation, self._state) is not None:
            return {}
        found = self._all((law.applies, obligation.when)) | self._exceptions(law, obligation.unless)
        if not any(self._program.ref("role", law.id, r, self._state) for r in obligation.roles):
            found |= self._all(Ref("role", law.id, role) for role in obligation.roles)
        return found

    def _judgement(self, law: Ruleset, judgement: Judgement) -> _Ends:
        if self._program.is_raised(law, judgement, self._state):
            return {_Raised(f"{law.id}.{judgement.id}"): None}
        return self._all((judgement.yes_when, judgement.raised_when, judgement.no_when))
