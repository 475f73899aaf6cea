"""Findings that were there before: an old repository adopts the check without fixing everything first."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from raicheck.files import read_text
from raicheck.model import Finding, Place
from raicheck.threshold import may_be_set_aside

_FORMAT = 1


class Fingerprints:
    """Names findings so that moved lines and passing days do not matter: code, file, and what each is about."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._seen: Counter[str] = Counter()

    def of(self, finding: Finding) -> str:
        """The fingerprint; equal findings of one run are numbered."""
        file = Path(finding.place.file).as_posix() if finding.place else ""
        name = file.removeprefix(f"{self._folder}/")
        what = f"{finding.code}\0{name}\0{finding.key or finding.message}"
        self._seen[what] += 1
        return hashlib.sha256(f"{what}\0{self._seen[what]}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


class Baseline:
    """The fingerprints of a baseline file. What guards against prohibited practices is never in it."""

    def __init__(self, known: Iterable[str], folder: str) -> None:
        self._known = frozenset(known)
        self._fingerprints = Fingerprints(folder)

    def new(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings that are not in the baseline."""
        if not self._known:
            return tuple(findings)
        return tuple(f for f in findings if self._fingerprints.of(f) not in self._known or not may_be_set_aside(f))


def load_baseline(path: Path, folder: str) -> tuple[Baseline, list[Finding]]:
    """The baseline in a file; with a finding it is empty."""
    text, findings = read_text(path)
    try:
        data = {} if findings else json.loads(text)
        if not findings and data.get("raicheck_baseline") != _FORMAT:
            raise ValueError
        return Baseline(map(str, data.get("findings", [])), folder), findings
    except (ValueError, AttributeError, TypeError, RecursionError):
        place = Place(str(path), 1, 1, 1, 1)
        help_ = "write it anew with --write-baseline"
        return Baseline((), folder), [Finding("RC134", "error", "not a baseline file", place, help_)]


def baseline_text(findings: Iterable[Finding], folder: str) -> str:
    """A baseline file with all `findings` that may be set aside."""
    fingerprints = Fingerprints(folder)
    known = [(fingerprints.of(f), may_be_set_aside(f)) for f in findings]
    data = {"raicheck_baseline": _FORMAT, "findings": sorted(print_ for print_, kept in known if kept)}
    return json.dumps(data, indent=1) + "\n"
