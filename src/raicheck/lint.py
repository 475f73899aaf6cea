"""Findings on rulesets that load: citations, unread questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from raicheck.logic import tests
from raicheck.model import Finding, Obligation, Place, Rule, Ruleset, Rulesets
from raicheck.provisions import Provision
from raicheck.read import nearest
from raicheck.references import all_rules, conditions


def lint(rulesets: Rulesets, provisions: Mapping[str, Provision]) -> list[Finding]:
    """Everything wrong with rulesets that load without errors."""
    found = [f for law in rulesets.by_id.values() for f in _citations(law, provisions)]
    found += _unread(rulesets)
    return found


def _citations(law: Ruleset, provisions: Mapping[str, Provision]) -> Iterator[Finding]:
    for rule in all_rules(law):
        yield from _check_cites(rule.id, (*rule.cites, *rule.see), rule.place, provisions, rule, law)
    for owed in law.obligations.values():
        breach = owed.breach.cites if owed.breach else ()
        yield from _check_cites(owed.id, (*owed.cites, *owed.see, *breach), owed.place, provisions, owed, law)
    for judgement in law.judgements.values():
        yield from _check_cites(judgement.id, judgement.cites, judgement.place, provisions, None, law)


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
        if provision is None:
            yield Finding("RC510", "error", f"{name}: no provision '{cite}'", place, nearest(cite, provisions))
        elif provision.until and (item is None or item.repealed is None or item.repealed > provision.until):
            message = f"{name}: '{cite}' was deleted on {provision.until}"
            yield Finding("RC511", "error", message, place, "cite what replaced it, or say repealed: on the rule")
        elif provision.since and item is not None and (item.enacted or law.enacted) < provision.since:
            message = f"{name}: '{cite}' exists only since {provision.since}"
            yield Finding(
                "RC511", "error", message, place, f"say enacted: {provision.since}, or cite the older provision"
            )


def read_facts(rulesets: Rulesets) -> dict[str, frozenset[str]]:
    """The facts that rulesets and gates read, with the options they test."""
    read: dict[str, frozenset[str]] = {}
    everything = [c for law in rulesets.by_id.values() for c, _, _ in conditions(law)]
    everything += [q.only_if for q in rulesets.bank.questions.values() if q.only_if is not None]
    everything += [i.when for i in rulesets.bank.implications]
    for condition in everything:
        for test in tests(condition):
            read[test.fact] = read.get(test.fact, frozenset()) | test.values
    return read


def _unread(rulesets: Rulesets) -> Iterator[Finding]:
    read = read_facts(rulesets)
    for question in rulesets.bank.questions.values():
        if question.id not in read:
            yield Finding("RC512", "error", f"no rule reads question '{question.id}'", question.place, "remove it")
