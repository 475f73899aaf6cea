"""Which files are specs: those named, and those below the folders named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from raicheck.frontmatter import SUFFIXES, may_hold_spec
from raicheck.model import Finding, Place

SUFFIX = ".raicheck.yaml"
ENDINGS = (SUFFIX, ".raicheck.yml")
NAMES = ("raicheck.yaml", "raicheck.yml")
_SKIP = {
    ".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", "node_modules",
    "__pycache__", "site-packages",
}  # fmt: skip
_HEAD = 65_536


def is_spec_name(name: str) -> bool:
    """Whether a file of this name is taken for a spec."""
    return name.endswith(ENDINGS) or name in NAMES


def find_specs(paths: Iterable[Path]) -> tuple[list[Path], list[Finding]]:
    """The specs named or below the folders named, in order, each once; a pattern or folder without one is a finding."""
    found: dict[Path, None] = {}
    findings: list[Finding] = []
    for path in paths:
        files = [f for p in _expand(path) for f in (_below(p) if os.path.isdir(p) else [p])]
        found.update(dict.fromkeys(files))
        if not files:
            place = Place(str(path), 1, 1, 1, 1)
            help_ = "start one with: raicheck ask NAME.raicheck.yaml"
            findings.append(Finding("RC112", "error", f"no specs (*{SUFFIX}) here", place, help_))
    return list(found), findings


def is_excluded(path: Path, patterns: Iterable[str], top: Path) -> bool:
    """Whether a pattern (counted from `top`) matches the file or a folder that holds it."""
    absolute = Path(os.path.abspath(path))
    name = absolute.relative_to(top).as_posix() if absolute.is_relative_to(top) else absolute.as_posix()
    parts = name.split("/")
    whole = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    return any(fnmatch(w, p.rstrip("/")) for p in patterns for w in (*whole, parts[-1]))


def _expand(path: Path) -> list[Path]:
    """A pattern such as `specs/**/*.yaml` where the shell did not expand it."""
    if any(c in str(path) for c in "*?[") and not os.path.exists(path):
        base = Path(path.anchor) if path.is_absolute() else Path()
        try:
            found = sorted(base.glob(str(path.relative_to(path.anchor) if path.anchor else path)))
        except (ValueError, OSError):  # no pattern
            return [path]
        return [p for p in found if os.path.isdir(p) or not _is_special(p)]
    return [path]


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):  # follows no symbolic links to folders: no loops
        if "pyvenv.cfg" in files:
            folders.clear()
        folders[:] = sorted(f for f in folders if f not in _SKIP)
        for name in sorted(files):
            path = Path(root, name)
            if _is_special(path):
                continue
            if is_spec_name(name) or (name.lower().endswith(SUFFIXES) and _holds_spec(path)):
                yield path


def _holds_spec(document: Path) -> bool:
    try:
        with document.open("rb") as stream:
            head = stream.read(6).removeprefix(b"\xef\xbb\xbf")
            if not head.startswith(b"---"):
                return False
            return may_hold_spec((head + stream.read(_HEAD)).decode("utf-8", "replace"))
    except (OSError, ValueError):
        return False


def _is_special(path: Path) -> bool:
    """Whether reading could wait for ever (pipes, sockets, devices); a broken link is no such thing, it is reported."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False
