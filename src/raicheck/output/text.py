"""Findings for a terminal: place, message, the line with a caret, help, law; then what each ruleset says."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from raicheck.checked import Checked, Row
from raicheck.model import Finding, Place
from raicheck.output import Context, citation

_MANY = ("RC401",)
_MOST = 3
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


class Writer:
    """Text, 80 columns wide or as wide as the terminal."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counts: Counter[str] = Counter()
        self._hidden = 0
        self._files = 0

    def begin(self) -> str:
        return ""

    def add(self, checked: Checked) -> str:
        self._files += 1
        lines = list(self._findings(checked.findings))
        counted = sum(checked.notes.values())
        self._counts["info"] += counted
        self._hidden += counted
        if checked.rows:
            lines += self._summary(checked)
        return "".join(f"{line}\n" for line in lines)

    def end(self, findings: Sequence[Finding]) -> str:
        lines = [*self._findings(findings), self._total()]
        return "".join(f"{line}\n" for line in lines)

    def _total(self) -> str:
        said = [
            f"{self._counts[s]} {word}{'' if self._counts[s] == 1 else 's'}"
            for s, word in (("error", "error"), ("warning", "warning"), ("info", "note"))
            if self._counts[s]
        ]
        hidden = " (-v shows the notes)" if self._hidden else ""
        files = f"{self._files} {'spec' if self._files == 1 else 'specs'} as of {self._context.as_of}"
        return f"{files}: {', '.join(said) or 'nothing found'}{hidden}"

    def _findings(self, findings: Sequence[Finding]) -> Iterator[str]:
        """Each finding; obligations that are due at one place in short."""
        shown = [f for f in findings if self._is_shown(f)]
        self._counts.update(f.severity for f in findings)
        self._hidden += len(findings) - len(shown)
        for (code, place), group in groupby(shown, lambda f: (f.code, f.place)):
            several = list(group)
            if len(several) > 1 and code in _MANY and not self._context.verbose:
                yield from self._in_short(several, place)
            else:
                for finding in several:
                    yield from self._finding(finding)

    def _is_shown(self, finding: Finding) -> bool:
        return finding.severity != "info" or self._context.verbose or self._context.fails(finding)

    def _in_short(self, findings: list[Finding], place: Place | None) -> Iterator[str]:
        yield from self._head(findings[0], place, f"{len(findings)} obligations are due and not done")
        urgent = sorted(clean(f.message) for f in findings)  # messages begin with the day
        for said in urgent[:_MOST]:
            yield from self._wrap(f"    {said}", "      ")
        if len(urgent) > _MOST:
            yield f"    and {len(urgent) - _MOST} more (-v)"
        yield ""

    def _head(self, finding: Finding, place: Place | None, message: str) -> Iterator[str]:
        at = f"{clean(place.file)}:{place.line}:{place.column}: " if place else ""
        code = f"{finding.severity} {finding.code}"
        first, *rest = self._wrap(f"{at}{code}: {message}", "    ")
        yield first.replace(code, self._context.paint(code, _COLOURS[finding.severity]), 1)
        yield from rest

    def _finding(self, finding: Finding) -> Iterator[str]:
        place = finding.place
        yield from self._head(finding, place, clean(finding.message))
        if place:
            yield from self._source(place)
        if finding.help:
            yield from self._wrap(f"  help: {clean(finding.help)}", "        ")
        for cite in dict.fromkeys(finding.cites[:4]):
            words, link = citation(self._context, cite)
            yield from self._wrap(f"  law: {words}", "       ")
            if link:
                yield f"       {link}"
        for other, text in finding.related:
            yield from self._wrap(f"  see: {clean(other.file)}:{other.line}:{other.column}: {clean(text)}", "       ")
        yield ""

    def _wrap(self, text: str, indent: str) -> tuple[str, ...]:
        return wrap(text, self._context.width, indent)

    def _source(self, place: Place) -> Iterator[str]:
        line = self._context.source_line(place)
        if not line.strip():
            return
        start = min(place.column - 1, len(line))
        end = place.end_column - 1 if place.end_line == place.line else len(line.rstrip())
        room = self._context.width - 10
        cut = max(0, start - room // 2) if len(line) > room else 0
        shown = clean(line[cut : cut + room].rstrip()) + ("…" if len(line.rstrip()) > cut + room else "")
        number = f"{place.line:5}"
        before = _columns(clean(line[cut:start]))
        marks = max(1, min(_columns(clean(line[start:end])), room - before))
        yield f"{number} | {shown}"
        yield f"      | {' ' * before}{self._context.paint('^' * marks, 'green')}"

    def _summary(self, checked: Checked) -> Iterator[str]:
        title = f"{clean(checked.file)}" + (f" – {clean(checked.name)}" if checked.name else "")
        yield self._context.paint(title, "bold")
        for row in checked.rows:
            yield from self._wrap(f"  {row.title}: {_says(row)}", "      ")
        for change in checked.changes:
            yield from self._wrap(f"  changed: {clean(change)}", "      ")
        yield ""


def _says(row: Row) -> str:
    if row.applies is False:
        return "does not apply"
    class_ = row.certain if row.certain == row.possible else f"open, from “{row.certain}” to “{row.possible}”"
    more = [x for x in row.labels if x not in (row.certain, row.possible)]
    also = f"; also: {', '.join(more)}" if more else ""
    if not row.owed:
        return class_ + also
    owed = f"{row.owed} {'obligation' if row.owed == 1 else 'obligations'}"
    counts = ((row.done, "done"), (row.accepted, "open as accepted risk"), (row.overdue, "due and open"))
    said = "".join(f", {count} {word}" for count, word in counts if count)
    due = f", next due {row.next_due}" if row.next_due else ""
    return f"{class_}{also}; {owed}{said}{due}"


@lru_cache(maxsize=2_000)  # laws, help and what a ruleset says recur from spec to spec
def wrap(text: str, width: int, indent: str) -> tuple[str, ...]:
    """The lines of a text; `indent` stands before all but the first."""
    if len(text) <= width and text.isprintable() and not text.endswith(" "):
        return (text,)  # as most are: textwrap takes a tenth of a check
    lines = textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return tuple(lines) or (text,)


def clean(text: str) -> str:
    """Text that cannot drive a terminal; a tab is one column."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c in "\t\n" else "\ufffd" for c in text)


def _columns(text: str) -> int:
    """The width on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
