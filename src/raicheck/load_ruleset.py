"""A ruleset file to a Ruleset, with every mistake as a finding. References are checked in references.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol, TypeVar, get_args

from raicheck.conditions import ConditionReader
from raicheck.load_bank import check_format
from raicheck.model import (
    ALWAYS,
    NEVER,
    Bank,
    Basis,
    Breach,
    Condition,
    DatedValue,
    Definition,
    Due,
    Finding,
    Instrument,
    Judgement,
    Kind,
    Label,
    Obligation,
    OpenPoint,
    Penalty,
    Reading,
    Role,
    Rule,
    Ruleset,
    StartCase,
)
from raicheck.nodes import ListNode, MapNode, Node, ScalarNode
from raicheck.read import Reader

KEYS = (
    "format",
    "ruleset",
    "title",
    "kind",
    "market",
    "checked",
    "enacted",
    "uses",
    "extends",
    "questions",
    "summary",
    "enforcer",
    "instruments",
    "applies",
    "unlabelled",
    "labels",
    "roles",
    "dates",
    "definitions",
    "judgements",
    "starts",
    "exceptions",
    "rules",
    "obligations",
    "penalties",
    "open_points",
)
_SHARED = ("id", "cites", "see", "roles", "basis", "enacted", "repealed", "from", "readings", "note", "when", "unless")
RULE_KEYS = (*_SHARED, "title", "label")
OBLIGATION_KEYS = (*_SHARED, "what", "kind", "due", "met_when", "evidence", "breach", "topic")


def used_rulesets(root: Node) -> tuple[str, ...]:
    """The rulesets that a ruleset file refers to: those it uses and the one it extends."""
    if not isinstance(root, MapNode):
        return ()
    reader = Reader()
    extended = reader.text(root.entries.get("extends"), "extends")
    return (*reader.texts(root.entries.get("uses"), "uses"), *([extended] if extended else []))


def own_topic(root: Node) -> Node | None:
    """The questions that a ruleset file brings along, as a topic file: their ids begin with the ruleset's id."""
    if not isinstance(root, MapNode) or "questions" not in root.entries:
        return None
    names = {"format": "format", "ruleset": "topic", "title": "title", "questions": "questions"}
    entries = {new: root.entries[old] for old, new in names.items() if old in root.entries}
    keys = {new: root.keys[old] for old, new in names.items() if old in root.entries}
    return MapNode(entries, keys, root.place)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def load_ruleset(root: Node, bank: Bank, sha256: str = "") -> tuple[Ruleset | None, list[Finding]]:
    """The ruleset at `root`; None if not even its header can be read."""
    reader = Reader("RC501")
    header = reader.mapping(root, KEYS, "a ruleset", ("format", "ruleset", "title", "kind", "checked", "enacted"))
    if header is None:
        return None, reader.findings
    check_format(reader, header)
    return _RulesetReader(reader, header, bank).read(sha256), reader.findings


class _RulesetReader:
    def __init__(self, reader: Reader, root: MapNode, bank: Bank) -> None:
        self._reader = reader
        self._root = root
        self._at = root.entries.get
        self._id = reader.text(self._at("ruleset"), "ruleset")
        self._conditions = ConditionReader(reader, bank.questions, self._id)
        self._exceptions: dict[str, Rule] = {}
        self._starts: dict[str, tuple[StartCase, ...]] = {}

    def read(self, sha256: str) -> Ruleset:
        r, at = self._reader, self._at
        far = date(9999, 12, 31)
        starts = r.table(at("starts"), "starts")
        self._starts = {name: self._start(node) for name, node in starts.entries.items()} if starts else {}
        self._exceptions = self._named(at("exceptions"), self._rule, "exception")
        return Ruleset(
            id=self._id,
            title=r.text(at("title"), "title"),
            kind=r.one_of(at("kind"), get_args(Kind), "kind", "law"),
            checked=r.day(at("checked"), "checked") or far,
            enacted=r.day(at("enacted"), "enacted") or far,
            applies=self._condition(at("applies"), ALWAYS),
            market=r.text(at("market"), "market") or None,
            uses=used_rulesets(self._root),
            extends=r.text(at("extends"), "extends") or None,
            summary=r.text(at("summary"), "summary"),
            enforcer=r.text(at("enforcer"), "enforcer"),
            instruments=r.each(at("instruments"), "instruments", self._instrument),
            unlabelled=self._unlabelled(at("unlabelled")),
            labels=self._named(at("labels"), self._label, "label"),
            roles=self._named(at("roles"), self._role, "role"),
            dates=self._dates(),
            definitions=self._named(at("definitions"), self._definition, "definition"),
            judgements=self._named(at("judgements"), self._judgement, "judgement"),
            rules=self._named(at("rules"), self._rule, "rule"),
            obligations=self._named(at("obligations"), self._obligation, "obligation"),
            penalties=self._named(at("penalties"), self._penalty, "penalty"),
            open_points=r.each(at("open_points"), "open_points", self._open_point),
            sha256=sha256,
            place=self._root.place,
        )

    def _condition(self, node: Node | None, default: Condition) -> Condition:
        return default if node is None else self._conditions.read(node)

    def _named(self, node: Node | None, read: Callable[[Node], N | None], what: str) -> dict[str, N]:
        made: dict[str, N] = {}
        for item in self._reader.items(node, f"{what}s"):
            thing = read(item)
            if thing is None:
                continue
            if thing.id in made:
                self._reader.report(f"{what} '{thing.id}' exists already", item.place, "ids are unique", "RC505")
            made[thing.id] = thing
        return made

    def _instrument(self, node: Node) -> Instrument | None:
        root = self._reader.mapping(node, ("id", "title", "version", "link"), "an instrument", ("id", "title"))
        if root is None:
            return None
        id_, title, version, link = self._texts(root, "id", "title", "version", "link")
        return Instrument(id_, title, version, link)

    def _texts(self, root: MapNode, *keys: str) -> tuple[str, ...]:
        return tuple(self._reader.text(root.entries.get(k), k) for k in keys)

    def _unlabelled(self, node: Node | None) -> Label:
        root = self._reader.mapping(node, ("id", "title"), "unlabelled", ("id", "title")) if node else None
        if root is None:
            return Label("none", "No label", 0)
        id_, title = self._texts(root, "id", "title")
        return Label(id_, title, 0)

    def _label(self, node: Node) -> Label | None:
        keys = ("id", "title", "rank", "severity")
        root = self._reader.mapping(node, keys, "a label", ("id", "title", "rank"))
        if root is None:
            return None
        id_, title = self._texts(root, "id", "title")
        rank = self._reader.number(root.entries.get("rank"), "rank")
        severity = self._reader.one_of(
            root.entries.get("severity"), ("prohibited", "high", "limited", "minor"), "severity", "minor"
        )
        return Label(id_, title, int(rank or 0), severity)  # type: ignore[arg-type]

    def _role(self, node: Node) -> Role | None:
        root = self._reader.mapping(node, ("id", "title", "when", "cites"), "a role", ("id", "title", "when"))
        if root is None:
            return None
        id_, title = self._texts(root, "id", "title")
        return Role(id_, title, self._condition(root.entries.get("when"), NEVER), self._cites(root))

    def _cites(self, root: MapNode, key: str = "cites") -> tuple[str, ...]:
        node = root.entries.get(key)
        if isinstance(node, ScalarNode):
            return (node.text,)
        return self._reader.texts(node, key)

    def _dates(self) -> dict[str, tuple[DatedValue, ...]]:
        table = self._reader.table(self._at("dates"), "dates")
        entries: Mapping[str, Node] = table.entries if table else {}
        return {k: self._reader.each(n, f"dates.{k}", self._dated) for k, n in entries.items()}

    def _dated(self, node: Node) -> DatedValue | None:
        root = self._reader.mapping(node, ("since", "is", "readings", "cites"), "a dated value", ("since",))
        since = self._reader.day(root.entries.get("since"), "since") if root else None
        if root is None or since is None:
            return None
        is_ = root.entries.get("is")
        ended = isinstance(is_, ScalarNode) and is_.text == "none"
        return DatedValue(
            since, None if ended else self._reader.day(is_, "is"), self._readings(root), self._cites(root)
        )

    def _readings(self, root: MapNode) -> tuple[Reading, ...]:
        return self._reader.each(root.entries.get("readings"), "readings", self._reading)

    def _reading(self, node: Node) -> Reading | None:
        root = self._reader.mapping(node, ("id", "text", "is", "cites"), "a reading", ("id", "text"))
        if root is None:
            return None
        id_, text = self._texts(root, "id", "text")
        return Reading(id_, text, self._reader.day(root.entries.get("is"), "is"), self._cites(root))

    def _definition(self, node: Node) -> Definition | None:
        root = self._reader.mapping(node, ("id", "when", "cites"), "a definition", ("id", "when"))
        if root is None:
            return None
        id_ = self._reader.text(root.entries.get("id"), "id")
        return Definition(id_, self._condition(root.entries.get("when"), NEVER), self._cites(root), node.place)

    def _judgement(self, node: Node) -> Judgement | None:
        keys = ("id", "ask", "cites", "raised_when", "yes_when", "no_when")
        root = self._reader.mapping(node, keys, "a judgement", ("id", "ask", "cites"))
        if root is None:
            return None
        id_, ask = self._texts(root, "id", "ask")
        read = self._condition
        at = root.entries.get
        return Judgement(
            id_,
            ask,
            self._cites(root),
            read(at("raised_when"), NEVER),
            read(at("yes_when"), NEVER),
            read(at("no_when"), NEVER),
            node.place,
        )

    def _rule(self, node: Node) -> Rule | None:
        root = self._reader.mapping(node, RULE_KEYS, "a rule", ("id", "cites", "when"))
        if root is None:
            return None
        id_, title, label, note = self._texts(root, "id", "title", "label", "note")
        at = root.entries.get
        return Rule(
            id=id_,
            cites=self._cites(root),
            when=self._condition(at("when"), NEVER),
            title=title,
            see=self._cites(root, "see"),
            label=label or None,
            roles=self._reader.texts(at("roles"), "roles"),
            basis=self._basis(root),
            enacted=self._reader.day(at("enacted"), "enacted"),
            repealed=self._reader.day(at("repealed"), "repealed"),
            start=self._start(at("from")),
            readings=self._readings(root),
            note=note,
            unless=self._unless(at("unless")),
            place=node.place,
        )

    def _basis(self, root: MapNode) -> Basis:
        return self._reader.one_of(root.entries.get("basis"), get_args(Basis), "basis", "text")

    def _unless(self, node: Node | None) -> tuple[Rule, ...]:
        return self._reader.each(node, "unless", self._exception)

    def _exception(self, node: Node) -> Rule | None:
        if not isinstance(node, ScalarNode):
            return self._rule(node)
        shared = self._exceptions.get(node.text)
        if shared is None:
            known = ", ".join(self._exceptions) or "none"
            self._reader.report(f"no shared exception '{node.text}'", node.place, f"under exceptions: {known}", "RC502")
        return shared

    def _start(self, node: Node | None) -> tuple[StartCase, ...]:
        if node is None:
            return ()
        if isinstance(node, ScalarNode):
            if node.text in self._starts:
                return self._starts[node.text]
            day = self._day_or_name(node)
            return () if day is None else (StartCase(day),)
        if not isinstance(node, ListNode):
            self._reader.report("from: expected a date, the name of a date, or a list of {when, date}", node.place)
            return ()
        return self._reader.each(node, "from", self._start_case)

    def _start_case(self, node: Node) -> StartCase | None:
        root = self._reader.mapping(node, ("when", "date"), "from", ("date",))
        day = self._day_or_name(root.entries.get("date")) if root else None
        if root is None or day is None:
            return None
        return StartCase(day, self._condition(root.entries.get("when"), ALWAYS))

    def _day_or_name(self, node: Node | None) -> date | str | None:
        word = self._reader.text(node, "date")
        return self._reader.day(node, "date") if word[:1].isdigit() else word or None

    def _obligation(self, node: Node) -> Obligation | None:
        root = self._reader.mapping(node, OBLIGATION_KEYS, "an obligation", ("id", "what", "cites"))
        if root is None:
            return None
        id_, what, topic, note = self._texts(root, "id", "what", "topic", "note")
        r, at = self._reader, root.entries.get
        met = at("met_when")
        return Obligation(
            id=id_,
            what=what,
            cites=self._cites(root),
            when=self._condition(at("when"), ALWAYS),
            kind=r.one_of(at("kind"), ("duty", "pointer", "practice"), "kind", "duty"),
            see=self._cites(root, "see"),
            roles=r.texts(at("roles"), "roles"),
            unless=self._unless(at("unless")),
            basis=self._basis(root),
            enacted=r.day(at("enacted"), "enacted"),
            repealed=r.day(at("repealed"), "repealed"),
            start=self._start(at("from")),
            readings=self._readings(root),
            due=self._due(at("due")),
            met_when=None if met is None else self._condition(met, NEVER),
            evidence=r.texts(at("evidence"), "evidence"),
            breach=self._breach(at("breach")),
            topic=topic,
            note=note,
            place=node.place,
        )

    def _due(self, node: Node | None) -> Due:
        root = self._reader.mapping(node, ("before", "within", "after", "every", "always"), "due") if node else None
        return Due(*self._texts(root, "before", "within", "after", "every")) if root else Due()

    def _breach(self, node: Node | None) -> Breach | None:
        root = self._reader.mapping(node, ("tier", "cites"), "breach", ("tier",)) if node else None
        return Breach(self._reader.text(root.entries.get("tier"), "tier"), self._cites(root)) if root else None

    def _penalty(self, node: Node) -> Penalty | None:
        root = self._reader.mapping(node, ("id", "max", "sme", "smc", "cites"), "a penalty", ("id", "max"))
        if root is None:
            return None
        id_, max_, sme, smc = self._texts(root, "id", "max", "sme", "smc")
        return Penalty(id_, max_, sme, smc, self._cites(root))

    def _open_point(self, node: Node) -> OpenPoint | None:
        keys = ("id", "title", "when", "readings", "cites")
        root = self._reader.mapping(node, keys, "an open point", ("id", "title", "readings"))
        if root is None:
            return None
        id_, title = self._texts(root, "id", "title")
        when = self._condition(root.entries.get("when"), ALWAYS)
        return OpenPoint(id_, title, when, self._readings(root), self._cites(root))
