"""What the interview says besides its questions: why it asks, what is known, who has to be asked, the summary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from raicheck.ask import Step, View
from raicheck.assess import Assessment, Result
from raicheck.frozen import frozen
from raicheck.leaves import tests
from raicheck.model import Question, Rule, Ruleset
from raicheck.outcome import ObligationOutcome
from raicheck.provisions import Provision, short_citation
from raicheck.stakes import Stake
from raicheck.words import answer_words, lead_of

Provisions = Mapping[str, Provision]
URGENT = 5
_FEW = 4  # options that are told in full
_CITED = 2


def cited(provisions: Provisions, cites: Collection[str]) -> str:
    """Citations as a reader knows them."""
    return ", ".join(provisions[c].citation if c in provisions else short_citation(c) for c in cites)


# Why are you asking?


def why_asked(view: View, step: Step, provisions: Provisions, most: int = 4) -> list[str]:
    """The results that hang on a question, each once: what they are, where they stand, what they bring."""
    results: dict[tuple[str, str], list[Stake]] = {}
    for stake in step.hangs:
        results.setdefault(_result(view.law(stake.ruleset), stake), []).append(stake)
    if not results:
        return ["No result hangs on this answer alone: others have decided it."]
    shown = [_hanging(view.law(found[0].ruleset), found, provisions) for found in results.values()]
    more = len(shown) - most
    rest = [f"  and {more} more result{'s' * (more != 1)}"] if more > 0 else []
    return ["This hangs on this answer:", *(f"  - {line}" for line in shown[:most]), *rest]


def _result(law: Ruleset, stake: Stake) -> tuple[str, str]:
    """What a stake is about: its label, or the rule or obligation itself."""
    rule = law.rules.get(stake.id) if stake.kind in ("rule", "start") else None
    return law.id, rule.label if rule is not None and rule.label else stake.id


def _hanging(law: Ruleset, found: list[Stake], provisions: Provisions) -> str:
    """One result with the first of the stakes that bring it."""
    stake = found[0]
    if stake.kind == "applies":
        return f"{law.title}: whether it applies at all"
    rule = law.rules.get(stake.id) if stake.kind in ("rule", "start") else None
    if rule is not None:
        others = len({o.id for o in found}) - 1
        ways = f", and {others} other way{'s' * (others != 1)} to it" if others else ""
        return f"{law.title}: {_named(rule)} ({cited(provisions, rule.cites)}){_brings(law, rule)}{ways}"
    obligation = law.obligations[stake.id]
    since = {"start": "from when: ", "launch": "by when: ", "met": "whether you do already: "}.get(stake.kind, "")
    return f"{law.title}: {since}{obligation.what} ({cited(provisions, obligation.cites)})"


def _named(rule: Rule) -> str:
    return rule.title or rule.id


def _brings(law: Ruleset, rule: Rule) -> str:
    """The label of a rule, unless it begins like the rule's name: then it says the same in other words."""
    title = law.labels[rule.label].title if rule.label else ""
    same = re.findall(r"\w+", _named(rule).casefold())[:1] == re.findall(r"\w+", title.casefold())[:1]
    return f" → {title}" if title and not same else ""


# What do we know so far?


def known_so_far(assessment: Assessment, view: View) -> list[str]:
    """The range of each ruleset, and how many answers there are."""
    answers = assessment.spec.answers
    unsure = sum(a.unsure for a in answers.values())
    doubts = f", {unsure} of them not (quite) sure" if unsure else ""
    lines = [f"{len(answers)} answer{'s' * (len(answers) != 1)}{doubts}."]
    lines += [f"  {r.ruleset.title}: {range_words(r)}" for r in assessment.results.values()]
    bank = assessment.program.rulesets.bank
    lines += [f"  not used any more (kept in the file): {bank.questions[f].ask}" for f in view.facts.unused]
    return [*lines, *contradictions(view)]


def range_words(result: Result) -> str:
    """What a ruleset makes of the feature: one label, or from which to which."""
    certain, possible = result.classification.certain, result.classification.possible
    if certain == possible:
        return certain.title
    return f"open: at least “{certain.title}”, at most “{possible.title}”"


def contradictions(view: View) -> list[str]:
    """Answers that cannot both be right."""
    questions = view.bank.questions
    said = []
    for contradiction in view.facts.contradictions:
        others = " and ".join(
            dict.fromkeys(f"“{questions[t.fact].ask}”" for t in tests(contradiction.implication.when))
        )
        said.append(f"  these answers do not fit together: “{questions[contradiction.fact].ask}” and {others}")
    return said


# Who has to be asked


@frozen
class OpenPoint:
    """A question somebody else has to answer."""

    question: Question
    note: str


def open_points(assessment: Assessment) -> dict[str, list[OpenPoint]]:
    """Questions answered "not sure" that an outcome still hangs on, by who can answer them."""
    spec, bank = assessment.spec, assessment.program.rulesets.bank
    found: dict[str, list[OpenPoint]] = {}
    open_ = dict.fromkeys(q.id for r in assessment.results.values() for q in r.open_questions if q.unsure)
    for fact in sorted(open_, key=list(bank.questions).index):
        question, note = bank.questions[fact], spec.notes.get(fact)
        who = (note.who if note else "") or question.who or "whoever knows"
        found.setdefault(who, []).append(OpenPoint(question, note.text if note else ""))
    return found


def message_for(who: str, feature: str, points: list[OpenPoint]) -> list[str]:
    """The open points of one person, ready to paste into a message."""
    lines = [f"For {who}:", f"  We need your help to describe “{feature}” for the AI and privacy laws:"]
    for point in points:
        texts = [o.text for o in point.question.options]
        said = " / ".join(texts if len(texts) <= _FEW else map(lead_of, texts))
        note = f" [note: {point.note}]" if point.note else ""
        lines.append(f"  - {point.question.ask}{f' ({said})' if said else ''}{note}")
    return lines


def for_counsel(assessment: Assessment, provisions: Provisions) -> list[str]:
    """Evaluative elements that the facts point to: for a lawyer, with those facts and the provision."""
    lines = []
    for result in assessment.results.values():
        for name in result.open_judgements:
            judgement = assessment.program.rulesets.by_id[name.partition(".")[0]].judgements[name.partition(".")[2]]
            more = ", …" if len(judgement.cites) > _CITED else ""
            cites = cited(provisions, judgement.cites[:_CITED])
            lines.append(f"  - {judgement.ask} ({cites}{more}; {name})")
            bank = assessment.program.rulesets.bank
            for fact in dict.fromkeys(t.fact for t in tests(judgement.raised_when)):
                if fact in assessment.spec.answers:
                    said = answer_words(bank.questions[fact], assessment.spec.answers[fact], brief=True)
                    lines.append(f"      {bank.questions[fact].ask} {said}")
    return list(dict.fromkeys(lines))


# Summary


def closing(assessment: Assessment, provisions: Provisions, left: tuple[int, int]) -> list[str]:
    """The end of an interview: classification, dates, urgent obligations, who to ask, what counsel must judge."""
    lines = ["", f"Where “{_feature(assessment)}” stands under the law of {assessment.as_of}:"]
    lines += [f"  {r.ruleset.title}: {range_words(r)}" for r in assessment.results.values()]
    lines += _section("Next dates:", _dates(assessment))
    lines += _section("Most urgent obligations:", _urgent(assessment, provisions))
    counsel = for_counsel(assessment, provisions)
    lines += _section("For counsel to judge (write the result under determinations:):", counsel)
    for who, points in open_points(assessment).items():
        lines += ["", *message_for(who, _feature(assessment), points)]
    if left[1]:
        lines += ["", f"Not asked yet: about {amount(left)}."]
    return lines


def amount(left: tuple[int, int]) -> str:
    """A number of questions as a range."""
    low, high = left
    return f"{low} to {high} questions" if low < high else f"{high} question{'s' * (high != 1)}"


def _section(title: str, lines: Collection[str]) -> list[str]:
    return ["", title, *lines] if lines else []


def _feature(assessment: Assessment) -> str:
    return assessment.spec.feature.get("name") or assessment.spec.feature.get("id") or "this feature"


def _owed(assessment: Assessment) -> Iterator[tuple[Result, ObligationOutcome]]:
    for result in assessment.results.values():
        for owed in result.obligations:
            still = owed.progress in ("open", "in_progress", "accepted_risk")
            if owed.applicability == "applies" and owed.obligation.kind == "duty" and still:
                yield result, owed


def _dates(assessment: Assessment, most: int = 5) -> list[str]:
    """Days to come from which something that certainly concerns the feature applies or is due."""
    days: dict[tuple[str, str], int] = {}
    for result, owed in _owed(assessment):
        day = owed.start.earliest
        if day is not None and day > assessment.as_of and day == owed.start.latest:
            key = (str(day), result.ruleset.title)
            days[key] = days.get(key, 0) + 1
    for result in assessment.results.values():
        for rule in result.rules:
            day = rule.start.earliest
            if rule.status == "fires" and rule.rule.label and day is not None and day > assessment.as_of:
                label, named = result.ruleset.labels[rule.rule.label].title, _named(rule.rule)
                what = label if label.startswith(named) else f"{label} – {named}"
                days.setdefault((str(day), f"{result.ruleset.title}: {what}"), 0)
    said = sorted(days.items())[:most]
    return [f"  {day}  {what}{_starting(n)}" for (day, what), n in said]


def _starting(count: int) -> str:
    if not count:
        return ""
    return ": 1 obligation starts" if count == 1 else f": {count} obligations start"


def _urgent(assessment: Assessment, provisions: Provisions) -> list[str]:
    """The obligations that certainly apply and bite first: what waits for an event comes after what can be done now."""

    def urgency(item: tuple[Result, ObligationOutcome]) -> tuple[bool, str, bool]:
        due, owed = item[1].obligation.due, item[1]
        day = owed.due.latest or owed.start.latest
        return bool(due.within), str(max(day, assessment.as_of)) if day else "9999", not due.before

    ranked = sorted(_owed(assessment), key=urgency)
    return [
        f"  - {o.obligation.what} ({cited(provisions, o.obligation.cites[:1])}; {_when(o, assessment)})"
        for _, o in ranked[:URGENT]
    ]


def _when(owed: ObligationOutcome, assessment: Assessment) -> str:
    start = owed.start.earliest
    since = "applies now" if start is not None and start <= assessment.as_of else f"from {start or 'a day still open'}"
    return f"{since}; {owed.due.text}" if owed.due.text else since
