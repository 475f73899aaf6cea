"""A finished HTML report as blocks, for the forms that are not HTML. Reads the few elements that our templates use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SKIPPED = {"style", "title", "nav"}
_BREAKS = {"p", "h1", "h2", "h3", "h4", "li", "td", "th", "figcaption"}


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in one style, perhaps with a link."""

    text: str
    bold: bool = False
    link: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    runs: Runs
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list; `depth` 0 is outermost."""

    depth: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by what it says."""

    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each of paragraphs; the first `heads` rows are headings."""

    rows: tuple[tuple[tuple[Runs, ...], ...], ...]
    heads: int


Block = Heading | Paragraph | Item | Picture | Table


def blocks_of(html: str) -> tuple[Block, ...]:
    """The blocks of a report in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.blocks)


def plain(runs: Runs) -> str:
    """Only the words."""
    return "".join(r.text for r in runs)


@dataclass(slots=True)
class _Cell:
    paragraphs: list[Runs] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._skip = 0
        self._runs: list[Run] = []
        self._depth = 0
        self._bold = 0
        self._link = ""
        self._kind = ""
        self._anchor = ""
        self._verbatim = False
        self._rows: list[list[_Cell]] | None = None
        self._heads = 0
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {k: v or "" for k, v in attrs}
        if tag in _SKIPPED:
            self._skip += 1
        elif tag in _BREAKS or tag in ("ul", "ol"):
            self._flush("li" if self._depth else "p")
            self._anchor = attributes.get("id", "")
            self._kind = attributes.get("class", "")
            self._verbatim = "answer" in self._kind
        match tag:
            case "ul" | "ol":
                self._depth += 1
            case "a":
                self._link = attributes.get("href", "")
            case "strong":
                self._bold += 1
            case "img":
                if attributes.get("alt") != "Logo":
                    self.blocks.append(Picture(attributes.get("alt", "")))
            case "table":
                self._flush("p")
                self._rows, self._heads = [], 0
            case "thead":
                self._in_head = True
            case "tr" if self._rows is not None:
                self._rows.append([])
            case "td" | "th" if self._rows:
                self._rows[-1].append(_Cell())

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skip -= 1
        elif tag in _BREAKS:
            self._flush(tag)
        match tag:
            case "ul" | "ol":
                self._depth -= 1
            case "a":
                self._link = ""
            case "strong":
                self._bold -= 1
            case "thead":
                self._in_head = False
                self._heads = len(self._rows or ())
            case "table" if self._rows is not None:
                rows = tuple(tuple(tuple(c.paragraphs) for c in row) for row in self._rows)
                self._rows = None
                self.blocks.append(Table(rows, self._heads))

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        words = data if self._verbatim else _squeezed(data, at_start=not self._runs)
        if words and (words.strip() or self._runs):
            self._runs.append(Run(words, self._bold > 0, self._link))

    def _flush(self, tag: str) -> None:
        runs = tuple(_trimmed(self._runs))
        self._runs, self._verbatim = [], False
        if not runs:
            return
        if self._rows is not None:
            if self._rows and self._rows[-1]:
                self._rows[-1][-1].paragraphs.append(runs)
        elif tag in ("h1", "h2", "h3", "h4"):
            self.blocks.append(Heading(int(tag[1]), runs, self._anchor))
        elif tag == "li" and self._depth:
            self.blocks.append(Item(self._depth - 1, runs))
        else:
            self.blocks.append(Paragraph(runs, self._kind))


def _squeezed(data: str, at_start: bool) -> str:
    words = " ".join(data.split())
    if not words:
        return "" if at_start else " "
    before = " " if data[0].isspace() and not at_start else ""
    return before + words + (" " if data[-1].isspace() else "")


def _trimmed(runs: list[Run]) -> Iterator[Run]:
    kept = [r for r in runs if r.text]
    while kept and not kept[-1].text.strip():
        kept.pop()
    for index, run in enumerate(kept):
        text = run.text.rstrip() if index == len(kept) - 1 else run.text
        yield Run(text, run.bold, run.link)
