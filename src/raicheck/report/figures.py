"""The two pictures of the summary as vector graphics. Meaning is carried by shape and hatching, never by colour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from raicheck.report.view import Law, Milestone

_INK, _FAINT = "#1a2433", "#b9c0ca"
_DAY_WIDTH = 78.0  # room for "20 September 2026"
_FONT = 'font-family="RC Sans, Noto Sans, sans-serif"'
_COLUMNS = ("does not\napply", "nothing\nfound", "minor", "limited\nduties", "high or\nheightened", "prohibited")


def ladder(laws: Sequence[Law]) -> str:
    """The range of every law on the risk ladder: a full bar is established, a hatched one is possible."""
    left, step, row = 168.0, 70.0, 22.0
    height = 40 + row * len(laws)
    parts = [_hatch()]
    for index, name in enumerate(_COLUMNS):
        x = left + step * index
        for line, words in enumerate(name.split("\n")):
            parts.append(_text(x + step / 2, 10 + 10 * line, words, 7.5, "middle"))
        parts.append(_line(x, 26, x, height - 6, _FAINT, 0.5))
    parts.append(_line(left + step * 6, 26, left + step * 6, height - 6, _FAINT, 0.5))
    for index, law in enumerate(laws):
        y = 30 + row * index
        parts.append(_line(0, y + row - 2, left + step * 6, y + row - 2, _FAINT, 0.5))
        parts += _title(law.title, y)
        parts += _bar(law, left, step, y + 3)
    return _svg(left + step * 6 + 1, height, parts)


def _title(title: str, y: float) -> list[str]:
    """A law's name on one line or two."""
    if len(title) <= 36:
        return [_text(0, y + 13, title, 8, "start", bold=True)]
    first = title[:37].rpartition(" ")[0] or title[:36]
    rest = title[len(first) :].strip()
    return [_text(0, y + 9, first, 7.4, "start", bold=True), _text(0, y + 18, _cut(rest, 38), 7.4, "start", bold=True)]


def _bar(law: Law, left: float, step: float, y: float) -> list[str]:
    """The established steps solid, those above them that are possible hatched."""
    x = left + step * law.low + 4
    parts = [_rect(x, y, step - 8, 13, _INK)]
    if law.high > law.low:
        parts.append(_rect(x + step - 8, y, step * (law.high - law.low), 13, "url(#open)", _INK))
    return parts


def timeline(milestones: Sequence[Milestone]) -> str:
    """The days on one line, to scale; numbers refer to the list below the picture."""
    if not milestones:
        return ""
    days = [date.fromisoformat(m.iso) for m in milestones]
    first, last = min(days), max(days)
    span = max((last - first).days, 30)
    width, left, axis = 588.0, 14.0, 52.0
    at = [left + (width - 2 * left) * (d - first).days / span for d in days]
    parts = [_line(left - 10, axis, width - left + 10, axis, _INK, 1)]
    parts += _years(first, last, left, (width - 2 * left) / span, axis)
    slots = _spread(at, 17.0, width - 8)
    for number, (x, slot, milestone) in enumerate(zip(at, slots, milestones, strict=True), 1):
        parts.append(_line(x, axis - 5, slot, axis - 16, _INK, 0.6))
        parts.append(_mark(x, axis, milestone))
        parts.append(_text(slot, axis - 19, str(number), 8.5, "middle", bold=True))
    parts += _days(slots, milestones, width, axis - 31)
    return _svg(width, 78, parts)


def _days(slots: Sequence[float], milestones: Sequence[Milestone], width: float, y: float) -> list[str]:
    """The day above each number that has room for it."""
    parts: list[str] = []
    taken = -_DAY_WIDTH
    for slot, milestone in zip(slots, milestones, strict=True):
        start = min(max(slot - _DAY_WIDTH / 2, 0.0), width - _DAY_WIDTH)
        if start >= taken:
            parts.append(_text(start + _DAY_WIDTH / 2, y, milestone.day, 6.8, "middle"))
            taken = start + _DAY_WIDTH
    return parts


def _years(first: date, last: date, left: float, per_day: float, axis: float) -> list[str]:
    parts = []
    for year in range(first.year + 1, last.year + 1):
        x = left + (date(year, 1, 1) - first).days * per_day
        parts.append(_line(x, axis, x, axis + 9, _INK, 0.5))
        parts.append(_text(x, axis + 19, str(year), 7.5, "middle"))
    return parts


def _spread(at: Sequence[float], apart: float, most: float) -> list[float]:
    """Places for the numbers: near their day, not nearer to each other than `apart`."""
    slots: list[float] = []
    for x in at:
        slots.append(max(x, slots[-1] + apart) if slots else x)
    limit = most
    for index in range(len(slots) - 1, -1, -1):
        slots[index] = min(slots[index], limit)
        limit = slots[index] - apart
    return slots


def _mark(x: float, y: float, milestone: Milestone) -> str:
    fill = _INK if milestone.sure else "#ffffff"
    match milestone.kind:
        case "today":
            return f'<path d="M{x:.1f} {y - 6:.1f} l5 10 h-10 z" fill="{_INK}"/>'
        case "launch":
            return _rect(x - 4, y - 4, 8, 8, fill, _INK)
        case _:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="{_INK}"/>'


def _hatch() -> str:
    return (
        '<defs><pattern id="open" width="5" height="5" patternUnits="userSpaceOnUse">'
        f'<path d="M-1 1 l2 -2 M0 5 l5 -5 M4 6 l2 -2" stroke="{_INK}" stroke-width="0.9"/></pattern></defs>'
    )


def _text(x: float, y: float, words: str, size: float, anchor: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{_INK}" {_FONT}{weight}>'
        f"{escape(words)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width}"/>'


def _rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{stroke}"/>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">{"".join(parts)}</svg>'
    )


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
