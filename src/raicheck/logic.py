"""Rulesets compiled to closures that evaluate one world or many: the one place where conditions have a meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from raicheck.closures import Evaluate, counted, deferred, every, negated, some
from raicheck.dated import is_draft, is_law
from raicheck.holds import holds
from raicheck.kleene import Planes
from raicheck.leaves import behind, conditions_of, refs
from raicheck.model import (
    AtLeast,
    Condition,
    Judgement,
    Not,
    Obligation,
    Ref,
    Rule,
    Ruleset,
    Rulesets,
    Test,
    Truth,
)
from raicheck.rests import Facts, Rests
from raicheck.worlds import State, Worlds

_Key = tuple[str, str, str]


class Program:
    """Rulesets compiled to closures. Build once, evaluate for any number of specs and days."""

    def __init__(self, rulesets: Rulesets) -> None:
        self.rulesets = rulesets
        self._compiled: dict[object, tuple[object, Evaluate]] = {}  # by identity, kept: ids are unique among the living
        self._named: dict[_Key, Evaluate] = {}
        self._gates: dict[str, Evaluate | None] = {}
        self._drafts: dict[_Key, bool] = {}
        self._rests = Rests(rulesets)
        self._places: list[Facts | Callable[[], Facts]] = []  # what may be remembered, with the facts it rests on
        self._labelled = {r.id: _by_label(r) for r in rulesets.by_id.values()}

    # one world

    def value(self, condition: Condition, state: State) -> Truth:
        """The truth of `condition` in `state`."""
        return state.truth(self.planes(condition, state.worlds))

    def ref(self, kind: str, ruleset: str, id_: str, state: State) -> Truth:
        """The truth of a rule, label, definition, judgement or role."""
        return state.truth(self.named(kind, ruleset, id_)(state.worlds))

    def applies(self, law: Ruleset, state: State) -> Truth:
        """Whether the ruleset's gate is open."""
        return self.value(law.applies, state)

    def rule(self, law: Ruleset, rule: Rule, state: State) -> Truth:
        """Whether a rule of `law` fires: enacted, gate open, condition holds and no exception fires."""
        return state.truth(self._gated_rule(law, rule)(state.worlds))

    def exception(self, law: Ruleset, rule: Rule, state: State) -> Truth:
        """Like `rule` without the gate: what an exception needs."""
        return state.truth(self.limited(law, rule)(state.worlds))

    def obligation(self, law: Ruleset, obligation: Obligation, state: State) -> Truth:
        """Whether an obligation is owed: gate open, a role held, condition holds, no exception fires."""
        return state.truth(self.owed(law, obligation)(state.worlds))

    def judgement(self, law: Ruleset, judgement: Judgement, state: State) -> Truth:
        """A judgement: as determined, else as facts settle it, else no if nothing raises it, else unknown."""
        return self.ref("judgement", law.id, judgement.id, state)

    def is_raised(self, law: Ruleset, judgement: Judgement, state: State) -> bool:
        """Whether a judgement awaits counsel: facts point to it, settle it neither way, nobody has determined it."""
        return (
            state.determinations.get(f"{law.id}.{judgement.id}") is None
            and self.value(judgement.yes_when, state) is False
            and self.value(judgement.no_when, state) is False
            and self.value(judgement.raised_when, state) is True
        )

    def arises(self, fact: str, state: State) -> Truth:
        """Whether a question arises with the other answers."""
        gate = self._gate(fact)
        return True if gate is None else state.truth(gate(state.worlds))

    def labelled(self, law: Ruleset, label: str) -> tuple[str, ...]:
        """The ids of the rules that give a label."""
        return self._labelled[law.id].get(label, ())

    def is_gated(self, law: Ruleset, rule: Rule) -> bool:
        """Whether a rule holds only if its ruleset applies (not so for those that decide that)."""
        return self._rests.is_gated(law, rule)

    def facts(self, ids: Iterable[str]) -> Facts:
        """Facts as what something rests on."""
        return self._rests.facts(ids)

    def rests(self, place: int) -> Facts:
        """The facts that something remembered rests on, by its place."""
        found = self._places[place]
        if not isinstance(found, int):
            found = self._places[place] = found()
        return found

    # many worlds

    def idle(self, fact: str, worlds: Worlds) -> int:
        """Where a question does not arise."""
        gate = self._gate(fact)
        return 0 if gate is None else gate(worlds)[1]

    def planes(self, condition: Condition, worlds: Worlds) -> Planes:
        """Where `condition` is true and where it is false."""
        found = self._compiled.get(id(condition))
        return found[1](worlds) if found else self._compile(condition)(worlds)

    def named(self, kind: str, ruleset: str, id_: str) -> Evaluate:
        """How to evaluate a rule, label, definition, judgement or role."""
        key = (kind, ruleset, id_)
        found = self._named.get(key)
        if found is None:
            make = deferred(lambda: self._make_named(kind, self.rulesets.by_id[ruleset], id_))
            ref = Ref(kind, ruleset, id_)  # type: ignore[arg-type]
            evaluate = self._remembered(make, lambda: self._hangs_on_drafts(key), lambda: self._rests.of_ref(ref))
            found = self._named[key] = evaluate
        return found

    def owed(self, law: Ruleset, obligation: Obligation) -> Evaluate:
        """How to evaluate an obligation."""
        return self._once((law.id, id(obligation)), obligation, lambda: self._obligation(law, obligation))

    def _compile(self, condition: Condition) -> Evaluate:
        if type(condition) is Ref:  # often made on the fly: remembered by its name
            return self.named(condition.kind, condition.ruleset, condition.id)
        return self._once(id(condition), condition, lambda: self._make(condition))

    def _once(self, key: object, item: object, make: Callable[[], Evaluate]) -> Evaluate:
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = (item, make())
        return found[1]

    def _make(self, condition: Condition) -> Evaluate:
        match condition:
            case Test():
                return self._remembered(self._test(condition), _never, lambda: self._rests.of_fact(condition.fact))
            case Ref(kind, ruleset, id_):
                return self.named(kind, ruleset, id_)
            case Not(part):
                return negated(self._compile(part))
            case AtLeast(n, parts):
                return counted(n, tuple(self._compile(p) for p in parts))

    def _test(self, test: Test) -> Evaluate:
        question = self.rulesets.bank.questions[test.fact]
        fact, holds_for = test.fact, holds(test, question, self.rulesets.by_id.get(test.ruleset))
        gate = self._gate(fact)

        def tested(worlds: Worlds) -> Planes:
            yes = no = 0
            for known, where in worlds.groups(fact):
                value = holds_for(known, worlds.as_of)
                if value:
                    yes |= where
                elif value is False:
                    no |= where
            if worlds.possible is None:
                return yes, no
            open_ = worlds.everywhere & ~(yes | no)
            asked = gate(worlds)[0] if gate else worlds.everywhere  # nobody is asked where it does not arise
            can, cannot = worlds.possible.planes(fact, holds_for, worlds.as_of, open_, asked)
            return yes | can, no | cannot

        if gate is None:
            return tested
        return some((negated(gate), tested)) if test.op == "none" else every((gate, tested))

    def _gate(self, fact: str) -> Evaluate | None:
        """Where a question arises; None if it always does."""
        if fact not in self._gates:
            only_if = self.rulesets.bank.questions[fact].only_if
            self._gates[fact] = None
            if only_if is not None:
                gate, rests = self._compile(only_if), lambda: self._rests.of_gate(fact)
                self._gates[fact] = self._remembered(gate, _never, rests)
        return self._gates[fact]

    def _remembered(self, evaluate: Evaluate, drafts: Callable[[], bool], rests: Callable[[], Facts]) -> Evaluate:
        """Evaluated once for the same worlds; what hangs on no draft is the same on the text alone."""
        place = len(self._places)
        self._places.append(rests)

        def remembered(worlds: Worlds) -> Planes:
            found = worlds.memo.get(place)
            if found is None:
                if worlds.with_drafts is not None and not drafts():
                    found = remembered(worlds.with_drafts)
                else:
                    found = (worlds.before and worlds.as_before(place, self.rests)) or evaluate(worlds)
                worlds.memo[place] = found
            return found

        return remembered

    def _make_named(self, kind: str, law: Ruleset, id_: str) -> Evaluate:
        match kind:
            case "rule":
                return self._gated_rule(law, law.rules[id_])
            case "label":
                return some([self.named("rule", law.id, r) for r in self.labelled(law, id_)])
            case "definition":
                return self._compile(law.definitions[id_].when)
            case "role":
                return self._compile(law.roles[id_].when)
            case _:
                return self._judgement(law, law.judgements[id_])

    def _gated_rule(self, law: Ruleset, rule: Rule) -> Evaluate:
        fires = self.limited(law, rule)
        return every((self._compile(law.applies), fires)) if self.is_gated(law, rule) else fires

    def limited(self, law: Ruleset, rule: Rule) -> Evaluate:
        """How to evaluate a rule with its exceptions and without the gate."""
        return self._once((law.id, id(rule)), rule, lambda: self._limited(law, rule))

    def _limited(self, law: Ruleset, rule: Rule) -> Evaluate:
        return self._remembered(self._rule(law, rule), _always, lambda: self._rests.of(conditions_of(rule)))

    def _rule(self, law: Ruleset, rule: Rule) -> Evaluate:
        return self._if_law(law, rule, every([self._compile(rule.when), *self._unless(law, rule.unless)]))

    def _unless(self, law: Ruleset, exceptions: Sequence[Rule]) -> list[Evaluate]:
        return [negated(self.limited(law, e)) for e in exceptions]

    def _obligation(self, law: Ruleset, owed: Obligation) -> Evaluate:
        parts = [self._compile(law.applies)]
        if owed.roles:
            parts.append(some([self.named("role", law.id, r) for r in owed.roles]))
        parts += [self._compile(owed.when), *self._unless(law, owed.unless)]
        evaluate = self._if_law(law, owed, every(parts))
        return self._remembered(evaluate, _always, lambda: self._rests.of_obligation(law, owed))

    def _if_law(self, law: Ruleset, item: Rule | Obligation, evaluate: Evaluate) -> Evaluate:
        """Nothing where a rule or obligation does not exist on the day."""
        return lambda w: evaluate(w) if is_law(law, item, w.as_of, w.text_alone) else (0, w.everywhere)

    def _judgement(self, law: Ruleset, judgement: Judgement) -> Evaluate:
        name = f"{law.id}.{judgement.id}"
        yes_when, no_when, raised_when = (
            self._compile(c) for c in (judgement.yes_when, judgement.no_when, judgement.raised_when)
        )

        def judged(worlds: Worlds) -> Planes:
            yes, no = worlds.determined(name)
            open_ = worlds.everywhere & ~(yes | no)
            is_yes, is_no = yes_when(worlds)
            settled = no_when(worlds)[0] | raised_when(worlds)[1]
            return yes | open_ & is_yes, no | open_ & is_no & settled

        return judged

    def _hangs_on_drafts(self, key: _Key) -> bool:
        """Whether something may differ without draft guidance."""
        if key not in self._drafts:
            self._drafts[key] = False  # while it is looked at: nothing hangs on itself
            self._drafts[key] = self._has_drafts(Ref(*key))  # type: ignore[arg-type]
        return self._drafts[key]

    def _has_drafts(self, ref: Ref) -> bool:
        law = self.rulesets.by_id[ref.ruleset]
        waiting: list[Condition] = list(behind(self.rulesets, ref))
        if ref.kind == "rule":
            rule = law.rules[ref.id]
            if is_draft(rule):
                return True
            waiting += [law.applies] if self.is_gated(law, rule) else []
        return any(self._hangs_on_drafts((r.kind, r.ruleset, r.id)) for c in waiting for r in refs(c))


def _by_label(law: Ruleset) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for rule in law.rules.values():
        if rule.label:
            found[rule.label] = (*found.get(rule.label, ()), rule.id)
    return found


def _never() -> bool:
    return False


def _always() -> bool:
    return True
