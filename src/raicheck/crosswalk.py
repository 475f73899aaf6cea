"""The crosswalk: one piece of work contributes to several obligations, in one direction and never the whole of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from raicheck.assess import Assessment
from raicheck.files import read_nodes
from raicheck.frozen import frozen
from raicheck.load_bank import check_format
from raicheck.model import Finding, Place, Rulesets
from raicheck.nodes import Node
from raicheck.outcome import ObligationOutcome
from raicheck.read import Reader, nearest

FILE = Path("crosswalk") / "crosswalk.yaml"
Standing = Literal["there", "open", "not_owed"]
_THERE = ("done", "met_elsewhere")


@frozen
class Contribution:
    """What an item covers of an obligation (`ruleset.obligation`), and what it leaves out."""

    to: str
    covers: str
    missing: str
    place: Place | None = None


@frozen
class Item:
    """A piece of work or evidence: the obligations that ask for it, and those it contributes to."""

    id: str
    title: str
    sources: tuple[str, ...]
    contributes: tuple[Contribution, ...]
    place: Place | None = None


@frozen
class Use:
    """An item for one feature: how it stands, and the contributions to what the feature owes or may owe."""

    item: Item
    standing: Standing
    contributions: tuple[tuple[Contribution, ObligationOutcome], ...]


def load_crosswalk(folder: Path) -> tuple[tuple[Item, ...], list[Finding]]:
    """The items of a rulesets folder; with any finding they must not be used."""
    root, findings = read_nodes(folder / FILE)
    if root is None:
        return (), findings
    reader = Reader("RC501")
    header = reader.mapping(root, ("format", "items"), "a crosswalk", ("format", "items"))
    nodes = reader.items(header.entries.get("items"), "items") if header else ()
    if header:
        check_format(reader, header)
    items = tuple(item for node in nodes if (item := _item(reader, node)))
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            reader.report(f"item '{item.id}' is there twice", item.place, "rename one")
        seen.add(item.id)
    return items, reader.findings


def _item(reader: Reader, node: Node) -> Item | None:
    keys = ("id", "title", "from", "contributes")
    entry = reader.mapping(node, keys, "an item", keys)
    if entry is None:
        return None
    at = entry.entries.get
    found = (_contribution(reader, n) for n in reader.items(at("contributes"), "contributes"))
    return Item(
        reader.text(at("id"), "id"),
        reader.text(at("title"), "title"),
        reader.texts(at("from"), "from"),
        tuple(c for c in found if c),
        entry.place,
    )


def _contribution(reader: Reader, node: Node) -> Contribution | None:
    keys = ("to", "covers", "missing")
    entry = reader.mapping(node, keys, "a contribution", keys)
    if entry is None:
        return None
    to, covers, missing = (reader.text(entry.entries.get(key), key) for key in keys)
    for key, text in (("covers", covers), ("missing", missing)):
        if key in entry.entries and not text.strip():
            reader.report(f"'{key}' is empty: a contribution is never the whole", entry.place, "say it in a few words")
    return Contribution(to, covers, missing, entry.place)


def check_crosswalk(items: Iterable[Item], rulesets: Rulesets) -> list[Finding]:
    """Obligations that do not exist, and items that contribute to what asks for them."""
    known = {f"{law.id}.{id_}" for law in rulesets.by_id.values() for id_ in law.obligations}
    findings = []
    for item in items:
        named = [(source, item.place) for source in item.sources] + [(c.to, c.place) for c in item.contributes]
        for name, place in named:
            if name not in known:
                help_ = nearest(name, known) or "write ruleset.obligation"
                findings.append(Finding("RC502", "error", f"{item.id}: no obligation '{name}'", place, help_))
        for contribution in item.contributes:
            if contribution.to in item.sources:
                message = f"{item.id}: '{contribution.to}' asks for the item itself"
                findings.append(Finding("RC502", "error", message, contribution.place, "remove the contribution"))
    return findings


def crosswalk_of(assessment: Assessment, items: Iterable[Item]) -> tuple[Use, ...]:
    """The items that are of use for what this feature owes or may owe.

    Not those that only laws ask for which do not apply, unless they are there.
    """
    outcomes = {
        f"{id_}.{outcome.obligation.id}": outcome
        for id_, result in assessment.results.items()
        for outcome in result.obligations
    }
    owed = {name: outcome for name, outcome in outcomes.items() if outcome.applicability != "not_applicable"}
    uses = []
    for item in items:
        of_use = tuple((c, owed[c.to]) for c in item.contributes if c.to in owed)
        standing = _standing(item, outcomes, owed)
        if of_use and (standing != "not_owed" or _may_apply(assessment, item)):
            uses.append(Use(item, standing, of_use))
    return tuple(uses)


def _may_apply(assessment: Assessment, item: Item) -> bool:
    """Whether a law that asks for an item applies or may apply, looked at or not."""
    laws = [assessment.program.rulesets.by_id.get(source.partition(".")[0]) for source in item.sources]
    return any(law is None or assessment.program.applies(law, assessment.state) is not False for law in laws)


def _standing(item: Item, outcomes: dict[str, ObligationOutcome], owed: dict[str, ObligationOutcome]) -> Standing:
    if any(source in outcomes and outcomes[source].progress in _THERE for source in item.sources):
        return "there"
    return "open" if any(source in owed for source in item.sources) else "not_owed"
