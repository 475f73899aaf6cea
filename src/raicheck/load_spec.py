"""A spec file to a Spec, with every mistake as a finding at its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from raicheck.answers import AnswerReader, near_questions
from raicheck.model import (
    Answer,
    Assessed,
    Bank,
    Choice,
    Determination,
    Evidence,
    Finding,
    Interval,
    Note,
    Place,
    Placement,
    Progress,
    Rulesets,
    Spec,
    Undertaking,
    Waiver,
)
from raicheck.nodes import MapNode, Node, Places, ScalarNode
from raicheck.placements import hull
from raicheck.read import Reader, TooMany, nearest, shorten
from raicheck.source import MAX_FINDINGS

KEYS = (
    "raicheck",
    "feature",
    "placements",
    "answers",
    "notes",
    "determinations",
    "obligations",
    "waivers",
    "declared",
    "assessed",
)
FEATURE_KEYS = ("id", "name", "version", "owner", "stage", "entity", "summary", "contact", "links")
MARKETS = ("eu", "in", "us")
_UNDERTAKING = ("progress", "owner", "evidence", "reason", "approver", "until", "note")


class SpecLoader:
    """Loads specs that speak of these rulesets. Build once for any number of specs."""

    def __init__(self, rulesets: Rulesets) -> None:
        self._rulesets = rulesets
        self._answers = AnswerReader(rulesets.bank)

    def load(self, root: Node, file: str) -> tuple[Spec | None, list[Finding]]:
        """The spec at `root`. With any error among the findings it must not be assessed."""
        reader = Reader("RC201", MAX_FINDINGS)
        try:
            return _spec(reader, root, self._rulesets, self._answers, file), reader.findings
        except TooMany:
            message = f"more than {MAX_FINDINGS} mistakes; the rest of the file was not read"
            rest = Finding("RC115", "error", message, Place(file, 1, 1, 1, 1), "mend these first")
            return None, [*reader.findings, rest]


def load_spec(root: Node, rulesets: Rulesets, file: str) -> tuple[Spec | None, list[Finding]]:
    """The spec at `root`, as `SpecLoader.load` gives it."""
    return SpecLoader(rulesets).load(root, file)


def _spec(reader: Reader, root: Node, rulesets: Rulesets, answer_reader: AnswerReader, file: str) -> Spec | None:
    top = reader.mapping(root, KEYS, "a spec", ("raicheck",))
    if top is None:
        return None
    _version(reader, top)
    at = top.entries.get
    bank = rulesets.bank
    placements = reader.each(at("placements"), "placements", lambda n: _placement(reader, n))
    answers = read_answers(reader, answer_reader, at("answers"))
    return Spec(
        feature=_feature(reader, at("feature")),
        placements=placements,
        answers={**answers, **_launches(placements, bank)},
        notes=_notes(reader, bank, at("notes")),
        determinations=reader.each(
            at("determinations"), "determinations", lambda n: _determination(reader, n, rulesets)
        ),
        obligations=_undertakings(reader, rulesets, at("obligations")),
        waivers=reader.each(at("waivers"), "waivers", lambda n: _waiver(reader, n, rulesets)),
        declared=_declared(reader, rulesets, at("declared")),
        assessed=_assessed(reader, at("assessed")),
        file=file,
        places=Places(top),
    )


def _version(reader: Reader, top: MapNode) -> None:
    node = top.entries.get("raicheck")
    if isinstance(node, ScalarNode) and node.text != "1":
        reader.report(
            f"spec format '{shorten(node.text)}' is not readable here",
            node.place,
            "this raicheck reads format 1; update raicheck",
            "RC210",
        )


def _feature(reader: Reader, node: Node | None) -> dict[str, str]:
    root = reader.mapping(node, FEATURE_KEYS, "feature") if node else None
    made = {k: reader.text(v, f"feature.{k}") for k, v in root.entries.items()} if root else {}
    if root and any(c.isspace() for c in made.get("id", "")):
        help_ = f"write it in one word: {shorten('-'.join(made['id'].split()))}"
        reader.report(f"feature.id: '{shorten(made['id'])}' has spaces", root.entries["id"].place, help_, "RC204")
    return made


def read_answers(reader: Reader, answers: AnswerReader, node: Node | None) -> dict[str, Answer]:
    """The answers by question id; retired ids are read under their new name."""
    made: dict[str, Answer] = {}
    topics = reader.table(node, "answers")
    for topic, group in (topics.entries if topics else {}).items():
        table = reader.table(group, f"answers.{topic}")
        for name, value in (table.entries if table else {}).items():
            assert table is not None
            fact = f"{topic}.{name}"
            answer = answers.known(fact, value)
            if answer is None:
                _answer(reader, answers, fact, value, table.keys[name], made)
            else:
                made.setdefault(fact, answer)
    return made


def _answer(
    reader: Reader, answers: AnswerReader, fact: str, value: Node, key: ScalarNode, made: dict[str, Answer]
) -> None:
    if fact.startswith("placement."):
        reader.report(
            "dates of placement are written under 'placements:'",
            key.place,
            "placements: [{market: eu, first: 2027-01-15}]",
            "RC207",
        )
        return
    old = answers.bank.retired.get(fact)
    if old is not None and old.now is None:
        return
    id_ = old.now if old and old.now else fact
    answer = answers.read(reader, id_, value, key)
    if answer is not None:
        made.setdefault(id_, answer)


def _placement(reader: Reader, node: Node) -> Placement | None:
    keys = ("market", "first", "changed", "design_change", "type")
    root = reader.mapping(node, keys, "a placement", ("market",))
    if root is None:
        return None
    market = reader.one_of(root.entries.get("market"), MARKETS, "market", "eu")
    first = _day_range(reader, root.entries.get("first"), "first")
    change = _day_range(reader, root.entries.get("design_change"), "design_change")
    changed = reader.one_of(root.entries.get("changed"), ("yes", "no", "unsure"), "changed", "")
    return Placement(market, first, changed, change, reader.text(root.entries.get("type"), "type"))


def _day_range(reader: Reader, node: Node | None, what: str) -> Interval | None:
    if node is None:
        return None
    if isinstance(node, ScalarNode) and node.text == "unsure":
        return Interval()
    if isinstance(node, MapNode):
        root = reader.mapping(node, ("from", "until"), what)
        assert root is not None
        return Interval(reader.day(root.entries.get("from"), what), reader.day(root.entries.get("until"), what))
    day = reader.day(node, what)
    return None if day is None else Interval(day, day)


def _launches(placements: tuple[Placement, ...], bank: Bank) -> dict[str, Answer]:
    """Placement facts: over several types of one market, the range from the earliest to the latest."""
    made = {}
    for market in {p.market for p in placements}:
        of_market = [p for p in placements if p.market == market]
        for name, ranges in (
            ("first", [p.first for p in of_market]),
            ("design_change", [p.design_change for p in of_market]),
        ):
            known = [r for r in ranges if r is not None]
            if known and f"placement.{market}_{name}" in bank.questions:
                whole = hull(known) if len(known) == len(ranges) else Interval()
                made[f"placement.{market}_{name}"] = Answer(whole, unsure=whole.low is None or whole.low != whole.high)
        changed = _changed(of_market)
        if changed is not None and f"placement.{market}_changed" in bank.questions:
            made[f"placement.{market}_changed"] = changed
    return made


def _changed(placements: Sequence[Placement]) -> Answer | None:
    """Whether a type of several was or will be changed: what is said, or follows from a day of the change."""
    said = {p.changed or change_said_by(p.design_change) for p in placements}
    if said == {""}:
        return None
    if "yes" in said or said == {"no"}:
        return Answer(Choice(frozenset({"yes" if "yes" in said else "no"})))
    return Answer(Choice(frozenset({"yes", "no"})), unsure=True)


def change_said_by(day: Interval | None) -> str:
    """What a day of a change says of whether there is one: yes, unsure, or nothing."""
    if day is None:
        return ""
    return "unsure" if day == Interval() else "yes"


def _notes(reader: Reader, bank: Bank, node: Node | None) -> dict[str, Note]:
    table = reader.table(node, "notes")
    made = {}
    for fact, value in (table.entries if table else {}).items():
        assert table is not None
        if fact not in bank.questions and fact not in bank.retired:
            hint = near_questions(fact, bank)
            reader.report(f"no question '{shorten(fact)}'", table.keys[fact].place, hint, "RC207")
        if isinstance(value, ScalarNode):
            made[fact] = Note(value.text)
        elif root := reader.mapping(value, ("text", "who"), f"notes.{fact}"):
            made[fact] = Note(
                reader.text(root.entries.get("text"), "text"), reader.text(root.entries.get("who"), "who")
            )
    return made


def _determination(reader: Reader, node: Node, rulesets: Rulesets) -> Determination | None:
    keys = ("judgement", "answer", "reason", "by", "on")
    root = reader.mapping(node, keys, "a determination", ("judgement", "answer"))
    if root is None or "judgement" not in root.entries:
        return None
    at = root.entries.get
    name = reader.text(at("judgement"), "judgement")
    _known_name(reader, rulesets, name, root.entries["judgement"], "judgement")
    return Determination(
        name,
        reader.truth(at("answer"), "answer"),
        reader.text(at("reason"), "reason"),
        reader.text(at("by"), "by"),
        reader.day(at("on"), "on"),
    )


def _known_name(
    reader: Reader, rulesets: Rulesets, name: str, place: Node, what: Literal["judgement", "obligation"]
) -> None:
    """Report a name that a loaded ruleset should know. Rulesets that are not loaded are not judged."""
    ruleset, dot, id_ = name.partition(".")
    law = rulesets.by_id.get(ruleset)
    if law is None and dot:
        return
    if law is None or id_ not in (law.judgements if what == "judgement" else law.obligations):
        known = [
            f"{r.id}.{x}"
            for r in rulesets.by_id.values()
            for x in (r.judgements if what == "judgement" else r.obligations)
        ]
        hint = nearest(name, known) or f"write <ruleset>.<{what}>"
        reader.report(f"no {what} '{shorten(name)}'", place.place, hint, "RC211")


def _undertakings(reader: Reader, rulesets: Rulesets, node: Node | None) -> dict[str, Undertaking]:
    table = reader.table(node, "obligations")
    made = {}
    for name, value in (table.entries if table else {}).items():
        assert table is not None
        _known_name(reader, rulesets, name, table.keys[name], "obligation")
        root = reader.mapping(value, _UNDERTAKING, f"obligations.{name}")
        if root is not None:
            made[name] = _undertaking(reader, root)
    return made


def _undertaking(reader: Reader, root: MapNode) -> Undertaking:
    at = root.entries.get
    return Undertaking(
        reader.one_of(at("progress"), get_args(Progress), "progress", "open"),
        reader.text(at("owner"), "owner"),
        reader.each(at("evidence"), "evidence", lambda n: _evidence(reader, n)),
        reader.text(at("reason"), "reason"),
        reader.text(at("approver"), "approver"),
        reader.day(at("until"), "until"),
        reader.text(at("note"), "note"),
    )


def _evidence(reader: Reader, node: Node) -> Evidence | None:
    if isinstance(node, ScalarNode):
        return Evidence(node.text)
    root = reader.mapping(node, ("path", "sha256", "on"), "evidence", ("path",))
    if root is None:
        return None
    at = root.entries.get
    return Evidence(reader.text(at("path"), "path"), reader.text(at("sha256"), "sha256"), reader.day(at("on"), "on"))


def _waiver(reader: Reader, node: Node, rulesets: Rulesets) -> Waiver | None:
    root = reader.mapping(node, ("obligation", "reason", "approver", "until"), "a waiver", ("obligation",))
    if root is None or "obligation" not in root.entries:
        return None
    at = root.entries.get
    name = reader.text(at("obligation"), "obligation")
    _known_name(reader, rulesets, name, root.entries["obligation"], "obligation")
    return Waiver(
        name,
        reader.text(at("reason"), "reason"),
        reader.text(at("approver"), "approver"),
        reader.day(at("until"), "until"),
    )


def _declared(reader: Reader, rulesets: Rulesets, node: Node | None) -> dict[str, str]:
    table = reader.table(node, "declared")
    made = {}
    for id_, value in (table.entries if table else {}).items():
        ruleset = rulesets.by_id.get(id_)
        if ruleset is None:
            made[id_] = reader.text(value, f"declared.{id_}")
        else:
            labels = (*ruleset.labels, ruleset.unlabelled.id, "out_of_scope")
            made[id_] = reader.one_of(value, labels, f"declared.{id_}", "")
    return {k: v for k, v in made.items() if v}


def _assessed(reader: Reader, node: Node | None) -> Assessed | None:
    root = reader.mapping(node, ("as_of", "rulesets"), "assessed") if node else None
    if root is None:
        return None
    table = reader.table(root.entries.get("rulesets"), "assessed.rulesets")
    hashes = {k: reader.text(v, k) for k, v in table.entries.items()} if table else {}
    return Assessed(reader.day(root.entries.get("as_of"), "as_of"), hashes)
