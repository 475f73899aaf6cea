"""What is law on a day: which rules exist by then, and what a named date of the law was."""

from __future__ import annotations

from datetime import date

from raicheck.model import DatedValue, Obligation, Rule, Ruleset

FAR = date.max


def is_law(law: Ruleset, item: Rule | Obligation, as_of: date, text_alone: bool = False) -> bool:
    """Whether a rule or obligation exists on the day (and, on the text alone, is no draft)."""
    if text_alone and item.basis == "draft_guidance":
        return False
    if as_of < law.enacted or (item.enacted is not None and as_of < item.enacted):
        return False
    return item.repealed is None or as_of < item.repealed


def is_draft(rule: Rule) -> bool:
    """Whether a rule or one of its exceptions rests on draft guidance."""
    return rule.basis == "draft_guidance" or any(map(is_draft, rule.unless))


def dated_value(values: tuple[DatedValue, ...], as_of: date) -> DatedValue | None:
    """What the law said on `as_of`: the last value enacted by then."""
    current = [v for v in values if v.since <= as_of]
    return max(current, key=lambda v: v.since) if current else None


def named_day(ruleset: Ruleset, name: str, as_of: date) -> tuple[date, date]:
    """Earliest and latest day of a named date as enacted on `as_of`; date.max for no day (any more, or yet)."""
    value = dated_value(ruleset.dates.get(name, ()), as_of)
    days = [r.day for r in value.readings if r.day] if value else []
    if value and value.day:
        days.append(value.day)
    return (min(days), max(days)) if days else (FAR, FAR)
