"""A report as Markdown: the same content, for a repository or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from raicheck.report.blocks import Block, Heading, Item, Paragraph, Picture, Run, Runs, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def to_markdown(blocks: Sequence[Block]) -> str:
    """The text of a Markdown file; words of a spec stay words."""
    lines: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if not (isinstance(before, Item) and isinstance(block, Item)) and lines:
            lines.append("")
        lines += _lines(block)
    return "\n".join(lines) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, runs, _):
            yield f"{'#' * level} {_words(runs)}"
        case Paragraph(runs, _):
            yield _LINE_START.sub(r"\1\\\2", _words(runs))
        case Item(depth, runs):
            yield f"{'  ' * depth}- {_words(runs)}"
        case Picture(words):
            yield f"*{_escaped(words)}*"
        case Table():
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    width = max((len(row) for row in table.rows), default=0)
    heads = [_row(row, width) for row in table.rows[: table.heads]] or ["|" + " |" * width]
    yield heads[0]
    yield "|" + "---|" * width
    for row in table.rows[table.heads :]:
        yield _row(row, width)


def _row(row: Sequence[Sequence[Runs]], width: int) -> str:
    cells = ["<br>".join(_words(p) for p in cell) for cell in row]
    return "| " + " | ".join(cells + [""] * (width - len(cells))) + " |"


def _words(runs: Runs) -> str:
    return "".join(_run(r) for r in runs).strip()


def _run(run: Run) -> str:
    text = _escaped(run.text)
    if run.bold and text.strip():
        text = f"**{text.strip()}**" + (" " if text.endswith(" ") else "")
    if run.link and not run.link.startswith("#"):
        return f"[{text}]({run.link.replace(' ', '%20').replace(')', '%29')})"
    return text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\n", " ")
