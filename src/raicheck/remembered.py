"""What a check found in files before, for exactly the same text, day, rules, settings and code.

A check is a function of these alone (evidence on disk apart: a spec that names any is never remembered), so the result
can be kept in the user's cache folder. A line per file: the hash of what it depends on, the hash of the rest, the rest
as JSON. What is missing, broken or cannot be written costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from raicheck.checked import Checked, Row
from raicheck.compiled import cache_folder
from raicheck.frozen import fields
from raicheck.model import Finding, Place
from raicheck.shipped import PACKAGE

_MOST = 64_000_000  # bytes of one file of results; a larger one is begun anew
_KEPT = 4  # files of results: one per day, rulesets and settings
_DIGITS = 32


class Remembered:
    """The results under one fingerprint: of everything but the file that is checked."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._file = folder / f"{fingerprint[:_DIGITS]}.checks"
        self._fingerprint = fingerprint.encode()
        self._stream: BinaryIO | None = None
        self._starts: dict[bytes, int] = {}
        with contextlib.suppress(OSError):
            self._stream = self._file.open("rb")
            self._starts = dict(_starts(self._stream))

    def find(self, file: str, text: str) -> Checked | None:
        """What was found in a file with this text; None if that is not known."""
        start = self._starts.get(self._key(file, text))
        if start is None or self._stream is None:
            return None
        try:
            self._stream.seek(start + _DIGITS + 1)
            digest, _, body = self._stream.readline().rstrip(b"\n").partition(b" ")
            return _checked(json.loads(body)) if digest == _hash(body) else None
        except (OSError, ValueError, TypeError, KeyError, IndexError):
            return None

    def add(self, results: Iterable[tuple[str, Checked]]) -> None:
        """Keep what was found in files, each given with its text."""
        rows = [(self._key(one.file, text), json.dumps(_plain(one)).encode()) for text, one in results]
        if rows:
            with contextlib.suppress(OSError), self._file.open("ab", buffering=0) as stream:
                stream.write(b"".join(b"%s %s %s\n" % (key, _hash(body), body) for key, body in rows))

    def _key(self, file: str, text: str) -> bytes:
        whole = b"\0".join((self._fingerprint, file.encode("utf-8", "surrogateescape"), text.encode()))
        return _hash(whole)


def results_for(*parts: object) -> tuple[Path, str] | None:
    """Where the results are that depend on these parts, and their fingerprint; None if none can be kept."""
    folder = cache_folder()
    if folder is None:
        return None
    forget_old(folder)
    return folder, fingerprint(*parts)


def fingerprint(*parts: object) -> str:
    """The hash of all code and of what else a check depends on."""
    digest = hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape"))
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def forget_old(folder: Path) -> None:
    """Remove all but the last files of results, and one that has grown too large."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("*.checks"), key=lambda p: p.stat().st_mtime)
        for file in (*files[:-_KEPT], *(f for f in files[-_KEPT:] if f.stat().st_size > _MOST)):
            file.unlink()


def _starts(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Where the line of each hash begins: the lines themselves would take most of the memory."""
    start = 0
    for line in stream:
        yield line[:_DIGITS], start
        start += len(line)


def _hash(raw: bytes) -> bytes:
    return hashlib.sha256(raw).hexdigest()[:_DIGITS].encode()


# Results as plain values and back


def _plain(checked: Checked) -> dict[str, Any]:
    return {
        "file": checked.file,
        "name": checked.name,
        "notes": checked.notes,
        "findings": [[_part(getattr(f, name)) for name in fields(Finding)] for f in checked.findings],
        "rows": [{name: _part(getattr(r, name)) for name in fields(Row)} for r in checked.rows],
    }


def _part(value: Any) -> Any:
    match value:
        case Place():
            return [getattr(value, name) for name in fields(Place)]
        case tuple():
            return [_part(v) for v in value]
        case date():
            return value.isoformat()
        case _:
            return value


def _checked(plain: Mapping[str, Any]) -> Checked:
    findings = tuple(_finding(*parts) for parts in plain["findings"])
    rows = tuple(map(_row, plain["rows"]))
    return Checked(plain["file"], findings, plain["name"], rows, notes=plain["notes"])


def _finding(
    code: str, severity: Any, message: str, place: Any, help_: str, cites: Any, related: Any, key: str, label: Any
) -> Finding:
    seen = tuple((Place(*at), text) for at, text in related)
    return Finding(code, severity, message, Place(*place) if place else None, help_, tuple(cites), seen, key, label)


def _row(parts: Mapping[str, Any]) -> Row:
    due = parts["next_due"]
    return Row(**{**parts, "labels": tuple(parts["labels"]), "next_due": date.fromisoformat(due) if due else None})
