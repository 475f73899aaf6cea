"""Text to nodes with places: strict YAML, or the findings that say why not."""

from __future__ import annotations

import re
from typing import Any

import yaml

from raicheck.model import Finding, Place
from raicheck.nodes import Document, ListNode, MapNode, Node, ScalarNode

try:
    from yaml import CBaseLoader as _Loader

    _IN_C = True
except ImportError:  # PyYAML built without libyaml: slower, the same events
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

    _IN_C = False

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_FINDINGS = 50
# What is composed in one call, which takes the stack of C: so many characters and brackets, and no more nested at once.
_SHORT, _BRACKETS = 8_000, 200
_NESTED = re.compile(r"(?:[-?][ \t]+){9}")
_SCALAR = yaml.ScalarNode
_CONFLICT = "choose between the two versions, and remove the lines <<<<<<<, ======= and >>>>>>>"


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
    document = Document(file, first_line)
    if (composed := _composed(text, document)) is not None:
        return composed, []
    reading = _Reading(document)
    try:
        reading.read(_Loader(text))
    except yaml.MarkedYAMLError as error:
        conflict = re.search(r"^(<{7}|>{7})(?= |\r?$)", text, re.MULTILINE)
        if conflict is None:
            reading.broken(error)
        else:
            line = text.count("\n", 0, conflict.start()) + first_line
            reading.report("RC101", "unresolved merge conflict", Place(file, line, 1, line, 8), _CONFLICT)
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


# Short documents without mistakes: composed in one call of the parser, in half the time

PARSER = f"{yaml.__version__} {'in C' if _IN_C else ''}"
"""Which parser reads."""


class _Composer(_Loader):
    """The parser, which asks for the tags of what has none."""

    def resolve(self, *_: object) -> str:
        return ""

    def descend_resolver(self, *_: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class _NotPlain(Exception):
    """Something that the events have to be read for: a mistake, or what is refused."""


def _composed(text: str, document: Document) -> Node | None:
    """The root node of a short document without any mistake; None for any other."""
    if not _IN_C or len(text) > _SHORT or "&" in text or "*" in text:
        return None
    if text.count("[") + text.count("{") > _BRACKETS or _NESTED.search(text):
        return None
    loader = _Composer(text)
    try:
        root = loader.get_single_node()
        return None if root is None else _node(root, document, 0)
    except (yaml.YAMLError, _NotPlain):
        return None
    finally:
        loader.dispose()


def _node(node: Any, document: Document, depth: int) -> Node:
    """Our node for one of the parser. Most are scalars."""
    if type(node) is _SCALAR:
        if node.tag:
            raise _NotPlain
        return ScalarNode(node.value, not node.style, document.between(node.start_mark, node.end_mark))
    if node.tag or depth >= MAX_DEPTH:
        raise _NotPlain
    at = document.between(node.start_mark, node.end_mark)
    if type(node) is not yaml.MappingNode:
        return ListNode(tuple([_node(item, document, depth + 1) for item in node.value]), at)
    keys = {key.value: _node(key, document, depth) for key, _ in node.value if type(key) is _SCALAR}
    if len(keys) < len(node.value):
        raise _NotPlain  # a key twice, or one that is no scalar
    return MapNode({key.value: _node(value, document, depth + 1) for key, value in node.value}, keys, at)  # type: ignore[arg-type]


# Any document: the events of the parser


class _Reading:
    """One pass over the events of the parser, with its own stack: no recursion, whatever the depth."""

    def __init__(self, document: Document) -> None:
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self._document = document
        self._stack: list[_Open] = []

    def report(self, code: str, message: str, place: Place, help_: str = "") -> None:
        self.findings.append(Finding(code, "error", message, place, help_))

    def broken(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        line, column = (0, 0) if mark is None else (mark.line, mark.column)
        place = self._document.place(line, column, line, column)
        problem = error.problem or "not YAML"
        help_ = "check indentation, colons and quotes near here"
        if "cannot start any token" in problem:
            problem = "a tab, or a sign such as @, % or ` at the start of a value"
            help_ = "indent with spaces, never with tabs; put quotes around a value that starts with a sign"
        self.report("RC101", f"not valid YAML: {problem}", place, help_)

    def read(self, loader: Any) -> None:
        """All events of a loader, or those before something that is refused. Most are scalars of maps."""
        next_event, document, scalar, findings = loader.get_event, self._document, yaml.ScalarEvent, self.findings
        top: _Open | None = None
        try:
            while len(findings) < MAX_FINDINGS:
                event = next_event()
                kind = type(event)
                if kind is not scalar:
                    if not self._structure(event, kind):
                        return
                    top = self._stack[-1] if self._stack else None
                    continue
                if (event.anchor is not None or event.tag is not None) and not self._is_allowed(event):
                    return
                node = ScalarNode(event.value, not event.style, document.between(event.start_mark, event.end_mark))
                if top is None or not top.is_map:
                    self._place_node(node)
                elif top.key is None:
                    self._key(top, node)
                else:
                    top.entries[top.key] = node
                    top.key = None
        finally:
            loader.dispose()

    def _structure(self, event: Any, kind: type) -> bool:
        """Consume an event that is no scalar; False stops the reading."""
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._start(event, kind is yaml.MappingStartEvent)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end(event)
        elif kind is yaml.AliasEvent:
            return self._refuse(event, "RC105", "aliases are not allowed", "write the value out")
        elif kind is yaml.StreamEndEvent:
            return False
        elif kind is yaml.DocumentStartEvent and self.root is not None:
            return self._refuse(event, "RC106", "a second document in one file", "one file holds one document")
        return True

    def _refuse(self, event: Any, code: str, message: str, help_: str) -> bool:
        start, end = event.start_mark, event.end_mark
        place = self._document.place(start.line, start.column, end.line, end.column)
        self.report(code, message, place, help_)
        return False

    def _is_allowed(self, event: Any) -> bool:
        if event.anchor is not None:
            return self._refuse(event, "RC105", "anchors are not allowed", "write the value out")
        if event.tag is not None and event.tag != "!":
            return self._refuse(event, "RC107", "tags are not allowed", "remove the tag that begins with '!'")
        return True

    def _start(self, event: Any, is_map: bool) -> bool:
        if not self._is_allowed(event):
            return False
        if len(self._stack) >= MAX_DEPTH:
            return self._refuse(event, "RC108", f"nested deeper than {MAX_DEPTH} levels", "flatten the file")
        self._stack.append(_Open(is_map, event.start_mark))
        return True

    def _end(self, event: Any) -> None:
        top = self._stack.pop()
        at = self._document.between(top.start, event.end_mark)
        self._place_node(MapNode(top.entries, top.keys, at) if top.is_map else ListNode(tuple(top.items), at))

    def _place_node(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        if not top.is_map:
            top.items.append(node)
        elif top.key is not None:
            top.entries[top.key] = node
            top.key = None
        elif isinstance(node, ScalarNode):
            self._key(top, node)
        else:
            self.report("RC109", "a key must be plain text", node.place, "a ':' inside a value needs quotes")
            top.key = ""

    def _key(self, top: _Open, node: ScalarNode) -> None:
        if node.text in top.keys:
            first = top.keys[node.text].place
            both = "join the two" if isinstance(top.entries.get(node.text), MapNode) else "remove one of the two"
            message, help_ = f"duplicate key '{node.text}'", f"{both}; the first is in line {first.line}"
            self.findings.append(Finding("RC110", "error", message, node.place, help_, related=((first, "the first"),)))
        top.key = node.text
        top.keys[node.text] = node


class _Open:
    """A list or map whose end has not been read."""

    __slots__ = ("entries", "is_map", "items", "key", "keys", "start")

    def __init__(self, is_map: bool, start: Any) -> None:
        self.is_map = is_map
        self.start = start
        self.items: list[Node] = []
        self.entries: dict[str, Node] = {}
        self.keys: dict[str, ScalarNode] = {}
        self.key: str | None = None
