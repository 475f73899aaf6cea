"""What conditions are made of and stand for: their tests and references, and what is behind a reference."""

from __future__ import annotations

from collections.abc import Iterator

from raicheck.model import AtLeast, Condition, Not, Ref, Rule, Ruleset, Rulesets, Test


def refs(condition: Condition) -> Iterator[Ref]:
    """All references in a condition."""
    return (leaf for leaf in _leaves(condition) if isinstance(leaf, Ref))


def tests(condition: Condition) -> Iterator[Test]:
    """All tests of facts in a condition."""
    return (leaf for leaf in _leaves(condition) if isinstance(leaf, Test))


def _leaves(condition: Condition) -> Iterator[Ref | Test]:
    match condition:
        case Not(part):
            yield from _leaves(part)
        case AtLeast(_, parts):
            for part in parts:
                yield from _leaves(part)
        case _:
            yield condition


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """The condition of a rule and of its exceptions, all the way down."""
    yield rule.when
    for exception in rule.unless:
        yield from conditions_of(exception)


def behind(rulesets: Rulesets, ref: Ref) -> Iterator[Condition]:
    """The conditions that a reference stands for."""
    law = rulesets.by_id.get(ref.ruleset)
    if law is None:
        return
    match ref.kind:
        case "rule" if ref.id in law.rules:
            yield from conditions_of(law.rules[ref.id])
        case "label":
            for rule in law.rules.values():
                if rule.label == ref.id:
                    yield Ref("rule", law.id, rule.id)
        case "definition" if ref.id in law.definitions:
            yield law.definitions[ref.id].when
        case "role" if ref.id in law.roles:
            yield law.roles[ref.id].when
        case "judgement" if ref.id in law.judgements:
            judgement = law.judgements[ref.id]
            yield from (judgement.yes_when, judgement.no_when, judgement.raised_when)


def gate_rules(rulesets: Rulesets, law: Ruleset) -> frozenset[str]:
    """The rules of a law that decide whether it applies: these hold whether or not it does."""
    seen: set[Ref] = set()
    waiting = list(refs(law.applies))
    while waiting:
        ref = waiting.pop()
        if ref not in seen:
            seen.add(ref)
            waiting += [r for inner in behind(rulesets, ref) for r in refs(inner)]
    return frozenset(r.id for r in seen if r.kind == "rule" and r.ruleset == law.id)
