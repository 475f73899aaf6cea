"""Which rules, exceptions and obligations have a case where they apply, one where they do not, one where it is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from raicheck.cases import Case
from raicheck.model import Obligation, Place, Rule, Ruleset

_FOR = {"fires", "applies"}
_AGAINST = {"not_firing", "not_applicable"}


@dataclass(slots=True)
class Covered:
    """The ids of the cases for, against and undecided on one thing; an exception is named `rule/exception`."""

    kind: str
    name: str
    place: Place | None
    for_: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def lacks(self) -> list[str]:
        """What is missing, in words."""
        parts = {"for": self.for_, "against": self.against, "unknown": self.unknown}
        return [name for name, ids in parts.items() if not ids]


def coverage(law: Ruleset, cases: Iterable[Case]) -> list[Covered]:
    """Every rule, exception and obligation of a ruleset with the cases that say something about it."""
    found = {(c.kind, c.name): c for c in _everything(law)}
    shared = _shared(law)
    for case in cases:
        for kind in ("rules", "exceptions", "obligations"):
            for name, wanted in case.expected[kind].items():
                covered = found.get((kind, name)) or found.get((kind, shared.get(name, "")))
                if covered is not None:
                    _bucket(covered, wanted).append(case.id)
    return list(found.values())


def _bucket(covered: Covered, wanted: str) -> list[str]:
    return covered.for_ if wanted in _FOR else covered.against if wanted in _AGAINST else covered.unknown


def _everything(law: Ruleset) -> Iterator[Covered]:
    seen: set[int] = set()
    for rule in law.rules.values():
        yield Covered("rules", rule.id, rule.place)
        yield from _exceptions(rule.unless, rule.id, seen)
    for owed in law.obligations.values():
        yield Covered("obligations", owed.id, owed.place)
        yield from _exceptions(owed.unless, owed.id, seen)


def _exceptions(rules: tuple[Rule, ...], parent: str, seen: set[int]) -> Iterator[Covered]:
    """Exceptions under their first parent: one shared by several is one exception."""
    for rule in rules:
        if id(rule) in seen:
            continue
        seen.add(id(rule))
        yield Covered("exceptions", f"{parent}/{rule.id}", rule.place)
        yield from _exceptions(rule.unless, f"{parent}/{rule.id}", seen)


def _shared(law: Ruleset) -> dict[str, str]:
    """Every name of an exception to the name under its first parent."""
    first: dict[int, str] = {}
    names: dict[str, str] = {}
    parents: list[Rule | Obligation] = [*law.rules.values(), *law.obligations.values()]
    for parent in parents:
        for path, rule in _paths(parent.unless, parent.id):
            names[path] = first.setdefault(id(rule), path)
    return names


def _paths(rules: tuple[Rule, ...], parent: str) -> Iterator[tuple[str, Rule]]:
    for rule in rules:
        yield f"{parent}/{rule.id}", rule
        yield from _paths(rule.unless, f"{parent}/{rule.id}")
