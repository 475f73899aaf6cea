"""Findings on rulesets that load: exact checks of the logic, citations, wording, coverage by cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from raicheck.cases import Case
from raicheck.coverage import coverage
from raicheck.diagram import FALSE, TRUE, Diagram, Node
from raicheck.leaves import tests
from raicheck.logic import Program
from raicheck.model import (
    Choice,
    Condition,
    Finding,
    Judgement,
    Known,
    Obligation,
    Place,
    Question,
    Rule,
    Ruleset,
    Rulesets,
    Subset,
)
from raicheck.provisions import Provision
from raicheck.read import nearest
from raicheck.references import all_rules, conditions

# words of the law that a product manager should not have to know to answer
_LEAKS = re.compile(
    r"\b(high[- ]risk|annex [ivx]+|article \d+|provider|deployer|controller|processor|data fiduciary|data principal"
    r"|profiling|significant(?:ly)? affect\w*|legal effect|lawful basis|substantial modification|intended purpose"
    r"|safety component|deep ?fake|biometric categorisation|emotion recognition system|social scoring)\b",
    re.IGNORECASE,
)


def lint(rulesets: Rulesets, provisions: Mapping[str, Provision], cases: Mapping[str, Sequence[Case]]) -> list[Finding]:
    """Everything wrong with rulesets that load without errors. The logic is checked as of the day `checked:` says.

    `cases` are those of each ruleset: every rule, exception and obligation wants one for and one against.
    """
    program = Program(rulesets)
    found: list[Finding] = []
    for law in rulesets.by_id.values():
        found += _citations(law, provisions)
        found += _dates(law)
        found += _logic(program, law, law.checked)
        found += _uncovered(law, cases.get(law.id, ()))
    found += _unread(rulesets)
    found += _clashes(program, rulesets)
    for question in rulesets.bank.questions.values():
        found += _wording(question)
    return found


def _error(code: str, message: str, place: Place | None, help_: str = "") -> Finding:
    return Finding(code, "error", message, place, help_)


# The logic, exactly: one diagram per rule


def _logic(program: Program, law: Ruleset, as_of: date) -> Iterator[Finding]:
    for rule in law.rules.values():
        yield from _rule_logic(Diagram(program, _day_as_law(rule, law, as_of)), law, rule)
    for obligation in law.obligations.values():
        diagram = Diagram(program, as_of)
        when = diagram.of_condition(obligation.when)
        if when == FALSE:
            yield _error(
                "RC520", f"{obligation.id} can never apply", obligation.place, "its conditions exclude each other"
            )
        yield from _exceptions(diagram, law, obligation.unless, when, obligation.id, as_of)
    yield from _redundant(program, law, as_of)
    for judgement in law.judgements.values():
        yield from _two_minded(Diagram(program, as_of), judgement)


def _two_minded(diagram: Diagram, judgement: Judgement) -> Iterator[Finding]:
    """Facts must not settle a judgement both ways."""
    for condition in (judgement.yes_when, judgement.no_when):
        diagram.gather_condition(condition)
    both = diagram.both(diagram.of_condition(judgement.yes_when), diagram.of_condition(judgement.no_when))
    example = diagram.example(both)
    if example is not None:
        message = f"yes_when and no_when of {judgement.id} can hold together"
        yield _error("RC526", message, judgement.place, f"as with: {example}")


def _clashes(program: Program, rulesets: Rulesets) -> Iterator[Finding]:
    """Two implications of the bank that say opposite things of one fact in one situation."""
    implications = rulesets.bank.implications
    for index, a in enumerate(implications):
        for b in implications[index + 1 :]:
            if a.fact != b.fact or not _opposite(a.then, b.then):
                continue
            diagram = Diagram(program, date.max)
            diagram.gather_condition(a.when)
            diagram.gather_condition(b.when)
            example = diagram.example(diagram.both(diagram.of_condition(a.when), diagram.of_condition(b.when)))
            if example is not None:
                message = f"two implications about {a.fact} contradict each other"
                yield _error("RC526", message, b.place, f"as with: {example}")


def _opposite(a: Known, b: Known) -> bool:
    match a, b:
        case Choice(x), Choice(y):
            return not x & y
        case Subset(has, lacks), Subset(more, less):
            return bool(has & less or more & lacks)
        case _:
            return False


def _day_as_law(rule: Rule, law: Ruleset, as_of: date) -> date:
    """`as_of`, or the nearest day on which the rule is law."""
    if rule.repealed is not None and rule.repealed <= as_of:
        return rule.repealed - timedelta(days=1)
    return max(as_of, rule.enacted or law.enacted)


def _current(rule: Rule, law: Ruleset, as_of: date) -> bool:
    return (rule.enacted or law.enacted) <= as_of and (rule.repealed is None or as_of < rule.repealed)


def _rule_logic(diagram: Diagram, law: Ruleset, rule: Rule) -> Iterator[Finding]:
    when = diagram.of_condition(rule.when)
    fires = diagram.of_rule(law, rule)
    if when == FALSE:
        yield _error("RC520", f"{rule.id} can never fire", rule.place, "its conditions exclude each other")
    elif fires == TRUE and rule.label:
        yield _error("RC521", f"{rule.id} always fires", rule.place, "a label that everybody gets says nothing")
    elif fires == FALSE:
        example = diagram.example(when)
        yield _error(
            "RC522", f"the exceptions of {rule.id} swallow it", rule.place, f"an exception holds even with: {example}"
        )
    yield from _exceptions(diagram, law, rule.unless, when, rule.id, law.checked)


def _exceptions(diagram: Diagram, law: Ruleset, rules: tuple[Rule, ...], reach: Node, parent: str,
                as_of: date) -> Iterator[Finding]:  # fmt: skip
    for exception in rules:
        if not _current(exception, law, as_of) or reach == FALSE:
            continue
        inner = diagram.both(reach, diagram.of_condition(exception.when))
        if inner == FALSE:
            message = f"exception {exception.id} of {parent} can never apply"
            yield _error("RC523", message, exception.place, "whenever its rule holds, it does not")
        yield from _exceptions(diagram, law, exception.unless, inner, f"{parent}/{exception.id}", as_of)


def _redundant(program: Program, law: Ruleset, as_of: date) -> Iterator[Finding]:
    """Rules of one label of which one fires only where another does, with the same dates and provisions aside."""
    for label in law.labels:
        ids = [i for i in program.labelled(law, label) if _current(law.rules[i], law, as_of)]
        for a in ids:
            for b in ids:
                if a != b and _implies(program, law, law.rules[a], law.rules[b], as_of):
                    yield _error("RC524", f"{a} fires only where {b} fires too", law.rules[a].place,
                                 "remove one, or make them differ")  # fmt: skip


def _implies(program: Program, law: Ruleset, a: Rule, b: Rule, as_of: date) -> bool:
    if _facts(a.when).isdisjoint(_facts(b.when)) or a.cites != b.cites or a.start != b.start:
        return False
    diagram = Diagram(program, as_of)
    # gather both before building: thresholds of numbers must be common
    diagram.gather(law, a)
    diagram.gather(law, b)
    return diagram.both(diagram.of_rule(law, a), diagram.negate(diagram.of_rule(law, b))) == FALSE


def _facts(condition: Condition) -> frozenset[str]:
    return frozenset(t.fact for t in tests(condition))


def _uncovered(law: Ruleset, cases: Sequence[Case]) -> Iterator[Finding]:
    for covered in coverage(law, cases):
        missing = [m for m in covered.lacks if m != "unknown"]
        if missing:
            message = f"{covered.name} has no case {' and none '.join(missing)}"
            yield _error("RC516", message, covered.place, f"add one to cases/{law.id}/")


# Citations and dates


def _citations(law: Ruleset, provisions: Mapping[str, Provision]) -> Iterator[Finding]:
    for rule in all_rules(law):
        yield from _check_cites(rule.id, (*rule.cites, *rule.see), rule.place, provisions, rule, law)
    for owed in law.obligations.values():
        breach = owed.breach.cites if owed.breach else ()
        yield from _check_cites(owed.id, (*owed.cites, *owed.see, *breach), owed.place, provisions, owed, law)
    for judgement in law.judgements.values():
        yield from _check_cites(judgement.id, judgement.cites, judgement.place, provisions, None, law)
    for role in law.roles.values():
        yield from _check_cites(role.id, role.cites, law.place, provisions, None, law)
    for definition in law.definitions.values():
        yield from _check_cites(definition.id, definition.cites, definition.place, provisions, None, law)
    for point in law.open_points:
        cites = (*point.cites, *(c for r in point.readings for c in r.cites))
        yield from _check_cites(point.id, cites, law.place, provisions, None, law)


def _check_cites(
    name: str,
    cites: tuple[str, ...],
    place: Place | None,
    provisions: Mapping[str, Provision],
    item: Rule | Obligation | None,
    law: Ruleset,
) -> Iterator[Finding]:
    for cite in cites:
        provision = provisions.get(cite)
        if provision is None and law.kind == "company" and cite.partition("/")[0] in {i.id for i in law.instruments}:
            continue  # a policy of one's own has no index
        if provision is None:
            yield _error("RC510", f"{name}: no provision '{cite}'", place, nearest(cite, provisions))
        elif provision.until and (item is None or item.repealed is None or item.repealed > provision.until):
            message = f"{name}: '{cite}' was deleted on {provision.until}"
            yield _error("RC511", message, place, "cite what replaced it, or say repealed: on the rule")
        elif provision.since and item is not None and (item.enacted or law.enacted) < provision.since:
            message = f"{name}: '{cite}' exists only since {provision.since}"
            yield _error("RC511", message, place, f"say enacted: {provision.since}, or cite the older provision")


def _dates(law: Ruleset) -> Iterator[Finding]:
    for name, values in law.dates.items():
        days = [v.since for v in values]
        if days != sorted(set(days)):
            yield _error("RC525", f"dates.{name}: 'since' is out of order", law.place, "list the oldest value first")
    items: list[Rule | Obligation] = [*all_rules(law), *law.obligations.values()]
    for item in items:
        if item.enacted and item.repealed and item.repealed <= item.enacted:
            yield _error("RC525", f"{item.id} is repealed before it is enacted", item.place, "swap the two dates")
    if law.enacted > law.checked:
        yield _error("RC525", f"{law.id} was checked before it was enacted", law.place)


# The bank


def read_facts(rulesets: Rulesets) -> dict[str, frozenset[str]]:
    """The facts that rulesets and gates read, with the options they test."""
    read: dict[str, frozenset[str]] = {}
    everything = [c for law in rulesets.by_id.values() for c, _, _ in conditions(law)]
    everything += [q.only_if for q in rulesets.bank.questions.values() if q.only_if is not None]
    everything += [i.when for i in rulesets.bank.implications]
    for condition in everything:
        for test in tests(condition):
            read[test.fact] = read.get(test.fact, frozenset()) | test.values
    for law in rulesets.by_id.values():
        if law.market:  # the launch, for due dates
            read.setdefault(f"placement.{law.market}_first", frozenset())
    return read


def _unread(rulesets: Rulesets) -> Iterator[Finding]:
    read = read_facts(rulesets)
    counted = {
        t.fact for law in rulesets.by_id.values() for c, _, _ in conditions(law) for t in tests(c) if t.op != "is"
    }
    for question in rulesets.bank.questions.values():
        if question.id not in read:
            yield _error("RC512", f"no rule reads question '{question.id}'", question.place, "remove it")
        elif question.type in ("many_of", "one_of") and question.id not in counted:
            yield from _unread_options(question, read[question.id])


def _unread_options(question: Question, read: frozenset[str]) -> Iterator[Finding]:
    """A foil is an option that is there so that nobody picks a neighbour in its place."""
    options = [o.id for o in question.options]
    for option in options:
        if option not in read and option not in question.foils:
            message = f"no rule reads option '{option}' of {question.id}"
            yield _error("RC513", message, question.place, "remove it, or list it under foils:")
    for foil in question.foils:
        if foil in read or foil not in options:
            yield _error("RC513", f"'{foil}' of {question.id} is no foil", question.place, "a rule reads it; remove it")


def _wording(question: Question) -> Iterator[Finding]:
    shown = " ".join((question.ask, *(o.text for o in question.options)))
    for word in sorted({m.group(0).lower() for m in _LEAKS.finditer(shown)}):
        message = f"{question.id} asks in the law's words: '{word}'"
        yield _error("RC514", message, question.place, "ask for the fact behind it")
    if not question.help or not question.who:
        yield _error("RC515", f"{question.id} lacks help or who", question.place, "give an example and who can answer")
