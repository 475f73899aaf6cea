"""Sentences: proofs, dates, statuses, citations as a reader of law expects them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from raicheck.dates import DueDay, InForce, Start
from raicheck.model import Basis, Reading
from raicheck.provisions import Provision, short_citation
from raicheck.report.view import Cite

BASIS: Mapping[Basis, str] = {
    "text": "text of the law",
    "case_law": "case law",
    "final_guidance": "final guidance",
    "draft_guidance": "draft guidance",
}
PROGRESS = {
    "open": "open",
    "in_progress": "in progress",
    "done": "done",
    "met_elsewhere": "met elsewhere",
    "accepted_risk": "accepted risk, still open",
}
KINDS = {"law": "Law", "voluntary": "Voluntary framework", "company": "Company policy"}
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def day_words(day: date) -> str:
    """`2 December 2027`: no month can be taken for a day."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = list(items)
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def first(items: Iterable[str], most: int) -> list[str]:
    """At most `most` items, and how many more there are."""
    words = list(items)
    return words if len(words) <= most + 1 else [*words[:most], f"{len(words) - most} more"]


def cites_of(ids: Iterable[str], provisions: Mapping[str, Provision]) -> tuple[Cite, ...]:
    """Citations with links; a node that the index lacks is cited by its readable id."""
    made = []
    for id_ in ids:
        node = provisions.get(id_)
        made.append(Cite(node.citation, node.link) if node else _unknown(id_, provisions))
    return tuple(made)


def _unknown(citation: str, provisions: Mapping[str, Provision]) -> Cite:
    """A node that is not in the index, of an instrument that is (a company's policy, say)."""
    instrument, _, node = citation.partition("/")
    known = provisions.get(instrument)
    if known is None:
        return Cite(short_citation(citation))
    return Cite(f"{upper_first(node.replace('-', ' '))} {known.instrument}", known.link)


def start_words(start: Start, as_of: date, in_force: InForce) -> str:
    """From when something applies, said from the point of view of `as_of`."""
    low, high = start.earliest, start.latest
    if low is None:
        return "no day fixed"
    if high is None:
        return f"from {day_words(low)} at the earliest"
    if low != high:
        why = "the readings of the law differ" if start.readings else "depending on what is open"
        return f"from a day between {day_words(low)} and {day_words(high)} ({why})"
    if low <= as_of:
        return f"since {day_words(low)}"
    return f"from {day_words(low)} ({in_days((low - as_of).days)})"


def in_days(days: int) -> str:
    """How far away a day is."""
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days < 120 else f"in {round(days / 30.44)} months"


def due_words(due: DueDay) -> str:
    """When an obligation is due."""
    text = due.text
    for word in ("immediately", "without "):  # "within immediately after"
        text = text.replace(f"within {word}", word)
    if due.day:
        return f"{text}: {day_words(due.day)}" if text else day_words(due.day)
    ends = [
        f"{word} {day_words(day)}" for word, day in (("not before", due.earliest), ("at the latest", due.latest)) if day
    ]
    return "; ".join(filter(None, (text, *ends)))


def reading_words(reading: Reading) -> str:
    """A reading of the law, with its day if it fixes one."""
    return f"{day_words(reading.day)}, {reading.text}" if reading.day else reading.text


def upper_first(words: str) -> str:
    """The words as a sentence begins."""
    return words[:1].upper() + words[1:]


def lower_first(title: str) -> str:
    """A title inside a sentence; `AI model` stays."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def with_article(noun: str) -> str:
    """`an importer`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def cut(words: str, most: int) -> str:
    """At most `most` characters, cut between words."""
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"
