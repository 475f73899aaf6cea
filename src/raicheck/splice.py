"""Write one value into the text of a spec at its known position: comments, order and everything else stay."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from raicheck.files import load_spec_text
from raicheck.frozen import fields, replace
from raicheck.load_spec import change_said_by
from raicheck.model import (
    Answer,
    Bank,
    Choice,
    Finding,
    Interval,
    Note,
    Place,
    Question,
    Route,
    Rulesets,
    Scalar,
    Spec,
    Subset,
    Text,
)
from raicheck.nodes import ListNode, MapNode, Node, ScalarNode
from raicheck.source import parse

Value = str | tuple[str, ...]
"""A scalar as it stands in YAML, or the words of a list."""

SCHEMA = ".raicheck/schema.json"
SCHEMA_LINE = f"""\
# yaml-language-server: $schema={SCHEMA}
# (editors complete and check this file where raicheck init has written that schema)"""
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_COMMENT = re.compile(r"#[^\r\n]*")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.@/+-]*(?: [A-Za-z0-9_.@/+-]+)*\Z")
_ENDS = {"number": ("at_least", "at_most"), "date": ("from", "until")}


def new_spec(feature_id: str, name: str) -> str:
    """The text of a spec that answers nothing yet."""
    return f"{SCHEMA_LINE}\nraicheck: 1\nfeature:\n  id: {quoted(feature_id)}\n  name: {quoted(name)}\n"


def quoted(text: str) -> str:
    """A text as a YAML scalar on one line, in quotes where it needs them."""
    if _PLAIN.match(text):
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in json.dumps(text, ensure_ascii=False))


def _escape(char: str) -> str:
    code = ord(char)
    if 0xD800 <= code < 0xE000:
        return "?"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# Answers as YAML


def written(question: Question, answer: Answer) -> Value:
    """An answer as it stands in a spec."""
    match answer.known:
        case Choice(possible):
            return _written_choice(question, possible)
        case Subset(has, lacks):
            return _written_subset(question, has, lacks, answer.unsure)
        case Interval(low, high):
            return _written_range(_ENDS[question.type], low, high)
        case Text(text):
            return quoted(text)


def _written_choice(question: Question, possible: frozenset[str]) -> str:
    if len(possible) == 1:
        return next(iter(possible))
    excluded = _ordered(question, question.option_ids - possible)
    return f"{{not: {_flow(excluded)}}}" if excluded else "unsure"


def _written_subset(question: Question, has: frozenset[str], lacks: frozenset[str], unsure: bool) -> Value:
    words = _ordered(question, has)
    if not unsure:
        return words
    if lacks:
        return f"{{has: {_flow(words)}, not: {_flow(_ordered(question, lacks))}}}"
    return (*words, "unsure") if words else "unsure"


def _written_range(ends: tuple[str, str], low: Scalar | None, high: Scalar | None) -> str:
    if low is not None and low == high:
        return _written_scalar(low)
    said = [f"{key}: {_written_scalar(end)}" for key, end in zip(ends, (low, high), strict=True) if end is not None]
    return f"{{{', '.join(said)}}}" if said else "unsure"


def _written_scalar(value: Scalar) -> str:
    return str(value) if not isinstance(value, Decimal) or abs(value.adjusted()) > 20 else f"{value:f}"


def _ordered(question: Question, ids: frozenset[str]) -> tuple[str, ...]:
    order = [o.id for o in question.options] or ["yes", "no"]
    return tuple(o for o in order if o in ids)


def _flow(value: Value) -> str:
    return value if isinstance(value, str) else f"[{', '.join(value)}]"


# Whole edits, checked by reading the result


def put_answer(text: str, file: str, rulesets: Rulesets, fact: str, answer: Answer) -> tuple[str, Spec] | list[Finding]:
    """`text` with the answer to `fact`, and its spec; findings if it cannot be written without touching more."""
    value = written(rulesets.bank.questions[fact], answer)
    placement = _placement(fact)

    def edit(root: MapNode) -> str:
        if placement:
            return _put_placement(text, root, *placement, _flow(value))
        return put(text, root, _answer_route(rulesets.bank, root, fact), value)

    def expected(before: Spec) -> Spec:
        return replace(before, answers={**_said_besides(fact, answer), **before.answers, fact: answer})

    return _checked(text, file, rulesets, edit, expected, ("placements",) if placement else ())


def _said_besides(fact: str, answer: Answer) -> dict[str, Answer]:
    """A day of a design change says that there is one."""
    topic, _, name = fact.rpartition("_design")
    if name != "_change" or not isinstance(answer.known, Interval):
        return {}
    said = change_said_by(answer.known)
    known = Choice(frozenset({"yes"} if said == "yes" else {"yes", "no"}))
    return {f"{topic}_changed": Answer(known, unsure=said != "yes")}


def put_note(text: str, file: str, rulesets: Rulesets, fact: str, note: Note) -> tuple[str, Spec] | list[Finding]:
    """`text` with a note about the answer to `fact`, and its spec."""
    said = [f"{k}: {quoted(v)}" for k, v in (("text", note.text), ("who", note.who)) if v]

    def expected(before: Spec) -> Spec:
        return replace(before, notes={**before.notes, fact: note})

    return _checked(
        text, file, rulesets, lambda root: put(text, root, ("notes", fact), f"{{{', '.join(said)}}}"), expected, ()
    )


def drop_note(text: str, file: str, rulesets: Rulesets, fact: str) -> tuple[str, Spec] | list[Finding]:
    """`text` without the note about the answer to `fact`, and its spec; comments stay."""

    def expected(before: Spec) -> Spec:
        return replace(before, notes={f: n for f, n in before.notes.items() if f != fact})

    return _checked(text, file, rulesets, lambda root: _without_note(text, root, fact), expected, ())


def _without_note(text: str, root: MapNode, fact: str) -> str:
    notes = root.entries.get("notes")
    if not isinstance(notes, MapNode) or fact not in notes.entries:
        return text
    page = _Page(text)
    without = page.remove(notes, fact)
    if page.is_flow(notes) or len(notes.entries) > 1:
        return without
    return _Page(without).cut_line(root.keys["notes"].place)


def _checked(
    text: str,
    file: str,
    rulesets: Rulesets,
    edit: Callable[[MapNode], str],
    expected: Callable[[Spec], Spec],
    changed: Sequence[str],
) -> tuple[str, Spec] | list[Finding]:
    before, findings = load_spec_text(text, file, rulesets)
    root, _ = parse(text, file)
    if before is None or findings or not isinstance(root, MapNode):
        return findings
    after_text = edit(root)
    after, findings = load_spec_text(after_text, file, rulesets)
    if after is None or findings or _content(after, changed) != _content(expected(before), changed):
        return [_cannot(file)]
    return after_text, after


def _content(spec: Spec, changed: Sequence[str]) -> Mapping[str, object]:
    names = [n for n in fields(Spec) if n not in ("places", *changed)]
    return {n: getattr(spec, n) for n in names}


def _cannot(file: str) -> Finding:
    return Finding(
        "RC120",
        "error",
        "this answer cannot be written into the file without changing something else",
        Place(file, 1, 1, 1, 1),
        "write it by hand, in the block style of the examples",
    )


def _answer_route(bank: Bank, root: MapNode, fact: str) -> Route:
    """Where the fact is answered: under its id, or under a retired one that the file still uses."""
    answers = root.entries.get("answers")
    old = [r.id for r in bank.retired.values() if r.now == fact]
    for id_ in (fact, *old) if isinstance(answers, MapNode) else ():
        topic, _, name = id_.partition(".")
        group = answers.entries.get(topic) if isinstance(answers, MapNode) else None
        if isinstance(group, MapNode) and name in group.entries:
            return ("answers", topic, name)
    topic, _, name = fact.partition(".")
    return ("answers", topic, name)


def _placement(fact: str) -> tuple[str, str] | None:
    """Market and key of a placement fact: `placement.eu_first` is (eu, first)."""
    topic, _, name = fact.partition(".")
    if topic != "placement":
        return None
    market, _, key = name.partition("_")
    return market, key


def _put_placement(text: str, root: MapNode, market: str, key: str, value: str) -> str:
    node = root.entries.get("placements")
    items = node.items if isinstance(node, ListNode) else ()
    of_market = [i for i, item in enumerate(items) if _market(item) == market]
    if not of_market:
        return append(text, root, "placements", f"{{market: {market}, {key}: {value}}}")
    for index in reversed(of_market):
        text = put(text, root, ("placements", index, key), value)
    return text


def _market(item: Node) -> str:
    market = item.entries.get("market") if isinstance(item, MapNode) else None
    return market.text if isinstance(market, ScalarNode) else ""


# Text at positions


def put(text: str, root: MapNode, route: Route, value: Value) -> str:
    """`text` (whose root node is `root`) with `value` at `route`; what is missing on the way is added."""
    page = _Page(text)
    node: Node = root
    key_place = root.place
    for depth, key in enumerate(route):
        if isinstance(node, ListNode):
            node = node.items[int(key)]
        elif isinstance(node, MapNode) and key in node.entries:
            key_place = node.keys[str(key)].place
            node = node.entries[str(key)]
        elif isinstance(node, MapNode):
            return page.add(node, _keys(route[depth:]), value)
        else:
            return page.fill(node, key_place, _keys(route[depth:]), value)
    return page.change(node, key_place, value)


def append(text: str, root: MapNode, key: str, value: str) -> str:
    """`text` with `value` as a last item of the top-level list `key`."""
    node = root.entries.get(key)
    if not isinstance(node, ListNode) or not node.items:
        return put(text, root, (key,), (value,))
    return _Page(text).append(node, value)


def _keys(route: Route) -> list[str]:
    return [quoted(str(key)) for key in route]


class _Page:
    """A text that can be cut at places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(m.end() for m in _BREAK.finditer(text))]
        found = _BREAK.search(text)
        self._break = found.group() if found else "\n"

    def _at(self, line: int, column: int) -> int:
        return min(
            self._starts[line - 1] + column - 1 if line <= len(self._starts) else len(self._text), len(self._text)
        )

    def _start(self, place: Place) -> int:
        return self._at(place.line, place.column)

    def _stop(self, place: Place) -> int:
        return self._at(place.end_line, place.end_column)

    def is_flow(self, node: Node) -> bool:
        """Whether a list or mapping is written in brackets."""
        return not isinstance(node, ScalarNode) and self._text[self._start(node.place)] in "[{"

    def _end(self, node: Node) -> int:
        """Where the text of a node ends (the parser's end of a block is where the next thing starts)."""
        if isinstance(node, ScalarNode) or self.is_flow(node):
            return self._stop(node.place)
        last = [*node.entries.values()][-1] if isinstance(node, MapNode) else node.items[-1]
        return self._end(last)

    def _replace(self, start: int, stop: int, new: str) -> str:
        return self._text[:start] + new + self._text[stop:]

    def _line_after(self, offset: int, line: str) -> str:
        """The text with a line of its own after the one where something ends at `offset`."""
        if offset in self._starts and offset > 0:
            return self._replace(offset, offset, line + self._break)
        found = _BREAK.search(self._text, offset)
        end_of_line = found.start() if found else len(self._text)
        return self._replace(end_of_line, end_of_line, self._break + line)

    def _nested(self, keys: list[str], value: Value, indent: int) -> str:
        """Nested keys in block style, one per line, the last one with the value."""
        lines = [f"{' ' * (indent + 2 * i)}{key}:" for i, key in enumerate(keys)]
        return self._break.join(lines) + f" {_flow(value)}"

    def add(self, node: MapNode, keys: list[str], value: Value) -> str:
        """A new last entry of a mapping."""
        if not self.is_flow(node):
            return self._line_after(self._end(node), self._nested(keys, value, node.place.column - 1))
        nested = _flow(value)
        for key in reversed(keys[1:]):
            nested = f"{{{key}: {nested}}}"
        entry = f"{keys[0]}: {nested}"
        if node.entries:
            at = self._end([*node.entries.values()][-1])
            return self._replace(at, at, f", {entry}")
        at = self._start(node.place) + 1
        return self._replace(at, at, entry)

    def remove(self, node: MapNode, key: str) -> str:
        """A mapping without one of its entries; a comment after it stays."""
        start, stop = self._start(node.keys[key].place), self._end(node.entries[key])
        if not self.is_flow(node):
            return self._without_lines(start, stop)
        keys = list(node.entries)
        at = keys.index(key)
        if at + 1 < len(keys):
            return self._replace(start, self._start(node.keys[keys[at + 1]].place), "")
        return self._replace(self._end(node.entries[keys[at - 1]]) if at else start, stop, "")

    def cut_line(self, key: Place) -> str:
        """The text without the line of a key that has no value; a comment on it stays."""
        return self._without_lines(self._start(key), self._stop(key))

    def _without_lines(self, start: int, stop: int) -> str:
        """The text without the lines of something, but with a comment that follows on the last one."""
        first = max(s for s in self._starts if s <= start)
        rest = None if stop in self._starts else _BREAK.search(self._text, stop)
        end = stop if stop in self._starts else rest.end() if rest else len(self._text)
        comments = [m.group() for m in _COMMENT.finditer(self._text, stop, end)]
        return self._replace(first, end, "".join(f"{c}{self._break}" for c in comments))

    def fill(self, node: Node, key: Place, keys: list[str], value: Value) -> str:
        """An empty value becomes a mapping with one entry."""
        at = self._start(node.place)
        indent = key.column - 1 + 2
        return self._replace(at, at, self._break + self._nested(keys, value, indent))

    def change(self, node: Node, key: Place, value: Value) -> str:
        """Another value at the place of `node`, whose key is at `key`."""
        start, stop = self._start(node.place), self._end(node)
        if isinstance(node, ListNode) and isinstance(value, tuple) and not self.is_flow(node):
            edited = self._items(node, value)
            if edited is not None:
                return edited
        if isinstance(node, ScalarNode) and start == stop:
            colon = "" if ":" in self._text[self._stop(key) : start] else ":"
            space = "" if self._text[start - 1 : start].isspace() and not colon else " "
            return self._replace(start, stop, f"{colon}{space}{_flow(value)}")
        ends_line = stop in self._starts and stop > start
        if isinstance(node, ScalarNode) or self.is_flow(node):
            return self._replace(start, stop, _flow(value) + (self._break if ends_line else ""))
        return self._instead_of_block(node, key, value)

    def _instead_of_block(self, node: Node, key: Place, value: Value) -> str:
        """A flow value after the key in place of the lines of a block."""
        colon = self._text.index(":", self._stop(key)) + 1
        first = self._starts[node.place.line - 1]
        end = self._end(node)
        if end not in self._starts:
            found = _BREAK.search(self._text, end)
            end = found.end() if found else len(self._text)
        return self._text[:colon] + f" {_flow(value)}" + self._text[colon:first] + self._text[end:]

    def _items(self, node: ListNode, words: tuple[str, ...]) -> str | None:
        """A block list with the words, its kept lines and their comments untouched; None if nothing is kept."""
        kept = [n for n in node.items if isinstance(n, ScalarNode) and n.text in words]
        one_line = all(isinstance(n, ScalarNode) and n.place.line == n.place.end_line for n in node.items)
        if not kept or not one_line or len({n.text for n in kept}) < len(kept):
            return None
        new = [w for w in words if w not in {n.text for n in kept}]
        text, line = self._text, self._break
        dash = " " * (node.place.column - 1) + "- "
        for item in reversed(node.items):
            first = self._starts[item.place.line - 1]
            rest = _BREAK.search(text, first)
            if item is kept[-1] and new:
                end = rest.start() if rest else len(text)
                text = text[:end] + "".join(f"{line}{dash}{w}" for w in new) + text[end:]
            elif item not in kept:
                text = text[:first] + (text[rest.end() :] if rest else "")
        return text

    def append(self, node: ListNode, value: str) -> str:
        """A new last item of a list that has items."""
        end = self._end(node.items[-1])
        if self.is_flow(node):
            return self._replace(end, end, f", {value}")
        return self._line_after(end, f"{' ' * (node.place.column - 1)}- {value}")
