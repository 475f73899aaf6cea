"""What a check found in files before, for exactly the same text, day, rules, settings and code.

A check is a function of these alone (evidence on disk apart: a spec that names any is never remembered), so the result
can be kept in the user's cache folder. A line per file: the hash of what it depends on, the hash of the rest, the rest
as packed JSON. What is missing, broken or cannot be written costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from raicheck.checked import Checked, Row
from raicheck.compiled import cache_folder
from raicheck.frozen import fields
from raicheck.model import Finding, Place
from raicheck.shipped import PACKAGE
from raicheck.source import PARSER

_MOST = 64_000_000  # bytes of one file of results: about thirty thousand specs
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
            if self._file.is_file():  # opening a pipe would wait
                self._stream = self._file.open("rb")
                self._starts = dict(_starts(self._stream))
                os.utime(self._file)

    def find(self, file: str, text: str) -> Checked | None:
        """What was found in a file with this text; None if that is not known."""
        start = self._starts.get(self._key(file, text))
        if start is None or self._stream is None:
            return None
        try:
            self._stream.seek(start + _DIGITS + 1)
            digest, _, body = self._stream.readline().rstrip(b"\n").partition(b" ")
            found = _checked(json.loads(zlib.decompress(b64decode(body)))) if digest == _hash(body) else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error):
            return None
        return found if found is not None and found.file == file else None

    def add(self, results: Iterable[tuple[str, Checked]]) -> None:
        """Keep what was found in files, each given with its text."""
        rows = [(self._key(one.file, text), _packed(one)) for text, one in results]
        lines = b"".join(b"%s %s %s\n" % (key, _hash(body), body) for key, body in rows)
        with contextlib.suppress(OSError):
            handle = os.open(self._file, os.O_APPEND | os.O_CREAT | os.O_WRONLY | getattr(os, "O_NONBLOCK", 0), 0o600)
            with os.fdopen(handle, "ab", buffering=0) as stream:
                if stream.tell() + len(lines) <= _MOST:
                    stream.write(lines)

    def _key(self, file: str, text: str) -> bytes:
        whole = b"\0".join((self._fingerprint, file.encode("utf-8", "surrogatepass"), text.encode()))
        return _hash(whole)


def results_for(code: str, *parts: object) -> tuple[Path, str] | None:
    """Where the results are that depend on some code and parts, and their fingerprint; None if none can be kept."""
    folder = cache_folder()
    if folder is None:
        return None
    forget_old(folder)
    whole = repr((code, sys.version, PARSER, parts))
    return folder, hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def code_hash(rules: str) -> str | None:
    """The hash of all code and of the rules; None if the code is not there to read."""
    digest = hashlib.sha256(rules.encode())
    modules = sorted(PACKAGE.rglob("*.py"))
    for path in modules:
        digest.update(path.read_bytes())
    return digest.hexdigest() if modules else None


def forget_old(folder: Path) -> None:
    """Remove all but the results that were used last."""
    with contextlib.suppress(OSError):
        for file in sorted(folder.glob("*.checks"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
            with contextlib.suppress(OSError):
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


def _packed(checked: Checked) -> bytes:
    return b64encode(zlib.compress(json.dumps(_plain(checked)).encode(), 1))


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
    notes = {str(code): int(count) for code, count in plain["notes"].items()}
    return Checked(plain["file"], findings, plain["name"], rows, notes=notes)


def _finding(
    code: str, severity: Any, message: str, place: Any, help_: str, cites: Any, related: Any, key: str, label: Any
) -> Finding:
    seen = tuple((_place(*at), text) for at, text in related)
    return Finding(code, severity, message, _place(*place) if place else None, help_, tuple(cites), seen, key, label)


def _place(file: str, *numbers: int) -> Place:
    return Place(str(file), *map(int, numbers))


def _row(parts: Mapping[str, Any]) -> Row:
    due = parts["next_due"]
    return Row(**{**parts, "labels": tuple(parts["labels"]), "next_due": date.fromisoformat(due) if due else None})
