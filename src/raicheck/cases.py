"""Case files: a spec with expected outcomes, the comparator, and how published answers map to provisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from raicheck.assess import Assessment, Result, assess
from raicheck.frozen import frozen, replace
from raicheck.load_spec import load_spec
from raicheck.logic import Program
from raicheck.model import Finding, Obligation, Place, Rule, Ruleset, Rulesets, Spec, Truth
from raicheck.nodes import MapNode, Node, ScalarNode
from raicheck.outcome import ObligationOutcome, Outcome
from raicheck.read import Reader, nearest

DEFAULT_DAY = date(2026, 11, 20)
Verdict = Literal["right", "open", "wrong"]
_KEYS = (
    "id", "source", "tier", "family", "description", "as_of", "placements", "determinations", "answers", "remark",
    "disputed", "expected",
)  # fmt: skip
_EXPECTED = ("published", "applies", "rules", "exceptions", "labels", "obligations", "from", "in_force", "open")
_STATUSES = ("fires", "not_firing", "undetermined", "needs_counsel")
_WORDS = {True: "yes", False: "no", None: "unknown", "disputed": "disputed"}


@frozen
class Published:
    """The answer somebody with authority gave, in labels such as `Article 6(3)(d)`.

    `dated`: it is about what is in force on the day, not about the law as enacted.
    """

    label: str
    fires: tuple[str, ...]
    excluded: tuple[str, ...]
    dated: bool = False


@frozen
class Case:
    """A described situation with its answers and what must come out; `expected` is kind → name → value."""

    id: str
    spec: Spec
    as_of: tuple[date, ...]
    expected: Mapping[str, Mapping[str, str]]
    published: Published | None
    open: tuple[str, ...]
    source: str = ""
    tier: str = ""
    family: str = ""
    description: str = ""
    disputed: str = ""
    place: Place | None = None


@frozen
class CaseRun:
    """One case on one day: what differs from the expected, and the verdict on the published answer (if any)."""

    case: Case
    as_of: date
    failures: tuple[str, ...]
    verdict: Verdict | None
    open: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def load_cases(root: Node, rulesets: Rulesets, ruleset: str, file: str) -> tuple[list[Case], list[Finding]]:
    """The cases of one file about `ruleset`."""
    reader = Reader("RC601")
    top = reader.mapping(root, ("format", "cases"), "a case file", ("format", "cases"))
    cases = reader.each(top.entries.get("cases"), "cases", lambda n: _case(reader, n, rulesets, file)) if top else ()
    for case in cases:
        _check_names(reader, rulesets, ruleset, case)
    return list(cases), reader.findings


def _case(reader: Reader, node: Node, rulesets: Rulesets, file: str) -> Case | None:
    root = reader.mapping(node, _KEYS, "a case", ("id", "answers"))
    if root is None:
        return None
    at = root.entries.get
    parts = ("placements", "determinations", "answers")
    version = ScalarNode("1", True, root.place)
    entries: dict[str, Node] = {"raicheck": version}
    entries |= {k: root.entries[k] for k in parts if k in root.entries}
    keys = {k: root.keys.get(k, version) for k in entries}
    spec, findings = load_spec(MapNode(entries, keys, root.place), rulesets, file)
    reader.findings += findings
    expected = reader.mapping(at("expected"), _EXPECTED, "expected") if at("expected") else None
    return Case(
        id=reader.text(at("id"), "id"), spec=_signed(spec or Spec()), as_of=_days(reader, at("as_of")),
        expected={k: _table(reader, expected, k) for k in _EXPECTED if k not in ("published", "open")},
        published=_published(reader, expected), open=_open(reader, expected),
        source=reader.text(at("source"), "source"),
        tier=reader.text(at("tier"), "tier"), family=reader.text(at("family"), "family"),
        description=reader.text(at("description"), "description"), disputed=reader.text(at("disputed"), "disputed"),
        place=root.place,
    )  # fmt: skip


def _signed(spec: Spec) -> Spec:
    """A case may say what counsel determined without the formalities that make it count in a spec."""
    signed = (
        replace(d, reason=d.reason or "case", by=d.by or "case", on=d.on or DEFAULT_DAY) for d in spec.determinations
    )
    return replace(spec, determinations=tuple(signed))


def _days(reader: Reader, node: Node | None) -> tuple[date, ...]:
    if isinstance(node, ScalarNode):
        day = reader.day(node, "as_of")
        return () if day is None else (day,)
    return reader.each(node, "as_of", lambda n: reader.day(n, "as_of")) or (DEFAULT_DAY,)


def _table(reader: Reader, expected: MapNode | None, key: str) -> dict[str, str]:
    node = expected.entries.get(key) if expected else None
    if key == "applies" and node is not None:
        return {"": reader.text(node, key)}
    table = reader.table(node, key)
    return {k: reader.text(v, k) for k, v in table.entries.items()} if table else {}


def _published(reader: Reader, expected: MapNode | None) -> Published | None:
    node = expected.entries.get("published") if expected else None
    root = reader.mapping(node, ("class", "fires", "not", "dated"), "published") if node else None
    if root is None:
        return None
    at = root.entries.get
    fires, excluded = reader.texts(at("fires"), "fires"), reader.texts(at("not"), "not")
    return Published(reader.text(at("class"), "class"), fires, excluded, reader.text(at("dated"), "dated") == "yes")


def _open(reader: Reader, expected: MapNode | None) -> tuple[str, ...]:
    return reader.texts(expected.entries.get("open"), "open") if expected else ()


def _check_names(reader: Reader, rulesets: Rulesets, ruleset: str, case: Case) -> None:
    """Expectations about things that do not exist would never fail."""
    law = rulesets.by_id.get(ruleset)
    if law is None:
        return
    known: dict[str, Iterable[str]] = {
        "rules": law.rules, "labels": law.labels, "obligations": law.obligations,
        "from": (*law.rules, *law.obligations), "in_force": (*law.rules, *law.obligations),
    }  # fmt: skip
    for kind, names in known.items():
        for name in case.expected[kind]:
            if name not in names:
                reader.report(f"{case.id}: no '{name}' among {kind} of {ruleset}", case.place, nearest(name, names))
    for label in (*case.published.fires, *case.published.excluded) if case.published else ():
        if provision_key(label) is None:
            reader.report(f"{case.id}: '{label}' is no provision", case.place, "write Article 6(3)(d) or r. 4(1A)")


# Published labels

_LABEL = re.compile(
    r"(Articles?|Art\.?|Annex|Recital|Rules?|rr?\.|R\.|Sections?|Sec\.?|ss?\.|S\.|§|WP248 criterion)\s*"
    r"([0-9]+[A-Za-z]*|[IVXLC]+[a-z]*)((?:(?:,? points? )?\([0-9A-Za-z]+\))*)(?:,?\s+proviso \(([a-z]+)\))?"
)
_SCHEDULES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")
_SCHEDULE = re.compile(
    rf"(?:({'|'.join(_SCHEDULES)}) Schedule|(?:Sch\.|Schedule) ([1-7])\b)"
    r"(?:,? Part ([A-Z])\b)?(?:,?\s*(?:item|entry|point)?\s*\(?([0-9]+|[a-z])\b)?"
)
_KINDS = {"A": "art", "An": "annex", "Re": "recital", "R": "r", "S": "s", "§": "s", "W": "criterion"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_SUBPARAGRAPH = re.compile(rf"\b({'|'.join(_ORDINALS)}) subparagraph")
_STRUCTURE = re.compile(r"-(?:subpar-\d+|par|pt|sec)(?=-|$)")


def provision_key(label: str) -> tuple[str, ...] | None:
    """`Article 6(3)(d)` as (art, 6, 3, d), `r. 4(1A)` as (r, 4, 1a); None if it is no label of a provision."""
    schedule = _SCHEDULE.match(label)
    if schedule is not None:
        name, number, part, entry = schedule.groups()
        return ("sch", number or str(_SCHEDULES.index(name) + 1), *(x.lower() for x in (part, entry) if x))
    match = _LABEL.match(label)
    if match is None:
        return None
    kind, number, points, proviso = match.groups()
    start = kind[:1].upper()
    key = (_KINDS.get(kind[:2]) or _KINDS[start], number, *re.findall(r"\(([0-9A-Za-z]+)\)", points))
    return tuple(x.lower() for x in (*key, *(("proviso", proviso) if proviso else ())))


def node_key(citation: str) -> tuple[str, ...]:
    """`ai_act/art-6-par-3-pt-d` as (art, 6, 3, d): the same key as its label's."""
    return tuple(_STRUCTURE.sub("", citation.partition("/")[2]).split("-"))


def provision_value(result: Result, label: str, dated: bool = False) -> Truth:
    """Whether a published provision fires (`dated`: is in force): any rule, exception or obligation that cites it
    or a point of it."""
    values = [v for cites, v in _citing(result, dated) if any(_is_meant(label, c) for c in cites)]
    return True if True in values else None if None in values else False


def _is_meant(label: str, citation: str) -> bool:
    """Whether the citation is the labelled provision (that subparagraph, if the label names one) or a point of it."""
    key = provision_key(label)
    named = _SUBPARAGRAPH.search(label)
    if named and not re.search(rf"-subpar-{_ORDINALS.index(named.group(1)) + 1}(?=-|$)", citation):
        return False
    return key == node_key(citation)[: len(key or ())]


def _citing(result: Result, dated: bool) -> Iterator[tuple[tuple[str, ...], Truth]]:
    for outcome in result.rules:
        yield from _of_outcome(outcome, frozenset(), dated)
    for owed in result.obligations:
        if owed.obligation.kind == "duty":
            applies = {"applies": True, "not_applicable": False}.get(owed.applicability)
            yield owed.obligation.cites, _today(owed) if dated else applies
            for exception in owed.exceptions:
                yield from _of_outcome(exception, frozenset(owed.obligation.cites), dated)


def _of_outcome(outcome: Outcome, parents: frozenset[str], dated: bool) -> Iterator[tuple[tuple[str, ...], Truth]]:
    """An exception does not count for a provision that its own rule cites."""
    own = tuple(c for c in outcome.rule.cites if c not in parents)
    yield own, _today(outcome) if dated else {"fires": True, "not_firing": False}.get(outcome.status)
    for exception in outcome.exceptions:
        yield from _of_outcome(exception, parents | set(outcome.rule.cites), dated)


def _today(item: Outcome | ObligationOutcome) -> Truth:
    """Whether it is in force; None if that is disputed or unknown."""
    return item.in_force if isinstance(item.in_force, bool) else None


# Running


def run_case(case: Case, program: Program, ruleset: str) -> list[CaseRun]:
    """Assess a case on each of its days and compare."""
    only = None if case.open else relevant(case, program.rulesets.by_id[ruleset])
    return [_run(case, day, assess(case.spec, program, day, [ruleset], only), ruleset) for day in case.as_of]


def relevant(case: Case, law: Ruleset) -> frozenset[str]:
    """The rules, labels and obligations that a case says something about."""
    named = {n for kind in ("rules", "labels", "obligations", "from", "in_force") for n in case.expected[kind]}
    named |= {n.partition("/")[0] for n in case.expected["exceptions"]}
    labels = (*case.published.fires, *case.published.excluded) if case.published else ()
    keys = [k for label in labels if (k := provision_key(label))]
    return frozenset(named | {i.id for i in _items(law) if any(_is_cited(k, i) for k in keys)})


def _items(law: Ruleset) -> Iterator[Rule | Obligation]:
    yield from law.rules.values()
    yield from law.obligations.values()


def _is_cited(key: tuple[str, ...], item: Rule | Obligation) -> bool:
    return any(key == node_key(c)[: len(key)] for c in item.cites) or any(_is_cited(key, e) for e in item.unless)


def _run(case: Case, day: date, assessment: Assessment, ruleset: str) -> CaseRun:
    result = assessment.results[ruleset]
    failures = list(_failures(case, result))
    verdict, reasons = _verdict(case.published, result) if case.published else (None, [])
    open_ = tuple(q.id for q in result.open_questions)
    failures += [f"{q} is not among the open questions" for q in case.open if q not in open_]
    failures += [f"answers contradict each other: {c.fact}" for c in assessment.facts.contradictions]
    return CaseRun(case, day, tuple(failures), verdict, open_, tuple(reasons))


def _verdict(published: Published, result: Result) -> tuple[Verdict, list[str]]:
    values = [(label, provision_value(result, label, published.dated), True) for label in published.fires]
    values += [(label, provision_value(result, label, published.dated), False) for label in published.excluded]
    wrong = [
        f"{label} {'does not fire' if wanted else 'fires'}" for label, value, wanted in values if value is (not wanted)
    ]
    if wrong:
        return "wrong", wrong
    open_ = [f"{label} is open" for label, value, _ in values if value is None]
    return ("open", open_) if open_ else ("right", [])


@dataclass(slots=True)
class _Found:
    """What a result says, in the words of a case file."""

    rules: dict[str, str] = field(default_factory=dict)
    exceptions: dict[str, str] = field(default_factory=dict)
    start: dict[str, str] = field(default_factory=dict)
    in_force: dict[str, str] = field(default_factory=dict)


def _failures(case: Case, result: Result) -> Iterator[str]:
    found = _found(result)
    actual: dict[str, Mapping[str, str]] = {
        "applies": {"": _WORDS[result.applies]}, "rules": found.rules, "exceptions": found.exceptions,
        "labels": {x.label.id: x.status for x in result.labels},
        "obligations": {o.id: o.applicability for o in result.obligations}, "from": found.start,
        "in_force": found.in_force,
    }  # fmt: skip
    for kind, wanted in case.expected.items():
        for name, value in wanted.items():
            got = actual[kind].get(name, "absent")
            if got != value:
                yield f"{kind} {name}: expected {value}, got {got}".replace(" : ", ": ")


def _found(result: Result) -> _Found:
    found = _Found()
    for outcome in result.rules:
        found.rules[outcome.id] = outcome.status
        _add_exceptions(found, outcome.exceptions, outcome.id)
        _add_dates(found, outcome)
    for owed in result.obligations:
        _add_exceptions(found, owed.exceptions, owed.id)
        _add_dates(found, owed)
    return found


def _add_exceptions(found: _Found, exceptions: tuple[Outcome, ...], parent: str) -> None:
    for exception in exceptions:
        found.exceptions[f"{parent}/{exception.id}"] = exception.status
        _add_exceptions(found, exception.exceptions, f"{parent}/{exception.id}")


def _add_dates(found: _Found, item: Outcome | ObligationOutcome) -> None:
    low, high = item.start.earliest, item.start.latest
    found.start[item.id] = f"{low or 'never'}" if low == high else f"{low or 'never'}..{high or 'never'}"
    found.in_force[item.id] = _WORDS[item.in_force]
