"""Words typed at a prompt to an answer, or a sentence that says why they are none."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal, InvalidOperation

from raicheck.answers import nothing_known
from raicheck.model import Answer, Choice, Interval, Question, Scalar, Subset, Text
from raicheck.read import nearest, shorten

UNSURE_WORDS = frozenset({"u", "unsure", "not sure"})
_RANGE = re.compile(r"(?:from |between )?(\S+)(?: to | and | - |\.\.)(\S+)\Z")
_LOW = re.compile(r"(?:at least|from|min|>=) ?(\S+)\Z")
_HIGH = re.compile(r"(?:at most|until|up to|max|<=) ?(\S+)\Z")


def typed_answer(question: Question, line: str) -> Answer | str:
    """The answer that `line` gives: option numbers (from 1, in the order shown), option ids, or a value."""
    words = " ".join(line.lower().split())
    if words in UNSURE_WORDS:
        return Answer(nothing_known(question), unsure=True)
    match question.type:
        case "yes_no":
            return _yes_no(words)
        case "one_of":
            return _one(question, words)
        case "many_of":
            return _many(question, words)
        case "text":
            return Answer(Text(line.strip())) if line.strip() else "type a few words, or u if you are not sure"
        case _:
            return _range(question, words)


def _yes_no(words: str) -> Answer | str:
    for option, ways in (("yes", ("y", "yes", "1", "true")), ("no", ("n", "no", "2", "false"))):
        if words in ways:
            return Answer(Choice(frozenset({option})))
    return (
        f"'{shorten(words)}' is neither yes nor no: type y, n or u (not sure)" if words else "type y, n or u (not sure)"
    )


def _option(question: Question, word: str) -> str | None:
    """The option meant by a number or an id."""
    if word.isascii() and word.isdigit() and 1 <= int(word) <= len(question.options):
        return question.options[int(word) - 1].id
    return word if word in question.option_ids else None


def _one(question: Question, words: str) -> Answer | str:
    option = _option(question, words)
    if option is not None:
        return Answer(Choice(frozenset({option})))
    return _not_listed(question, words)


def _not_listed(question: Question, word: str) -> str:
    hint = nearest(word, question.option_ids)
    found = f"'{shorten(word)}' is not on the list" if word else "nothing chosen"
    return f"{found}{': ' + hint if hint else ''}: type a number from 1 to {len(question.options)}, or u (not sure)"


def _many(question: Question, words: str) -> Answer | str:
    parts = [p for part in words.replace(",", " ").split() for p in _each(part)]
    if not parts:
        return "type the numbers that fit, 0 for none of them, or u (not sure)"
    if parts in (["0"], ["none"]):
        return Answer(Subset(frozenset(), question.option_ids))
    unsure = any(p in UNSURE_WORDS for p in parts)
    chosen = [(p, _option(question, p)) for p in parts if p not in UNSURE_WORDS]
    for part, option in chosen:
        if option is None:
            return _not_listed(question, part) if part != "0" else "0 means none of them: it cannot stand beside others"
    has = frozenset(o for _, o in chosen if o)
    return Answer(Subset(has, frozenset() if unsure else question.option_ids - has), unsure)


def _each(part: str) -> list[str]:
    """The numbers from one to another (`2-4`)."""
    found = re.match(r"(\d{1,3})-(\d{1,3})\Z", part)
    numbers = range(int(found[1]), int(found[2]) + 1) if found else ()
    return [str(n) for n in numbers] or [part]


def _range(question: Question, words: str) -> Answer | str:
    example = "2027-01-15 (or 2027-01, 2027-q1, 2027)" if question.type == "date" else "250"
    ends = _ends(question, words)
    if ends is None:
        said = f"'{shorten(words)}' is no {question.type}" if words else "nothing typed"
        return f"{said}: type {example}, a range (from X to Y), or u (not sure)"
    low, high = ends
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        return "the range ends before it begins"
    return Answer(Interval(low, high), unsure=low is None or low != high)


def _ends(question: Question, words: str) -> tuple[Scalar | None, Scalar | None] | None:
    read = _period if question.type == "date" else _number
    whole = read(words)
    if whole:
        return whole
    for pattern, which in ((_LOW, 0), (_HIGH, 1)):
        if found := pattern.match(words):
            end = read(found.group(1))
            return None if end is None else ((end[0], None) if which == 0 else (None, end[1]))
    found = _RANGE.match(words)
    if not found:
        return None
    first, last = read(found.group(1)), read(found.group(2))
    return (first[0], last[1]) if first and last else None


def _number(word: str) -> tuple[Scalar, Scalar] | None:
    plain = re.sub(r"(?<=\d)[,_ '](?=\d{3}\b)", "", word)
    factor = {"k": 1000, "m": 1_000_000}.get(plain[-1:], 1)
    try:
        value = Decimal(plain[:-1] if factor > 1 else plain) * factor
    except InvalidOperation:
        return None
    return (value, value) if value.is_finite() and value >= 0 and abs(value.adjusted()) <= 60 else None


def _period(word: str) -> tuple[Scalar, Scalar] | None:
    """A day, or the days of a month, quarter or year."""
    found = re.match(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|q([1-4])))?\Z", word)
    if not found:
        return None
    year, month, day, quarter = (int(g) if g else None for g in found.groups())
    assert year is not None
    first, last = (quarter * 3 - 2, quarter * 3) if quarter else (month or 1, month or 12)
    try:
        start = date(year, first, day or 1)
        return start, (start if day else date(year, last, monthrange(year, last)[1]))
    except ValueError:
        return None
