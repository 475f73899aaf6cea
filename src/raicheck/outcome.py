"""What becomes of a rule, a label, an obligation of one ruleset. Its parts are computed when first read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from raicheck import unknowns
from raicheck.dated import is_law
from raicheck.dates import DueDay, InForce, Start, due_day, in_force, start_of
from raicheck.duties import NOT_BEGUN, met_where, progress_of
from raicheck.evaluation import Evaluation
from raicheck.frozen import lazy
from raicheck.kleene import all_of
from raicheck.leaves import refs
from raicheck.model import Label, Obligation, Progress, Rule, Spec, Truth, Undertaking, Unknowns
from raicheck.placements import launch
from raicheck.unknowns import NOTHING
from raicheck.worlds import State

Status = Literal["fires", "not_firing", "undetermined", "needs_counsel"]
LabelStatus = Literal["certain", "possible", "excluded"]
Applicability = Literal["applies", "not_applicable", "undetermined"]


class Matter:
    """One ruleset applied to one spec on one day: what its outcomes are computed from."""

    def __init__(self, evaluation: Evaluation, spec: Spec, state: State) -> None:
        self.evaluation = evaluation
        self.program = evaluation.program
        self.ruleset = evaluation.ruleset
        self.spec = spec
        self.state = state

    @lazy
    def applies(self) -> Truth:
        """Whether the ruleset applies at all."""
        return self.state.truth(self.evaluation.applies)

    @lazy
    def launch(self) -> tuple[date | None, date | None]:
        """Earliest and latest day of the launch on the ruleset's market."""
        return launch(self.spec, self.ruleset.market)

    def role(self, role: str) -> Truth:
        """Whether this team has a role."""
        return self.program.ref("role", self.ruleset.id, role, self.state)

    def start(self, item: Rule | Obligation) -> Start:
        """From when a rule or obligation bites."""
        law = self.ruleset
        return start_of(self.program, law, item.start, item.enacted or law.enacted, self.state)

    def exceptions(self, rules: Sequence[Rule], reach: Truth) -> Iterator[Outcome]:
        """What became of the exceptions of something that would hold (`reach`) without them."""
        for rule in rules:
            if is_law(self.ruleset, rule, self.state.as_of):
                fires = all_of(iter((reach, self.program.exception(self.ruleset, rule, self.state))))
                yield Outcome(self, rule, fires, fires, reach, is_exception=True)

    def trigger(self, obligation: Obligation) -> str:
        """The first rule that an obligation hangs on and that is not excluded."""
        for ref in refs(obligation.when):
            if ref.ruleset != self.ruleset.id or ref.kind not in ("rule", "label"):
                continue
            rules = [ref.id] if ref.kind == "rule" else self.program.labelled(self.ruleset, ref.id)
            for id_ in rules:
                if self.program.ref("rule", self.ruleset.id, id_, self.state) is not False:
                    return id_
        return ""


class Outcome:
    """What became of a rule or an exception: whether it fires, and whether it does without draft guidance.

    `reach`: whether what comes before it holds (the gate, what it limits).
    """

    def __init__(
        self,
        matter: Matter,
        rule: Rule,
        value: Truth,
        on_text: Truth,
        reach: Truth = True,
        is_exception: bool = False,
    ) -> None:
        self.rule = rule
        self.value = value
        self._on_text = on_text
        self._matter = matter
        self._reach = reach
        self._is_exception = is_exception

    @property
    def id(self) -> str:
        return self.rule.id

    @lazy
    def open(self) -> Unknowns:
        """What it still hangs on."""
        if self.value is not None:
            return NOTHING
        matter = self._matter
        of = unknowns.of_exception if self._is_exception else unknowns.of_rule
        return of(matter.program, matter.ruleset, self.rule, matter.state)

    @lazy
    def status(self) -> Status:
        return _status(self.value, self.open)

    @lazy
    def text_alone(self) -> Status | None:
        """Its status without draft guidance, where that differs."""
        return None if self._on_text is self.value else _status(self._on_text, NOTHING)

    @lazy
    def start(self) -> Start:
        """From when it bites."""
        return self._matter.start(self.rule)

    @lazy
    def in_force(self) -> InForce:
        """Whether it bites on the day."""
        return in_force(self.start, self.value, self._matter.state.as_of)

    @lazy
    def exceptions(self) -> tuple[Outcome, ...]:
        """What became of its exceptions."""
        program, state = self._matter.program, self._matter.state
        reach = all_of(iter((self._reach, program.value(self.rule.when, state))))
        return tuple(self._matter.exceptions(self.rule.unless, reach))


class LabelOutcome:
    """What became of a label."""

    def __init__(self, matter: Matter, label: Label, value: Truth) -> None:
        self.label = label
        self.status: LabelStatus = "certain" if value else "possible" if value is None else "excluded"
        self._matter = matter

    @lazy
    def roles(self) -> tuple[str, ...]:
        """The roles it concerns, of those that this team holds or may hold."""
        return () if self.status == "excluded" else tuple(dict.fromkeys(self._roles()))

    def _roles(self) -> Iterator[str]:
        matter = self._matter
        program, law = matter.program, matter.ruleset
        for id_ in program.labelled(law, self.label.id):
            if program.ref("rule", law.id, id_, matter.state) is not False:
                yield from (role for role in law.rules[id_].roles if matter.role(role) is not False)


class ObligationOutcome:
    """What became of an obligation."""

    def __init__(self, matter: Matter, obligation: Obligation, value: Truth) -> None:
        self.obligation = obligation
        self.value = value
        self.undertaking: Undertaking = matter.spec.obligations.get(f"{matter.ruleset.id}.{obligation.id}", NOT_BEGUN)
        self._matter = matter

    @property
    def id(self) -> str:
        return self.obligation.id

    @property
    def applicability(self) -> Applicability:
        return "applies" if self.value else "undetermined" if self.value is None else "not_applicable"

    @property
    def needs_counsel(self) -> bool:
        """Whether only judgements are open."""
        return self.value is None and not self.open.facts and bool(self.open.judgements)

    @lazy
    def open(self) -> Unknowns:
        """What it still hangs on."""
        if self.value is not None:
            return NOTHING
        return unknowns.of_obligation(self._matter.program, self._matter.ruleset, self.obligation, self._matter.state)

    @lazy
    def roles(self) -> tuple[str, ...]:
        """The roles that owe it, of those that this team holds or may hold."""
        return tuple(r for r in self.obligation.roles if self._matter.role(r) is not False)

    @lazy
    def rule(self) -> str:
        """The first rule that it hangs on and that is not excluded."""
        return self._matter.trigger(self.obligation)

    @lazy
    def progress(self) -> Progress:
        """What the team says, or done where answers show it."""
        state = self._matter.state
        is_met = bool(met_where(self._matter.program, self.obligation, state.worlds) & state.bit)
        return progress_of(self.undertaking, is_met)

    @lazy
    def start(self) -> Start:
        """From when it applies."""
        return self._matter.start(self.obligation)

    @lazy
    def in_force(self) -> InForce:
        """Whether it applies on the day."""
        return in_force(self.start, self.value, self._matter.state.as_of)

    @lazy
    def due(self) -> DueDay:
        """By when it must be done."""
        return due_day(self.obligation.due, self.start, self._matter.launch)

    @lazy
    def exceptions(self) -> tuple[Outcome, ...]:
        """What became of its exceptions."""
        matter = self._matter
        reach = matter.program.value(self.obligation.when, matter.state)
        return tuple(matter.exceptions(self.obligation.unless, reach))


def _status(value: Truth, open_: Unknowns) -> Status:
    if value is not None:
        return "fires" if value else "not_firing"
    return "needs_counsel" if open_.judgements and not open_.facts else "undetermined"
