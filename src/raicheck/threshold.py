"""Which findings fail a check, and which may be set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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


class Threshold:
    """What fails a check: severities and label severities from the weakest named up, and codes. RC301 always does."""

    def __init__(self, words: Iterable[str] = DEFAULT) -> None:
        self._codes = {PROHIBITED, *words}
        self._severities = _down_to(_SEVERITIES, self._codes)
        self._labels = _down_to(_LABELS, self._codes)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding is at or above the threshold."""
        return (
            finding.severity in self._severities or finding.code in self._codes or (finding.label or "") in self._labels
        )

    def exit_code(self, findings: Iterable[Finding]) -> int:
        """2 if anything is broken, 1 if anything fails, else 0."""
        code = 0
        for finding in findings:
            if is_broken(finding):
                return 2
            code = 1 if code or self.fails(finding) else 0
        return code


def _down_to(ranked: Sequence[str], words: Collection[str]) -> frozenset[str]:
    """The words of a list that are as strong as the weakest of some, or stronger."""
    named = [i for i, word in enumerate(ranked) if word in words]
    return frozenset(ranked[: max(named) + 1] if named else ())


def may_be_set_aside(finding: Finding) -> bool:
    """Whether a baseline or an ignored code may hide a finding."""
    return not finding.code.startswith(KEPT)
