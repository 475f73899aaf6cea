"""Text to nodes with places: strict YAML, or the findings that say why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from raicheck.frozen import frozen
from raicheck.model import Finding, Place, Route

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # PyYAML built without libyaml: slower, the same events
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_FINDINGS = 50


@frozen
class ScalarNode:
    """A scalar as written: `plain` tells `no` from `"no"`."""

    text: str
    plain: bool
    place: Place


@frozen
class ListNode:
    items: tuple[Node, ...]
    place: Place


@frozen
class MapNode:
    entries: dict[str, Node]
    keys: dict[str, Place]
    place: Place


Node = ScalarNode | ListNode | MapNode


def decode(raw: bytes, file: str) -> tuple[str, list[Finding]]:
    """Bytes of a file as text. Anything but UTF-8 within the size limit is a finding."""
    if len(raw) > MAX_BYTES:
        return "", [too_large(len(raw), file)]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        place = Place(file, line, column, line, column)
        return "", [Finding("RC103", "error", "file is not UTF-8 text", place, "save the file with UTF-8 encoding")]


def too_large(size: int, file: str) -> Finding:
    """The finding for a file of `size` bytes above the limit."""
    message = f"file is too large: {size:,} bytes, the limit is {MAX_BYTES:,}"
    help_ = "split the file or remove what does not belong"
    return Finding("RC102", "error", message, Place(file, 1, 1, 1, 1), help_)


def parse(text: str, file: str, first_line: int = 1) -> tuple[Node | None, list[Finding]]:
    """The root node of a YAML document, or None and at least one finding.

    `first_line` is the line of the first character (front matter does not begin at 1).
    """
    reading = _Reading(file, first_line)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if not reading.take(event):
                break
    except yaml.MarkedYAMLError as error:
        reading.broken(error)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + first_line
        reading.report(
            "RC103",
            "a character that YAML does not allow",
            Place(file, line, 1, line, 1),
            "remove control characters from the file",
        )
    if reading.root is None and not reading.findings:
        reading.report(
            "RC104",
            "file is empty",
            Place(file, first_line, 1, first_line, 1),
            "describe a feature here, or start with: raicheck ask FILE",
        )
    return (None if reading.findings else reading.root), reading.findings


class _Reading:
    """One pass over the events of the parser, with its own stack: no recursion, whatever the depth."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self._stack: list[_Open] = []

    def report(self, code: str, message: str, place: Place, help_: str = "") -> None:
        self.findings.append(Finding(code, "error", message, place, help_))

    def broken(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        place = Place(self.file, 1, 1, 1, 1) if mark is None else self._at(mark, mark)
        problem = error.problem or "not YAML"
        help_ = "check indentation, colons and quotes near here"
        if "cannot start any token" in problem:
            problem = "a tab, or a sign such as @, % or ` at the start of a value"
            help_ = "indent with spaces, never with tabs; put quotes around a value that starts with a sign"
        self.report("RC101", f"not valid YAML: {problem}", place, help_)

    def take(self, event: Any) -> bool:
        """Consume one event; False stops the reading."""
        if len(self.findings) >= MAX_FINDINGS:
            return False
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._start(event, kind is yaml.MappingStartEvent)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end(event)
        elif kind is yaml.AliasEvent:
            return self._refuse(event, "RC105", "aliases are not allowed", "write the value out")
        elif kind is yaml.DocumentStartEvent and self.root is not None:
            return self._refuse(event, "RC106", "a second document in one file", "one file holds one document")
        return True

    def _refuse(self, event: Any, code: str, message: str, help_: str) -> bool:
        self.report(code, message, self._at(event.start_mark, event.end_mark), help_)
        return False

    def _at(self, start: Any, end: Any) -> Place:
        return Place(
            self.file, start.line + self.first_line, start.column + 1, end.line + self.first_line, end.column + 1
        )

    def _allowed(self, event: Any) -> bool:
        if event.anchor is not None:
            return self._refuse(event, "RC105", "anchors are not allowed", "write the value out")
        if event.tag is not None and event.tag != "!":
            return self._refuse(event, "RC107", "tags are not allowed", "remove the tag that begins with '!'")
        return True

    def _scalar(self, event: Any) -> bool:
        if not self._allowed(event):
            return False
        place = self._at(event.start_mark, event.end_mark)
        self._place_node(ScalarNode(event.value, not event.style, place))
        return True

    def _start(self, event: Any, is_map: bool) -> bool:
        if not self._allowed(event):
            return False
        if len(self._stack) >= MAX_DEPTH:
            return self._refuse(event, "RC108", f"nested deeper than {MAX_DEPTH} levels", "flatten the file")
        self._stack.append(_Open(is_map, event.start_mark))
        return True

    def _end(self, event: Any) -> None:
        top = self._stack.pop()
        place = self._at(top.start, event.end_mark)
        if top.is_map:
            self._place_node(MapNode(top.entries, top.key_places, place))
        else:
            self._place_node(ListNode(tuple(top.items), place))

    def _place_node(self, node: Node) -> None:
        if not self._stack:
            self.root = node
        elif not self._stack[-1].is_map:
            self._stack[-1].items.append(node)
        else:
            self._map_part(self._stack[-1], node)

    def _map_part(self, top: _Open, node: Node) -> None:
        if top.key is not None:
            top.entries[top.key] = node
            top.key = None
        elif not isinstance(node, ScalarNode):
            self.report("RC109", "a key must be plain text", node.place, "a ':' inside a value needs quotes")
            top.key = ""
        else:
            if node.text in top.entries:
                self.report("RC110", f"duplicate key '{node.text}'", node.place, "remove one of the two")
            top.key = node.text
            top.key_places[node.text] = node.place


class _Open:
    """A list or map whose end has not been read."""

    __slots__ = ("entries", "is_map", "items", "key", "key_places", "start")

    def __init__(self, is_map: bool, start: Any) -> None:
        self.is_map = is_map
        self.start = start
        self.items: list[Node] = []
        self.entries: dict[str, Node] = {}
        self.key_places: dict[str, Place] = {}
        self.key: str | None = None


def places(root: Node) -> dict[Route, Place]:
    """The place of every value below `root` by its route; keys by the same route with "#key" added."""
    return dict(_walk(root, ()))


def _walk(node: Node, route: Route) -> Iterator[tuple[Route, Place]]:
    yield route, node.place
    if isinstance(node, MapNode):
        for key, child in node.entries.items():
            yield (*route, key, "#key"), node.keys[key]
            yield from _walk(child, (*route, key))
    elif isinstance(node, ListNode):
        for index, child in enumerate(node.items):
            yield from _walk(child, (*route, index))
