"""Rulesets of a company or of an installed package: named in the configuration, or found by entry point.

A package offers files by an entry point of the group `raicheck.rulesets` whose object is a path, or several.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from raicheck.model import Finding

GROUP = "raicheck.rulesets"


def installed_overlays() -> tuple[list[Path], list[Finding]]:
    """The ruleset files that installed packages offer, and findings on those that cannot be loaded."""
    if not any(_offers(Path(entry)) for entry in sys.path):
        return [], []
    from importlib.metadata import entry_points  # slow, and rarely needed

    paths: list[Path] = []
    findings: list[Finding] = []
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        try:
            paths += _paths(point.load())
        except Exception as error:  # any code of another package may run here
            message = f"the package that offers '{point.name}' cannot be loaded: {type(error).__name__}: {error}"
            findings.append(Finding("RC114", "error", message, None, f"mend or remove it: {point.value}"))
    return paths, findings


def _offers(folder: Path) -> bool:
    """Whether a folder of installed packages has any with the entry point; cheaper than importlib.metadata."""
    group = f"[{GROUP}]".encode()
    return any(group in f.read_bytes() for f in folder.glob("*.dist-info/entry_points.txt"))


def _paths(offered: object) -> list[Path]:
    if isinstance(offered, str | Path):
        return [Path(offered)]
    if isinstance(offered, Iterable):
        return [Path(p) for p in offered]
    raise TypeError("the entry point is neither a path nor several")
