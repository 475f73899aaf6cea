"""Typed reading of nodes: every mistake becomes a finding with its place, and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from raicheck.model import Finding, Place
from raicheck.nodes import ListNode, MapNode, Node, ScalarNode

T = TypeVar("T")
MAX_ITEMS = 1_000


def nearest(word: str, known: Iterable[str]) -> str:
    """A "did you mean" for `word`, or an empty text."""
    import difflib  # slow to import, and needed for mistakes only

    match = difflib.get_close_matches(word[:200], list(known), n=1, cutoff=0.6)
    return f"did you mean '{match[0]}'?" if match else ""


def shorten(text: str, length: int = 60) -> str:
    """`text` on one line, cut to `length`, without control characters."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= length else line[: length - 1] + "…"


class TooMany(Exception):
    """A file has more mistakes than anybody reads."""


class Reader:
    """Collects findings while nodes are read into values. `code` is that of wrong shapes and values.

    After `most` findings, if given, it raises TooMany.
    """

    def __init__(self, code: str = "RC201", most: int | None = None) -> None:
        self.code = code
        self.findings: list[Finding] = []
        self._most = most

    def report(self, message: str, place: Place | None, help_: str = "", code: str = "") -> None:
        """Add an error."""
        if len(self.findings) == self._most:
            raise TooMany
        self.findings.append(Finding(code or self.code, "error", message, place, help_))

    def mapping(
        self, node: Node | None, known: Iterable[str], what: str, required: Iterable[str] = ()
    ) -> MapNode | None:
        """`node` as a mapping with only `known` keys and all `required` ones; None if it is no mapping."""
        if not isinstance(node, MapNode):
            self._wrong(node, "keys and values", what)
            return None
        known = tuple(known)
        for key in node.entries:
            if key not in known:
                help_ = nearest(key, known) or f"known here: {', '.join(known)}"
                self.report(f"unknown key '{shorten(key)}' in {what}", node.keys[key].place, help_, "RC202")
        for key in required:
            if key not in node.entries:
                self.report(f"{what} lacks '{key}'", node.place, f"add '{key}:'", "RC203")
        return node

    def table(self, node: Node | None, what: str) -> MapNode | None:
        """`node` as a mapping with free keys."""
        if node is None or isinstance(node, MapNode):
            return node
        if isinstance(node, ScalarNode) and node.plain and not node.text:
            return None
        self._wrong(node, "keys and values", what)
        return None

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The items of a list; nothing for an absent node."""
        if node is None:
            return ()
        if isinstance(node, ListNode):
            if len(node.items) > MAX_ITEMS:
                message = f"{what}: a list of {len(node.items):,} items, the limit is {MAX_ITEMS:,}"
                self.report(message, node.place, "shorten the list", "RC116")
            return node.items[:MAX_ITEMS]
        self._wrong(node, "a list", what)
        return ()

    def text(self, node: Node | None, what: str, default: str = "") -> str:
        """A text; `default` for an absent node."""
        if node is None:
            return default
        if isinstance(node, ScalarNode):
            return node.text
        self._wrong(node, "a text", what)
        return default

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.text(item, what) for item in self.items(node, what))

    def one_of(self, node: Node | None, options: Iterable[T], what: str, default: T) -> T:
        """One word out of `options` (texts)."""
        if node is None:
            return default
        options = tuple(options)
        word = self.text(node, what)
        if word in options:
            return word
        names = [str(o) for o in options]
        self.report(
            f"'{shorten(word)}' is not possible for {what}",
            node.place,
            nearest(word, names) or f"possible: {', '.join(names)}",
            "RC204",
        )
        return default

    def day(self, node: Node | None, what: str) -> date | None:
        """An ISO date."""
        if node is None:
            return None
        word = self.text(node, what)
        try:
            if len(word) != 10:
                raise ValueError
            return date.fromisoformat(word)
        except ValueError:
            self.report(f"{what}: '{shorten(word)}' is no date", node.place, "write it as 2026-11-20", "RC205")
            return None

    def number(self, node: Node | None, what: str) -> Decimal | None:
        """A finite number, as written with digits and at most one point (1_000 and 1e25 too)."""
        if node is None:
            return None
        word = self.text(node, what)
        try:
            value = Decimal(word.replace("_", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or len(word) > 40 or abs(value.adjusted()) > 60:
            self.report(f"{what}: '{shorten(word)}' is no number", node.place, "write digits, for example 250", "RC206")
            return None
        return value

    def truth(self, node: Node | None, what: str, default: bool = False) -> bool:
        """yes or no (true and false too)."""
        if node is None:
            return default
        word = self.text(node, what)
        if word in ("yes", "true", "no", "false"):
            return word in ("yes", "true")
        self.report(f"{what}: '{shorten(word)}' is neither yes nor no", node.place, "write yes or no", "RC204")
        return default

    def each(self, node: Node | None, what: str, read: Callable[[Node], T | None]) -> tuple[T, ...]:
        """Every item of a list read by `read`; those it gives up on are left out."""
        return tuple(x for x in map(read, self.items(node, what)) if x is not None)

    def _wrong(self, node: Node | None, wanted: str, what: str) -> None:
        if node is None:
            self.report(f"{what} is missing", None)
            return
        found = {MapNode: "keys and values", ListNode: "a list"}.get(type(node))
        if isinstance(node, ScalarNode):
            found = f"'{shorten(node.text)}'" if node.text else "nothing"
        self.report(f"{what}: expected {wanted}, found {found}", node.place)
