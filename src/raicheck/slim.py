"""Laws that nobody asked about, cut down to what a check needs of them: their scope and what they prohibit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from raicheck.frozen import replace
from raicheck.leaves import behind, conditions_of, refs
from raicheck.model import Condition, Ref, Ruleset, Rulesets


def slim(rulesets: Rulesets, watched: Iterable[str]) -> Rulesets:
    """`rulesets` with the watched ones (but for those that others use) cut down."""
    whole = used(rulesets.by_id, rulesets.by_id.keys() - set(watched))
    needed = _needed(rulesets, [law for id_, law in rulesets.by_id.items() if id_ not in whole])
    made = {id_: law if id_ in whole else _cut(law, needed) for id_, law in rulesets.by_id.items()}
    return Rulesets(rulesets.bank, made)


def used(by_id: Mapping[str, Ruleset], chosen: Iterable[str]) -> frozenset[str]:
    """The chosen rulesets and all that they use."""
    found: set[str] = set()
    waiting = list(chosen)
    while waiting:
        id_ = waiting.pop()
        if id_ in by_id and id_ not in found:
            found.add(id_)
            waiting += [*by_id[id_].uses, *filter(None, (by_id[id_].extends,))]
    return frozenset(found)


def _needed(rulesets: Rulesets, laws: Iterable[Ruleset]) -> set[Ref]:
    """All that the scopes and prohibitions of some laws hang on."""
    waiting: list[Condition] = []
    needed: set[Ref] = set()
    for law in laws:
        kept = {r.id for r in law.rules.values() if r.label and law.labels[r.label].severity == "prohibited"}
        needed |= {Ref("rule", law.id, id_) for id_ in kept}
        waiting += [law.applies, *(role.when for role in law.roles.values())]
        for id_ in kept:
            rule = law.rules[id_]
            waiting += [*conditions_of(rule), *(case.when for case in rule.start)]
    while waiting:
        for ref in refs(waiting.pop()):
            if ref not in needed:
                needed.add(ref)
                waiting += behind(rulesets, ref)
    return needed


def _cut(law: Ruleset, needed: set[Ref]) -> Ruleset:
    return replace(
        law,
        rules={id_: r for id_, r in law.rules.items() if Ref("rule", law.id, id_) in needed},
        definitions={id_: d for id_, d in law.definitions.items() if Ref("definition", law.id, id_) in needed},
        judgements={id_: j for id_, j in law.judgements.items() if Ref("judgement", law.id, id_) in needed},
        obligations={},
        penalties={},
        open_points=(),
    )
