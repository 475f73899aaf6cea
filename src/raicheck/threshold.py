"""Which findings fail a check, and which may be set aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from raicheck.model import Finding, LabelSeverity, Severity

BROKEN = ("RC1", "RC2", "RC5")
"""Codes that say the input or the call is broken."""

PROHIBITED = "RC301"
KEPT = ("RC301", "RC302", "RC306", "RC314", *BROKEN)
"""What no baseline, exclude or ignore sets aside (codes or beginnings of codes)."""

DEFAULT = ("error",)
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_LABELS: tuple[LabelSeverity, ...] = get_args(LabelSeverity)
WORDS = (*_SEVERITIES, *_LABELS, "never")


def is_broken(finding: Finding) -> bool:
    """Whether a finding says that input cannot be used."""
    return finding.severity == "error" and finding.code.startswith(BROKEN)


def fails(finding: Finding, fail_on: Sequence[str] = DEFAULT) -> bool:
    """Whether a finding is at or above the threshold: severities, label severities or codes. RC301 always is."""
    return finding.code == PROHIBITED or any(_reaches(finding, word) for word in fail_on)


def _reaches(finding: Finding, word: str) -> bool:
    if word in _SEVERITIES:
        return _SEVERITIES.index(finding.severity) <= _SEVERITIES.index(word)
    if word in _LABELS:
        return finding.label is not None and _LABELS.index(finding.label) <= _LABELS.index(word)
    return finding.code == word


def exit_code(findings: Iterable[Finding], fail_on: Sequence[str] = DEFAULT) -> int:
    """2 if anything is broken, 1 if anything fails, else 0."""
    code = 0
    for finding in findings:
        if is_broken(finding):
            return 2
        code = 1 if code or fails(finding, fail_on) else 0
    return code


def may_be_set_aside(finding: Finding) -> bool:
    """Whether a baseline or an ignored code may hide a finding."""
    return not finding.code.startswith(KEPT)
