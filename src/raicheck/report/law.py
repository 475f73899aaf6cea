"""One law of a report: scope, conclusions with their proof, near misses, open questions of law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from raicheck import unknowns
from raicheck.assess import OUT_OF_SCOPE, Assessment, Result
from raicheck.explain import prove, prove_condition
from raicheck.flips import near_misses
from raicheck.model import Label, Ref, Rule, Ruleset, Unknowns
from raicheck.outcome import LabelOutcome, Outcome
from raicheck.provisions import Provision
from raicheck.report import view
from raicheck.report.owed import Duties, by_question, grouped
from raicheck.report.practice import statement_of, unconditional
from raicheck.report.proofs import Sentences, once
from raicheck.report.verdict import level_of
from raicheck.report.words import (
    BASIS,
    KINDS,
    day_words,
    listed,
    lower_first,
    reading_words,
    start_words,
    upper_first,
    with_article,
)

_HOLDS = {
    "fires": "it holds",
    "not_firing": "it does not hold",
    "undetermined": "it is not determined",
    "needs_counsel": "counsel has to decide",
}


def law_section(
    assessment: Assessment, result: Result, provisions: Mapping[str, Provision], edition: view.Edition, prefix: str
) -> view.Law:
    """Everything `result` says, in words."""
    sentences = Sentences(assessment, provisions)
    return _Section(sentences, result, edition, Duties(sentences, result, edition)).law(prefix)


def aside(assessment: Assessment, result: Result) -> view.Aside:
    """A law of which it is open whether it applies: what it could come to, and what would settle that."""
    law = result.ruleset
    open_ = unknowns.of_condition(assessment.program, law.applies, assessment.state)
    return view.Aside(
        law.title,
        KINDS[law.kind],
        _label_title(result.classification.possible),
        settled_by(assessment, open_),
        _instruments(law),
        day_words(law.checked),
    )


def settled_by(assessment: Assessment, open_: Unknowns, most: int = 6) -> tuple[str, ...]:
    """The open questions and judgements on which something hangs, the first of them in words."""
    rulesets = assessment.program.rulesets
    asks = [f"“{rulesets.bank.questions[f].ask}”" for f in open_.facts]
    for name in open_.judgements:
        law, _, id_ = name.partition(".")
        asks.append(f"“{rulesets.by_id[law].judgements[id_].ask}” (for counsel)")
    more = len(asks) - most
    return tuple(asks) if more < 2 else (*asks[:most], f"and {more} more questions")


@dataclass(frozen=True, slots=True)
class _Section:
    sentences: Sentences
    result: Result
    edition: view.Edition
    duties: Duties

    @property
    def _assessment(self) -> Assessment:
        return self.sentences.assessment

    def law(self, prefix: str) -> view.Law:
        result, law, duties = self.result, self.result.ruleset, self.duties
        shown: set[view.Step] = set()
        labelled = [o for o in result.rules if o.rule.label]
        may_be_owed = duties.owed("duty", "undetermined")
        possible = tuple(self._conclusion(o) for o in labelled if o.status in _OPEN)
        in_short = len(possible) > _AT_LENGTH
        low, high = result.classification.certain, result.classification.possible
        return view.Law(
            id=law.id,
            anchor=f"{prefix}law-{law.id}",
            title=law.title,
            kind=KINDS[law.kind],
            binds=law.kind != "voluntary",
            checked=day_words(law.checked),
            enforcer=law.enforcer,
            applies=self._applies(),
            scope=once(self.sentences.of(prove_condition(self._assessment, law.applies)), shown),
            held=self._held(),
            span=_label_title(low) if low == high else f"from “{_label_title(low)}” to “{_label_title(high)}”",
            low=level_of(law, low),
            high=level_of(law, high),
            roles=tuple(_once(c, shown) for c in self._roles()),
            found=tuple(_once(self._conclusion(o), shown) for o in labelled if o.status == "fires"),
            possible=() if in_short else possible,
            undecided=_undecided(possible) if in_short else (),
            also=tuple(self._also(o) for o in result.rules if not o.rule.label and o.status == "fires"),
            nears=tuple(self._nears()),
            excluded=grouped((self._why(o), self._named(o.rule)) for o in labelled if o.status == "not_firing"),
            owed=duties.owed("duty", "applies"),
            may_be_owed=may_be_owed,
            pending=by_question(may_be_owed),
            notes=duties.notes(),
            not_owed=duties.not_owed() if result.applies is not False else (),
            pointers=(*duties.owed("pointer", "applies"), *duties.owed("pointer", "undetermined")),
            practices=unconditional(duties),
            statement=statement_of(duties),
            exposures=duties.exposures(),
            size=duties.size_words(),
            open_points=tuple(self._open_points()),
            instruments=_instruments(law),
            text_alone=self._text_alone(),
        )

    # what holds

    def _applies(self) -> str:
        title = _in_sentence(self.result.ruleset.title)
        match self.result.applies:
            case True:
                return f"{upper_first(title)} applies to this feature."
            case False:
                return f"On the answers given, {title} does not apply to this feature."
            case None:
                return f"Whether {title} applies to this feature is open."

    def _held(self) -> str:
        if self.result.applies is False:
            return ""
        certain = [self._label_words(x) for x in self.result.labels if x.status == "certain"]
        possible = [self._label_words(x) for x in self.result.labels if x.status == "possible"]
        said = [f"Established: {listed(certain)}."] if certain else []
        if possible:
            said.append(f"Neither established nor excluded: {listed(possible)}.")
        return " ".join(said) or f"{self.result.ruleset.unlabelled.title}."

    def _label_words(self, outcome: LabelOutcome) -> str:
        roles = listed(self.duties.roles(outcome.roles), "or")
        return f"“{outcome.label.title}”" + (f" (as {roles})" if roles else "")

    def _roles(self) -> Iterable[view.Conclusion]:
        program, law, state = self._assessment.program, self.result.ruleset, self._assessment.state
        for role in law.roles.values() if self.result.applies is not False else ():
            value = program.ref("role", law.id, role.id, state)
            if value is False:
                continue
            is_one = f"the organisation is {with_article(lower_first(role.title))}"
            lead = f"{is_one[0].upper()}{is_one[1:]}." if value else f"Whether {is_one} is open."
            cites = self.sentences.cites(role.cites)
            open_ = unknowns.of_condition(program, Ref("role", law.id, role.id), state)
            proof = () if open_ else self.sentences.of(prove_condition(self._assessment, role.when))
            asks = settled_by(self._assessment, open_)
            yield view.Conclusion(role.title, lead, cites, "", "", "", (), proof, asks)

    def _conclusion(self, outcome: Outcome) -> view.Conclusion:
        rule, law = outcome.rule, self.result.ruleset
        proof = prove(self._assessment, law.id, rule.id)
        label = law.labels[rule.label].title if rule.label else ""
        return view.Conclusion(
            title=rule.title or label,
            lead=_LEADS[outcome.status].format(label=label),
            cites=self.sentences.cites(rule.cites),
            basis=BASIS[rule.basis],
            when=start_words(outcome.start, self._assessment.as_of, outcome.in_force) + _in_force(outcome),
            roles=listed(self.duties.roles(rule.roles), "or"),
            remarks=tuple(self._remarks(outcome)),
            proof=() if outcome.open else self.sentences.of(*proof.parts),
            settled_by=settled_by(self._assessment, outcome.open),
            label=label,
        )

    def _remarks(self, outcome: Outcome) -> Iterable[str]:
        if outcome.rule.note:
            yield outcome.rule.note
        for reading in (*outcome.rule.readings, *outcome.start.readings):
            yield f"One reading: {reading_words(reading)}"
        if outcome.text_alone is not None:
            yield f"On the text of the law alone, without draft guidance, {_HOLDS[outcome.text_alone]}."

    def _also(self, outcome: Outcome) -> view.Excluded:
        return view.Excluded(self._name(outcome.rule), self.sentences.cites(outcome.rule.cites), self._why(outcome))

    def _name(self, rule: Rule) -> str:
        return rule.title or listed(c.text for c in self.sentences.cites(rule.cites))

    def _named(self, rule: Rule) -> view.Named:
        return view.Named(self._name(rule), self.sentences.cites(rule.cites))

    # what does not hold

    def _nears(self) -> Iterable[view.Near]:
        questions = self._assessment.program.rulesets.bank.questions
        outcomes = {o.id: o for o in self.result.rules}
        for miss in near_misses(self._assessment, self.result.ruleset.id):
            flips = tuple(
                view.Flip(questions[c.fact].ask, c.now, c.then, _quoted(c.added), _quoted(c.removed))
                for c in miss.changes
            )
            shown = () if self.edition == "external" else flips
            why = self._why(outcomes[miss.rule.id])
            yield view.Near(self._name(miss.rule), self.sentences.cites(miss.rule.cites), why, shown)

    def _why(self, outcome: Outcome) -> str:
        if outcome.status == "not_firing" and self.result.applies is False:
            return "The law does not apply."
        return self.sentences.in_short(prove(self._assessment, self.result.ruleset.id, outcome.id))

    # what the law leaves open

    def _open_points(self) -> Iterable[view.OpenPoint]:
        cites = self.sentences.cites
        for point in self.result.open_points:
            readings = tuple(view.Reading(reading_words(r), cites(r.cites)) for r in point.readings)
            yield view.OpenPoint(point.title, cites(point.cites), readings)

    def _text_alone(self) -> str:
        other = self.result.text_alone
        if other is None:
            return ""
        span = f"“{_label_title(other.certain)}”"
        if other.certain != other.possible:
            span = f"from {span} to “{other.possible.title}”"
        return f"Draft guidance makes a difference here. On the text of the law alone the result is {span}."


_LEADS = {
    "fires": "This is established. The feature is: “{label}”.",
    "undetermined": "This is not determined. If it holds, the feature is: “{label}”.",
    "needs_counsel": "Counsel has to decide this. If it holds, the feature is: “{label}”.",
}


def _in_sentence(title: str) -> str:
    """`the EU AI Act`: the name of an act inside a sentence."""
    return f"the {title}" if title.endswith(" Act") and "'s " not in title else title


def _label_title(label: Label) -> str:
    """The name of a risk class; a framework that does not apply need not be a law."""
    return "Does not apply" if label == OUT_OF_SCOPE else label.title


_OPEN = ("undetermined", "needs_counsel")


_AT_LENGTH = 8  # open rules that are discussed one by one


def _undecided(possible: Iterable[view.Conclusion]) -> tuple[view.Undecided, ...]:
    """Many open rules in short, by what would settle them."""
    found: dict[tuple[str, ...], list[view.Conclusion]] = {}
    for conclusion in possible:
        found.setdefault(conclusion.settled_by, []).append(conclusion)
    return tuple(view.Undecided(asks, tuple(rules)) for asks, rules in found.items())


def _instruments(law: Ruleset) -> tuple[view.Instrument, ...]:
    return tuple(view.Instrument(i.title, i.version, i.link) for i in law.instruments)


def _once(conclusion: view.Conclusion, shown: set[view.Step]) -> view.Conclusion:
    return replace(conclusion, proof=once(conclusion.proof, shown))


def _in_force(outcome: Outcome) -> str:
    match outcome.in_force:
        case True:
            return ", in force"
        case "disputed":
            return ", whether it is in force is disputed"
        case _:
            return ""


def _quoted(words: Iterable[str]) -> str:
    return listed(f"“{word}”" for word in words)
