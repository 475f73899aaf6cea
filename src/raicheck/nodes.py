"""The nodes of a document with their places, which are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from raicheck.model import Place, Route


class Document:
    """Where marks count from."""

    __slots__ = ("file", "first_line")

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line

    def place(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        """The place between two marks of the parser, which count from 0."""
        first = self.first_line
        return Place(self.file, line + first, column + 1, end_line + first, end_column + 1)

    def between(self, start: Any, end: Any) -> At:
        """From one mark of the parser to another."""
        return self, start.line, start.column, end.line, end.column


At = Place | tuple[Document, int, int, int, int]
"""A place, or what it is made of when somebody asks for it: the marks themselves would take most of the memory."""


class _Node:
    """Something in a document."""

    __slots__ = ("_at",)

    def __init__(self, at: At) -> None:
        self._at = at

    @property
    def place(self) -> Place:
        """Where it stands."""
        if isinstance(self._at, tuple):
            document, *marks = self._at
            self._at = document.place(*marks)
        return self._at


class ScalarNode(_Node):
    """A scalar as written: `plain` tells `no` from `"no"`."""

    __slots__ = ("plain", "text")

    def __init__(self, text: str, plain: bool, at: At) -> None:
        self.text = text
        self.plain = plain
        self._at = at


class ListNode(_Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...], at: At) -> None:
        self.items = items
        self._at = at


class MapNode(_Node):
    """Keys with values; `keys` are the nodes of the keys themselves."""

    __slots__ = ("entries", "keys")

    def __init__(self, entries: dict[str, Node], keys: dict[str, ScalarNode], at: At) -> None:
        self.entries = entries
        self.keys = keys
        self._at = at


Node = ScalarNode | ListNode | MapNode


class Places(Mapping[Route, Place]):
    """The place of every value of a document by its route; keys by the same route with "#key" added."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def __getitem__(self, route: Route) -> Place:
        node = self._find(route)
        if node is None:
            raise KeyError(route)
        return node.place

    def __contains__(self, route: object) -> bool:
        return isinstance(route, tuple) and self._find(route) is not None

    def __iter__(self) -> Iterator[Route]:
        return _routes(self._root, ())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _find(self, route: Route) -> Node | None:
        if route[-1:] == ("#key",):
            parent = self._find(route[:-2]) if len(route) > 1 else None
            return parent.keys.get(str(route[-2])) if isinstance(parent, MapNode) else None
        node: Node | None = self._root
        for step in route:
            if isinstance(node, MapNode):
                node = node.entries.get(str(step))
            elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return None
        return node


def _routes(node: Node, route: Route) -> Iterator[Route]:
    yield route
    if isinstance(node, MapNode):
        for key, child in node.entries.items():
            yield (*route, key, "#key")
            yield from _routes(child, (*route, key))
    elif isinstance(node, ListNode):
        for index, child in enumerate(node.items):
            yield from _routes(child, (*route, index))
