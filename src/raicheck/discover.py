"""Which files of a folder are specs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from raicheck.model import Finding, Place

SUFFIX = ".raicheck.yaml"
NAMES = ("raicheck.yaml",)
_SKIP = {"node_modules", "__pycache__", "venv", "site-packages"}


def is_spec_name(name: str) -> bool:
    """Whether a file of this name is taken for a spec."""
    return name.endswith(SUFFIX) or name in NAMES


def find_specs(paths: Iterable[Path]) -> tuple[list[Path], list[Finding]]:
    """The specs named or below the folders named, in order, each once; folders without one are findings."""
    found: dict[Path, None] = {}
    findings: list[Finding] = []
    for path in paths:
        below = list(_below(path)) if path.is_dir() else [path]
        found.update(dict.fromkeys(below))
        if not below:
            place = Place(str(path), 1, 1, 1, 1)
            help_ = "start one with: raicheck ask NAME.raicheck.yaml"
            findings.append(Finding("RC112", "error", f"no specs (*{SUFFIX}) below this folder", place, help_))
    return list(found), findings


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):  # follows no symbolic links to folders: no loops
        folders[:] = sorted(f for f in folders if f not in _SKIP and not f.startswith("."))
        for name in sorted(files):
            if is_spec_name(name):
                yield Path(root, name)
