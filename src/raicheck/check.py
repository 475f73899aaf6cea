"""Findings on a spec, from its Assessment: what is prohibited, open, contradictory, not done, not signed.

Severity `error` is what fails a check by default; see docs/codes for what each code means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from raicheck.assess import Assessment, Classification, Result
from raicheck.dates import Start
from raicheck.evaluation import Evaluation
from raicheck.explain import pointing_facts, prove_condition, reasons
from raicheck.frozen import replace
from raicheck.kleene import any_of
from raicheck.leaves import tests
from raicheck.model import Finding, LabelSeverity, Place, Ruleset, Spec, Truth
from raicheck.outcome import LabelOutcome, Matter, Outcome
from raicheck.read import nearest, shorten
from raicheck.signoff import sign_off
from raicheck.undone import undone
from raicheck.unsettled import BINDING, by_question, question_help, undetermined
from raicheck.where import fact_place, why_at
from raicheck.words import answer_words

STALE_DAYS = 180

HOLDS = "RC308"
_OPEN = ("RC302", "RC303", "RC304", "RC307")
_SEVERITIES = ("error", "warning", "info")


def check(assessment: Assessment, watched: Iterable[Ruleset] = (), counts: Counter[str] | None = None) -> list[Finding]:
    """Everything to tell the team about one spec: errors first, then in the order of the file.

    `watched` are laws that were not asked for: what they prohibit is reported all the same, and if they apply, that
    nobody looked at them. With `counts`, the most frequent notes (info) are only counted there, by code.
    """
    found = [f for result in assessment.results.values() for f in _law(assessment, result, counts)]
    found += _contradictions(assessment)
    found += _unused(assessment)
    found += [f for law in watched for f in _not_looked_at(assessment, law)]
    found += sign_off(assessment)
    found = sorted(found, key=lambda f: (_SEVERITIES.index(f.severity), _position(f)))
    return found if assessment.spec.answers else list(_nothing_described(assessment.spec, found))


def _nothing_described(spec: Spec, found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings on a spec without answers: all that is open as one, the first."""
    first = True
    for finding in found:
        if finding.code not in _OPEN:
            yield finding
        elif first:
            message = "nothing is described yet: no question has an answer, so nothing is excluded"
            yield replace(finding, message=message, help=f"run: raicheck ask {spec.file}", cites=(), related=())
            first = False


def unknown_rulesets(spec: Spec, known: Sequence[str]) -> list[Finding]:
    """Names in a spec that begin with a ruleset that does not exist: what is said there would not be read."""
    named: list[tuple[str, tuple[str | int, ...]]] = [(id_, ("declared", id_, "#key")) for id_ in spec.declared]
    named += [(name.partition(".")[0], ("obligations", name, "#key")) for name in spec.obligations]
    named += [(w.obligation.partition(".")[0], ("waivers", i, "obligation")) for i, w in enumerate(spec.waivers)]
    named += [
        (d.judgement.partition(".")[0], ("determinations", i, "judgement")) for i, d in enumerate(spec.determinations)
    ]
    if spec.assessed:
        named += [(id_, ("assessed", "rulesets", id_, "#key")) for id_ in spec.assessed.rulesets]
    listed = "see: raicheck rulesets list"
    return [
        Finding("RC212", "error", f"no ruleset '{shorten(id_)}'", spec.place(*route), nearest(id_, known) or listed)
        for id_, route in named
        if id_ not in known
    ]


def check_rulesets(rulesets: Iterable[Ruleset], as_of: date) -> list[Finding]:
    """Rulesets that nobody compared with the law for long."""
    return [_stale(law, as_of) for law in rulesets if (as_of - law.checked).days > STALE_DAYS]


def _stale(law: Ruleset, as_of: date) -> Finding:
    days = (as_of - law.checked).days
    message = f"{law.title}: the rules were last compared with the law {days} days ago, on {law.checked}"
    help_ = "update raicheck, or have somebody check what changed since"
    return Finding("RC312", "warning", message, None, help_, key=law.id)


def _position(finding: Finding) -> tuple[int, int, str]:
    place = finding.place
    return (place.line, place.column, finding.code) if place else (0, 0, finding.code)


def _law(assessment: Assessment, result: Result, counts: Counter[str] | None) -> Iterator[Finding]:
    yield from _prohibited(assessment, result)
    if result.ruleset.kind == "law":
        yield from undetermined(assessment, result)
    for label in result.labels:
        if label.status == "certain" and label.label.severity in BINDING:
            if counts is not None:
                counts[HOLDS] += 1
            else:
                yield _holds(assessment, result, label)
    yield from _declared(assessment, result)
    yield from _drafts(assessment, result)
    yield from _changed(assessment, result)
    yield from undone(assessment, result, counts)


# Prohibitions


def _prohibited(assessment: Assessment, result: Result) -> Iterator[Finding]:
    law = result.ruleset
    open_: list[Outcome] = []
    for outcome in result.rules_of(("prohibited",)):
        if outcome.status == "not_firing":
            continue
        role = role_held(assessment, law, outcome.rule.roles)
        if role is False:
            yield from _others_role(assessment, law, outcome)
        elif outcome.status == "fires" and role is True:
            yield _prohibition(assessment, law, outcome)
        else:
            open_.append(outcome)
    yield from by_question(assessment, law, open_, "RC302", "prohibited")


def role_held(assessment: Assessment, law: Ruleset, roles: Sequence[str]) -> Truth:
    """Whether this team has one of the roles that a rule addresses; a rule without roles addresses everybody."""
    if not roles:
        return True
    return any_of(assessment.program.ref("role", law.id, r, assessment.state) for r in roles)


def _prohibition(assessment: Assessment, law: Ruleset, outcome: Outcome) -> Finding:
    place, related = why_at(assessment, law, outcome.id)
    message = f"prohibited: {outcome.rule.title or outcome.id} ({law.title}{_when(outcome.start, assessment.as_of)})"
    help_ = "change the feature so that the rule no longer applies, or do not launch it; see: raicheck explain"
    key = f"{law.id}/{outcome.id}"
    return Finding("RC301", "error", message, place, help_, outcome.rule.cites, related, key, "prohibited")


def _when(start: Start, as_of: date) -> str:
    """`, from 2026-12-02, in 12 days` for what is enacted and starts later; else nothing."""
    day = start.earliest
    if day is None:
        return ", no start day set yet"
    if day <= as_of:
        return ""
    days = (day - as_of).days
    return f", from {day}, in {days} {'day' if days == 1 else 'days'}"


def _others_role(assessment: Assessment, law: Ruleset, outcome: Outcome) -> Iterator[Finding]:
    """What others may not do: certainly, or perhaps and an answer points to it."""
    titles = " or ".join(law.roles[r].title.lower() for r in outcome.rule.roles)
    help_ = "whoever has that role may not do it: ask before you buy, sell or pass it on"
    key = f"{law.id}/{outcome.id}"
    if outcome.status == "fires":
        verb, (place, related) = "prohibited", why_at(assessment, law, outcome.id)
    else:
        verb, related = "perhaps prohibited", ()
        pointing = [f for f in pointing_facts(assessment, outcome.rule.when) if f in assessment.spec.answers]
        if not pointing:
            return
        place = fact_place(assessment.spec, pointing[0])
        help_ += f"; {question_help(assessment, outcome.open.facts)}"
    message = f"{outcome.rule.title or outcome.id}: {verb} for the {titles}, which this team is not ({law.title})"
    yield Finding("RC305", "warning", message, place, help_, outcome.rule.cites, related, key)


# What holds, what was declared, what it rests on


def _holds(assessment: Assessment, result: Result, label: LabelOutcome) -> Finding:
    law = result.ruleset
    key = f"{law.id}/{label.label.id}"
    fired = [o for o in result.rules if o.rule.label == label.label.id and o.status == "fires"]
    place, related = why_at(assessment, law, fired[0].id) if fired else (assessment.spec.place("answers"), ())
    start = _when(fired[0].start, assessment.as_of) if fired else ""
    message = f"{label.label.title} ({law.title}{start})"
    cites = tuple(c for o in fired for c in o.rule.cites)
    return Finding(HOLDS, "info", message, place, "", cites, related, key, label.label.severity)


def _declared(assessment: Assessment, result: Result) -> Iterator[Finding]:
    law, certain = result.ruleset, result.classification.certain
    claim = assessment.spec.declared.get(law.id)
    if claim is None:
        return
    known = {x.id: x for x in (*law.labels.values(), law.unlabelled)}
    rank = known[claim].rank if claim in known else -1
    title = known[claim].title if claim in known else "The law does not apply"
    if certain.rank > rank:
        fired = [o.id for o in result.rules if o.rule.label == certain.id and o.status == "fires"]
        because, cites = _because(assessment, law, fired)
        message = f"declared “{title}”, but the answers say “{certain.title}” ({law.title})"
        help_ = f"correct the answers if they are wrong, else declare {law.id}: {certain.id}"
        place = assessment.spec.place("declared", law.id)
        yield Finding("RC306", "error", message, place, help_, cites, because, law.id, certain.severity)


def _because(
    assessment: Assessment, law: Ruleset, fired: list[str]
) -> tuple[tuple[tuple[Place, str], ...], tuple[str, ...]]:
    if not fired:
        return (), ()
    place, related = why_at(assessment, law, fired[0])
    first = ((place, "the answer that decides"),) if place else ()
    return (*first, *related), law.rules[fired[0]].cites


def _drafts(assessment: Assessment, result: Result) -> Iterator[Finding]:
    """Results that rest on draft guidance."""
    other, rules = result.text_alone, list(result.rules_on_draft())
    if other is None and not rules:
        return
    law = result.ruleset
    names = ", ".join(o.rule.title or o.id for o in rules[:3])
    on_text = f"“{_range(other)}”" if other else "the same class with other rules"
    message = f"relies on draft guidance: {names or law.title}; on the text alone: {on_text} ({law.title})"
    cites = tuple(c for o in rules[:3] for c in o.rule.cites)
    help_ = "ask counsel whether to rely on guidance that is not final"
    yield Finding("RC309", "warning", message, assessment.spec.place("answers"), help_, cites, key=law.id)


def _range(classification: Classification) -> str:
    low, high = classification.certain.title, classification.possible.title
    return low if low == high else f"{low} … {high}"


def _changed(assessment: Assessment, result: Result) -> Iterator[Finding]:
    assessed = assessment.spec.assessed
    before = assessed.rulesets.get(result.ruleset.id) if assessed else None
    if assessed is None or before is None or _same_hash(before, result.ruleset.sha256):
        return
    since = f" on {assessed.as_of}" if assessed.as_of else ""
    message = f"the rules of {result.ruleset.title} have changed since the spec was assessed{since}"
    place = assessment.spec.place("assessed", "rulesets", result.ruleset.id)
    help_ = f"look at the result again, then record sha256 {result.ruleset.sha256[:12]} under assessed"
    yield Finding("RC311", "warning", message, place, help_, key=result.ruleset.id)


def _same_hash(recorded: str, now: str) -> bool:
    """A recorded hash may be shortened to twelve digits."""
    return len(recorded) >= 12 and now.startswith(recorded.lower())


# Answers


def _contradictions(assessment: Assessment) -> Iterator[Finding]:
    questions = assessment.program.rulesets.bank.questions
    for found in assessment.facts.contradictions:
        others = dict.fromkeys(t.fact for t in tests(found.implication.when))
        said = "; ".join(
            f"“{questions[f].ask}” – {answer_words(questions[f], assessment.spec.answers.get(f), brief=True)}"
            for f in others
        )
        answer = answer_words(questions[found.fact], assessment.spec.answers.get(found.fact), brief=True)
        message = f"answers contradict each other: “{questions[found.fact].ask}” – {answer}, but {said}"
        related = tuple(
            (place, questions[f].ask) for f in others if (place := fact_place(assessment.spec, f)) is not None
        )
        place = fact_place(assessment.spec, found.fact)
        help_ = "correct whichever is wrong"
        yield Finding("RC310", "error", message, place, help_, (), related, f"{found.fact}/{'+'.join(others)}")


def _unused(assessment: Assessment) -> Iterator[Finding]:
    questions = assessment.program.rulesets.bank.questions
    for fact in assessment.facts.unused:
        message = f"{fact} does not arise with the other answers and is not used: {questions[fact].ask}"
        place = fact_place(assessment.spec, fact)
        yield Finding("RC313", "info", message, place, "leave it, or remove it", key=fact)


# Laws nobody asked about


def _not_looked_at(assessment: Assessment, law: Ruleset) -> Iterator[Finding]:
    program, state = assessment.program, assessment.state
    if law.id in assessment.results or not (law.rules or law.obligations) or not program.applies(law, state):
        return
    matter = Matter(Evaluation(program, law, state.worlds), assessment.spec, state)
    for rule in law.rules.values():
        prohibited = _severity(law, rule.label) == "prohibited"
        if prohibited and program.ref("rule", law.id, rule.id, state) and role_held(assessment, law, rule.roles):
            yield _prohibition(assessment, law, Outcome(matter, rule, True, True))
    message = f"not looked at: {law.title}, which applies by the answers"
    facts = _scope_facts(assessment, law)
    place = fact_place(assessment.spec, facts[0]) if facts else assessment.spec.place("answers")
    help_ = f"check it too: --ruleset {law.id}, or name it under rulesets in the configuration"
    yield Finding("RC314", "warning", message, place, help_, key=law.id)


def _scope_facts(assessment: Assessment, law: Ruleset) -> tuple[str, ...]:
    """The answered facts that a law's scope rests on."""
    proof = prove_condition(assessment, law.applies)
    return tuple(r.fact for r in reasons(proof) if r.fact in assessment.spec.answers)


def _severity(law: Ruleset, label: str | None) -> LabelSeverity | None:
    found = law.labels.get(label or "")
    return found.severity if found else None
