"""Two versions of the rulesets: what was added, removed or changed, whatever the features."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from raicheck.model import Obligation, Rule, Ruleset

_PLACE = re.compile(r"place=Place\([^)]*\)")


def ruleset_changes(before: Mapping[str, Ruleset], now: Mapping[str, Ruleset]) -> Iterator[str]:
    """Every difference between two sets of rulesets, a line each."""
    for id_ in sorted(before.keys() | now.keys()):
        if id_ not in before:
            yield f"{id_}: new ruleset"
        elif id_ not in now:
            yield f"{id_}: removed"
        elif before[id_].sha256 != now[id_].sha256:
            yield from _ruleset(before[id_], now[id_])


def _ruleset(before: Ruleset, now: Ruleset) -> Iterator[str]:
    if before.checked != now.checked:
        yield f"{now.id}: checked on {now.checked}, before {before.checked}"
    for name in sorted(before.dates.keys() | now.dates.keys()):
        if before.dates.get(name) != now.dates.get(name):
            yield f"{now.id}: date {name}: {_dated(now, name)}, before {_dated(before, name)}"
    yield from _items(now.id, "rule", before.rules, now.rules)
    yield from _items(now.id, "obligation", before.obligations, now.obligations)
    kinds: tuple[tuple[str, Mapping[str, object], Mapping[str, object]], ...] = (
        ("definition", before.definitions, now.definitions),
        ("judgement", before.judgements, now.judgements),
        ("role", before.roles, now.roles),
        ("label", before.labels, now.labels),
    )
    for kind, old, new in kinds:
        for id_ in sorted(old.keys() | new.keys()):
            if _plain(old.get(id_)) != _plain(new.get(id_)):
                yield f"{now.id}: {kind} {id_}: {_what(id_ in old, id_ in new)}"


def _dated(law: Ruleset, name: str) -> str:
    values = law.dates.get(name)
    if not values:
        return "none"
    return str(values[-1].day or " or ".join(str(r.day) for r in values[-1].readings if r.day) or "no day")


def _what(was: bool, is_: bool) -> str:
    return "changed" if was and is_ else "new" if is_ else "removed"


def _items(
    law: str,
    kind: str,
    before: Mapping[str, Rule] | Mapping[str, Obligation],
    now: Mapping[str, Rule] | Mapping[str, Obligation],
) -> Iterator[str]:
    for id_ in sorted(before.keys() | now.keys()):
        old, new = before.get(id_), now.get(id_)
        if _plain(old) != _plain(new):
            parts = _parts(old, new) if old is not None and new is not None else ""
            yield f"{law}: {kind} {id_}: {_what(old is not None, new is not None)}{parts}"


def _parts(old: Rule | Obligation, new: Rule | Obligation) -> str:
    """Which parts differ, by their names in the file."""
    names = {
        "when": "condition",
        "unless": "exceptions",
        "start": "from",
        "cites": "cites",
        "roles": "roles",
        "label": "label",
    }
    different = [
        word for part, word in names.items() if _plain(getattr(old, part, None)) != _plain(getattr(new, part, None))
    ]
    return f" ({', '.join(different)})" if different else ""


def _plain(thing: object) -> str:
    """A thing without the places in the file that it was read from."""
    return _PLACE.sub("", repr(thing))
