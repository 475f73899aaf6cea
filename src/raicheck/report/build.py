"""From assessments to a Report: pure, and the same for the same input."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from raicheck.assess import Assessment, Result
from raicheck.crosswalk import Item
from raicheck.frozen import replace
from raicheck.model import Question, Ruleset
from raicheck.outcome import Outcome
from raicheck.provisions import Provision
from raicheck.report import view
from raicheck.report.dates import ahead, already, launch_words
from raicheck.report.figures import ladder, timeline
from raicheck.report.law import aside, law_section
from raicheck.report.practice import practices_of
from raicheck.report.verdict import importance, is_aside, verdict_on
from raicheck.report.words import cites_of, day_words, first, listed
from raicheck.words import answer_words, known_words

STEPS = (
    "the law does not apply",
    "nothing found",
    "minor",
    "limited duties",
    "high risk or heightened duties",
    "prohibited",
)


@dataclass(frozen=True, slots=True)
class Source:
    """One feature as assessed, with the exact content of its spec."""

    assessment: Assessment
    content: bytes
    changes: view.Changes | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def build_report(
    sources: Sequence[Source],
    provisions: Mapping[str, Provision],
    edition: view.Edition,
    version: str,
    others: Sequence[str],
    crosswalk: Sequence[Item] = (),
) -> view.Report:
    """The report on `sources`, all of one day; `others` are laws left out, `crosswalk` what practices contribute to."""
    as_of = sources[0].assessment.as_of
    provisions = {**_instruments(sources[0].assessment), **provisions}
    many = len(sources) > 1
    features = tuple(
        _feature(source, provisions, edition, f"f{n}-" if many else "", crosswalk)
        for n, source in enumerate(sources, 1)
    )
    title = f"{len(features)} AI features" if many else features[0].name
    return view.Report(
        title=title,
        edition=edition,
        as_of=day_words(as_of),
        as_of_iso=as_of.isoformat(),
        not_looked_at=(*(r.title for r in _left_out(sources[0].assessment, closed=False)), *others),
        features=features,
        control=tuple(_control(sources, as_of, version)),
        version=version,
    )


def _instruments(assessment: Assessment) -> dict[str, Provision]:
    """What the rulesets themselves say about the acts they cite: a company's policy is in no index."""
    laws = assessment.program.rulesets.by_id.values()
    return {i.id: Provision(i.id, i.title, i.title, "", i.link) for law in laws for i in law.instruments}


def _left_out(assessment: Assessment, closed: bool) -> Iterable[Ruleset]:
    """The laws without a result of their own: those that the answers certainly leave outside, or the others."""
    program = assessment.program
    for law in program.rulesets.by_id.values():
        decides = law.kind == "law" and (law.rules or law.obligations)
        outside = program.applies(law, assessment.state) is False
        if decides and law.id not in assessment.results and outside == closed:
            yield law


def _control(sources: Sequence[Source], as_of: date, version: str) -> Iterable[tuple[str, str]]:
    yield "Law as enacted on", day_words(as_of)
    yield "raicheck", version
    for source in sources:
        yield (
            f"Description “{source.assessment.spec.feature.get('name', source.assessment.spec.file)}” (SHA-256)",
            source.sha256,
        )
    for result in sources[0].assessment.results.values():
        yield f"{result.ruleset.title} (SHA-256)", result.ruleset.sha256


def _feature(
    source: Source,
    provisions: Mapping[str, Provision],
    edition: view.Edition,
    prefix: str,
    crosswalk: Sequence[Item],
) -> view.Feature:
    assessment = source.assessment
    spec, said = assessment.spec, assessment.spec.feature
    whole = assessment
    results = sorted(whole.results.values(), key=importance)
    far = [r for r in results if is_aside(whole, r)]
    assessment = replace(whole, results={r.ruleset.id: r for r in results if r not in far})
    laws = tuple(law_section(assessment, r, provisions, edition, prefix) for r in assessment.results.values())
    shown = [law for law in laws if law.high and law.binds] or laws
    milestones = ahead(assessment)
    return view.Feature(
        anchor=f"{prefix}feature",
        name=said.get("name") or said.get("id") or "Unnamed feature",
        entity=said.get("entity", ""),
        version=said.get("version", ""),
        stage=said.get("stage", ""),
        owner=said.get("owner", ""),
        summary=said.get("summary", ""),
        launches=launch_words(assessment.spec),
        already=already(assessment),
        file=spec.file.rpartition("/")[2],
        sha256=source.sha256,
        verdict=verdict_on(whole),
        laws=laws,
        aside=tuple(aside(whole, r) for r in far),
        practices=practices_of(assessment, crosswalk, provisions),
        outside=tuple(r.title for r in _left_out(whole, closed=True)),
        milestones=milestones,
        ladder=ladder(shown),
        ladder_words=_ladder_words(shown),
        timeline=timeline(milestones),
        timeline_words="; ".join(f"{m.day}: {', '.join(m.what)}" for m in milestones),
        unknowns=tuple(_unknowns(assessment)),
        judgements=tuple(_judgements(assessment)),
        contradictions=tuple(_contradictions(assessment)),
        determined=tuple(_determined(assessment, provisions)),
        waived=tuple(_waived(assessment)),
        topics=tuple(_topics(assessment, edition)),
        changes=source.changes,
        review_when=tuple(_review_when(assessment)),
    )


def _ladder_words(laws: Iterable[view.Law]) -> str:
    said = []
    for law in laws:
        span = STEPS[law.low] if law.low == law.high else f"from {STEPS[law.low]} to {STEPS[law.high]}"
        said.append(f"{law.title}: {span}")
    return "Where the feature stands on the risk ladder of each law. " + "; ".join(said) + "."


# what is not known


def _unknowns(assessment: Assessment) -> Iterable[view.Unknown]:
    questions = assessment.program.rulesets.bank.questions
    hangs: dict[str, list[str]] = {}
    for result in assessment.results.values():
        for open_ in result.open_questions:
            hangs.setdefault(open_.id, []).append(f"{result.ruleset.title}: {_settled(result, open_.settles)}")
    for fact, what in hangs.items():
        question = questions[fact]
        note = assessment.spec.notes.get(fact)
        state = answer_words(question, assessment.spec.answers.get(fact))
        yield view.Unknown(question.ask, (note.who if note else "") or question.who, state, tuple(what))


def _settled(result: Result, ids: Iterable[str]) -> str:
    """What an answer settles: risk classes that are open by name, duties that are by number, else the findings."""
    wanted = set(ids)
    rules = [o.rule for o in result.rules if o.id in wanted]
    open_ = [o.obligation for o in result.obligations if o.applicability == "undetermined" and o.id in wanted]
    owed = sum(o.kind == "duty" for o in open_)
    possible = {x.label.id: x.label for x in result.labels if x.status == "possible"}
    labels = dict.fromkeys(f"“{possible[r.label].title}”" for r in rules if r.label in possible)
    said = list(labels) or ([] if owed else [*(r.title or r.id for r in rules), *(o.what for o in open_)])
    counted = [f"{owed} {'obligation' if owed == 1 else 'obligations'}"] if owed else []
    return listed([*first(said, 3), *counted])


def _judgements(assessment: Assessment) -> Iterable[view.Unknown]:
    rulesets = assessment.program.rulesets
    for result in assessment.results.values():
        for name in result.open_judgements:
            law, _, id_ = name.partition(".")
            hangs = [
                f"{result.ruleset.title}: {o.rule.title or o.id}" for o in result.rules if name in o.open.judgements
            ]
            hangs += [
                f"{result.ruleset.title}: {o.obligation.what}" for o in result.obligations if name in o.open.judgements
            ]
            yield view.Unknown(rulesets.by_id[law].judgements[id_].ask, "counsel", "not decided", tuple(hangs))


def _contradictions(assessment: Assessment) -> Iterable[str]:
    questions = assessment.program.rulesets.bank.questions
    for found in assessment.facts.contradictions:
        question = questions[found.fact]
        said = answer_words(question, assessment.spec.answers.get(found.fact))
        other = known_words(question, found.implication.then) or "none of these"
        yield f"“{question.ask}” was answered “{said}”; from other answers it follows: “{other}”."


def _determined(assessment: Assessment, provisions: Mapping[str, Provision]) -> Iterable[view.Determined]:
    for made in assessment.spec.determinations:
        law, _, id_ = made.judgement.partition(".")
        ruleset = assessment.program.rulesets.by_id.get(law)
        judgement = ruleset.judgements.get(id_) if ruleset else None
        yield view.Determined(
            judgement.ask if judgement else made.judgement,
            "yes" if made.answer else "no",
            made.reason,
            made.by,
            day_words(made.on) if made.on else "",
            cites_of(judgement.cites, provisions) if judgement else (),
        )


def _waived(assessment: Assessment) -> Iterable[view.Waived]:
    for waiver in assessment.spec.waivers:
        law, _, id_ = waiver.obligation.partition(".")
        ruleset = assessment.program.rulesets.by_id.get(law)
        what = ruleset.obligations[id_].what if ruleset and id_ in ruleset.obligations else waiver.obligation
        until = day_words(waiver.until) if waiver.until else "no end date"
        yield view.Waived(what, waiver.reason, waiver.approver, until)


# what was answered


def _topics(assessment: Assessment, edition: view.Edition) -> Iterable[view.Topic]:
    bank = assessment.program.rulesets.bank
    for topic in bank.topics:
        given = tuple(
            _given(assessment, bank.questions[q], edition)
            for q in topic.questions
            if q in assessment.spec.answers or q in assessment.spec.notes
        )
        if given:
            yield view.Topic(topic.title, given)


def _given(assessment: Assessment, question: Question, edition: view.Edition) -> view.Given:
    note = assessment.spec.notes.get(question.id)
    said = answer_words(question, assessment.spec.answers.get(question.id))
    if note is None or edition == "external":
        return view.Given(question.ask, said, "", "")
    return view.Given(question.ask, said, note.text, note.who)


# when to look again


def _review_when(assessment: Assessment) -> Iterable[str]:
    yield "the purpose, the design, the users or the places of use of the feature change"
    yield "an open question above is answered or a judgement is made"
    coming = [m for m in ahead(assessment) if m.kind == "law"]
    if coming:
        yield f"{coming[0].day} is reached ({'; '.join(coming[0].what)})"
    drafts = [r.ruleset.title for r in assessment.results.values() if r.text_alone or _rests_on_draft(r.rules)]
    if drafts:
        yield f"draft guidance on {listed(drafts)} becomes final or is withdrawn"
    yield "a law named here is amended, or six months have passed"


def _rests_on_draft(outcomes: Iterable[Outcome]) -> bool:
    return any(o.rule.basis == "draft_guidance" and o.status != "not_firing" for o in outcomes)
