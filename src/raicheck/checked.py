"""What a check says of one file: small, can cross processes, and can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from raicheck.frozen import frozen, replace
from raicheck.model import Finding
from raicheck.threshold import PROHIBITED


@frozen
class Row:
    """What one ruleset says about a feature, in brief.

    Where a day is disputed, `overdue` goes by the latest, `next_due` by the earliest still to come.
    """

    ruleset: str
    title: str
    applies: bool | None
    certain: str
    possible: str
    labels: tuple[str, ...]
    owed: int
    done: int
    accepted: int
    overdue: int
    next_due: date | None


NO_NOTES: Mapping[str, int] = {}


@frozen
class Checked:
    """One file: its findings, what the rulesets say if it could be read, and `notes` only counted, by code."""

    file: str
    findings: tuple[Finding, ...]
    name: str = ""
    rows: tuple[Row, ...] = ()
    assessment: dict[str, Any] | None = None
    changes: tuple[str, ...] = ()
    notes: Mapping[str, int] = NO_NOTES


def only_prohibitions(checked: Checked) -> Checked:
    """What is left of an excluded file."""
    return replace(
        checked, findings=tuple(f for f in checked.findings if f.code == PROHIBITED), assessment=None, notes=NO_NOTES
    )
