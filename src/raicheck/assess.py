"""The engine: `assess(spec, rulesets, as_of)`. Pure: no disk, no clock; the same input gives the same Assessment.

What nobody asks for is not computed: the parts of a result are made when first read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from raicheck.duties import Duty
from raicheck.evaluation import Evaluation
from raicheck.facts import Facts, settle_all
from raicheck.frozen import frozen, lazy
from raicheck.kleene import Planes
from raicheck.logic import Program
from raicheck.model import Label, LabelSeverity, OpenPoint, Rule, Ruleset, Rulesets, Spec, Truth
from raicheck.outcome import LabelOutcome, Matter, ObligationOutcome, Outcome
from raicheck.worlds import State

OUT_OF_SCOPE = Label("out_of_scope", "The law does not apply", -1)


@frozen
class Classification:
    """A display summary: the strongest label that certainly and that possibly holds."""

    certain: Label
    possible: Label


@frozen
class OpenQuestion:
    """A question that can still change outcomes (`settles`: rule and obligation ids), strongest first."""

    id: str
    settles: tuple[str, ...]
    unsure: bool


class Result:
    """Everything one ruleset says of one spec on one day.

    `only` names the rules, labels and obligations to report on; `brief` leaves out what is excluded.
    """

    def __init__(self, matter: Matter, only: frozenset[str] | None = None, brief: bool = False) -> None:
        self.ruleset = matter.ruleset
        self._matter = matter
        self._only = only
        self._brief = brief

    @property
    def applies(self) -> Truth:
        """Whether the ruleset applies at all."""
        return self._matter.applies

    @lazy
    def labels(self) -> tuple[LabelOutcome, ...]:
        """What became of each label."""
        matter = self._matter
        rows = matter.evaluation.possible_labels if self._brief else matter.evaluation.labels
        truth = matter.state.truth
        return tuple(LabelOutcome(matter, x, truth(planes)) for x, planes in rows if self._is_asked(x.id))

    @lazy
    def classification(self) -> Classification:
        """The strongest label that certainly and that possibly holds."""
        return _classify(self.ruleset, self.applies, self.labels)

    @lazy
    def text_alone(self) -> Classification | None:
        """The classification without draft guidance, where that differs."""
        matter, program = self._matter, self._matter.program
        if self._only is not None or not matter.evaluation.differs_on_text & matter.state.bit:
            return None
        text = matter.state.on_text_alone()
        named = [(x, program.named("label", self.ruleset.id, x.id)) for x in self.ruleset.labels.values()]
        labels = tuple(LabelOutcome(matter, x, text.truth(evaluate(text.worlds))) for x, evaluate in named)
        other = _classify(self.ruleset, program.applies(self.ruleset, text), labels)
        return None if other == self.classification else other

    @lazy
    def rules(self) -> tuple[Outcome, ...]:
        """What became of each rule."""
        return tuple(self._rules())

    @lazy
    def obligations(self) -> tuple[ObligationOutcome, ...]:
        """What became of each obligation."""
        return tuple(self._obligations())

    @lazy
    def duties(self) -> list[Duty]:
        """The duties that are owed, in brief."""
        matter = self._matter
        found = matter.evaluation.duties.of(matter.state, matter.spec.obligations, matter.launch)
        return [duty for duty in found if self._is_asked(duty.obligation.id)]

    @lazy
    def open_questions(self) -> tuple[OpenQuestion, ...]:
        """Open facts, those first that hold up the strongest labels and the most outcomes."""
        settles: dict[str, list[str]] = {}
        weight: dict[str, int] = {}
        for item, rank in self._undetermined():
            for fact in item.open.facts:
                settles.setdefault(fact, []).append(item.id)
                weight[fact] = max(weight.get(fact, 0), rank)
        order = sorted(settles, key=lambda f: (-weight[f], -len(settles[f])))
        return tuple(OpenQuestion(f, tuple(settles[f]), f in self._matter.spec.answers) for f in order)

    @lazy
    def open_judgements(self) -> tuple[str, ...]:
        """The judgements that await counsel."""
        items: tuple[Outcome | ObligationOutcome, ...] = (*self.rules, *self.obligations)
        return tuple(dict.fromkeys(j for item in items for j in item.open.judgements))

    @lazy
    def open_points(self) -> tuple[OpenPoint, ...]:
        """What the law leaves open, where it may matter."""
        if self.applies is False:
            return ()
        value, state = self._matter.program.value, self._matter.state
        return tuple(p for p in self.ruleset.open_points if value(p.when, state) is not False)

    def rules_of(self, severities: Sequence[LabelSeverity]) -> Iterator[Outcome]:
        """What became of the rules of some labels that are not excluded."""
        for rule, planes, on_text in self._matter.evaluation.rules_of(severities):
            yield from self._outcomes(rule, planes, on_text, True)

    def rules_on_draft(self) -> Iterator[Outcome]:
        """What became of the rules that come out differently without draft guidance."""
        for rule, planes, on_text in self._matter.evaluation.rules_on_draft:
            yield from (o for o in self._outcomes(rule, planes, on_text, True) if o.text_alone is not None)

    def _is_asked(self, id_: str) -> bool:
        return self._only is None or id_ in self._only

    def _rules(self) -> Iterator[Outcome]:
        evaluation = self._matter.evaluation
        for rule, planes, on_text in evaluation.possible_rules if self._brief else evaluation.rules:
            yield from self._outcomes(rule, planes, on_text, self._brief)

    def _outcomes(self, rule: Rule, planes: Planes, on_text: Planes, brief: bool) -> Iterator[Outcome]:
        matter, state = self._matter, self._matter.state
        if self._is_asked(rule.id) and not (brief and planes[1] & on_text[1] & state.bit):
            reach = self.applies if matter.program.is_gated(self.ruleset, rule) else True
            yield Outcome(matter, rule, state.truth(planes), state.truth(on_text), reach)

    def _obligations(self) -> Iterator[ObligationOutcome]:
        matter, state = self._matter, self._matter.state
        rows = matter.evaluation.possible_obligations if self._brief else matter.evaluation.obligations
        for obligation, planes in rows:
            if self._is_asked(obligation.id) and not (self._brief and planes[1] & state.bit):
                yield ObligationOutcome(matter, obligation, state.truth(planes))

    def _undetermined(self) -> Iterator[tuple[Outcome | ObligationOutcome, int]]:
        for outcome in self.rules:
            if outcome.open:
                yield outcome, self.ruleset.labels[outcome.rule.label].rank if outcome.rule.label else 0
        for owed in self.obligations:
            if owed.open:
                yield owed, 0


@frozen
class Assessment:
    """A spec assessed on a day. `program` and `state` let proofs be built when asked for."""

    spec: Spec
    as_of: date
    results: dict[str, Result]
    facts: Facts
    program: Program
    state: State


def assess(
    spec: Spec,
    rulesets: Rulesets | Program,
    as_of: date,
    select: Iterable[str] | None = None,
    only: frozenset[str] | None = None,
    brief: bool = False,
) -> Assessment:
    """Assess `spec` under the law enacted on `as_of`.

    `rulesets` may be a compiled Program (to assess many specs); `select` names the rulesets to report on
    (default: all; definitions of the others are still used); `only` names the rules,
    labels and obligations to report on; `brief` leaves out rules that do not fire and obligations that are not owed.
    """
    return assess_all([spec], rulesets, as_of, select, only, brief)[0]


def assess_all(
    specs: Sequence[Spec],
    rulesets: Rulesets | Program,
    as_of: date,
    select: Iterable[str] | None = None,
    only: frozenset[str] | None = None,
    brief: bool = False,
) -> list[Assessment]:
    """`assess` for several specs together, which costs far less than one after the other."""
    program = rulesets if isinstance(rulesets, Program) else Program(rulesets)
    determinations = [{d.judgement: d.answer for d in spec.determinations if not d.lacks} for spec in specs]
    facts, worlds = settle_all(program, [s.answers for s in specs], determinations, as_of)
    laws = [program.rulesets.by_id[i] for i in select] if select is not None else reportable(program.rulesets)
    evaluations = [Evaluation(program, law, worlds) for law in laws]
    made = []
    for index, spec in enumerate(specs):
        state = State(worlds, index)
        results = {e.ruleset.id: Result(Matter(e, spec, state), only, brief) for e in evaluations}
        made.append(Assessment(spec, as_of, results, facts[index], program, state))
    return made


def reportable(rulesets: Rulesets) -> list[Ruleset]:
    """The rulesets that decide something (not those that only define)."""
    return [r for r in rulesets.by_id.values() if r.rules or r.obligations]


def _classify(law: Ruleset, applies: Truth, labels: tuple[LabelOutcome, ...]) -> Classification:
    if applies is False:
        return Classification(OUT_OF_SCOPE, OUT_OF_SCOPE)
    floor = law.unlabelled if applies else OUT_OF_SCOPE
    certain = [x.label for x in labels if x.status == "certain"]
    possible = [x.label for x in labels if x.status != "excluded"]
    return Classification(
        max(certain, key=lambda x: x.rank, default=floor), max(possible, key=lambda x: x.rank, default=law.unlabelled)
    )
