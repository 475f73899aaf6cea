"""Rulesets as loaded before, kept under the hash of everything they were loaded from.

Reading the YAML of three laws takes longer than a whole check. A copy is JSON, holds its own hash, and counts only for
exactly the same files and the same code; one that is missing, broken or unwritable costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from raicheck import model
from raicheck.files import ruleset_files
from raicheck.frozen import fields, frozen
from raicheck.model import Finding, Rulesets
from raicheck.shipped import PACKAGE
from raicheck.slim import slim

_KIND_LAW = re.compile(rb"^kind:[ ]*law\b", re.MULTILINE)
_CODE = (
    "model",
    "nodes",
    "frozen",
    "source",
    "read",
    "leaves",
    "answers",
    "conditions",
    "load_bank",
    "load_ruleset",
    "references",
    "load",
    "slim",
    "compiled",
)
_CLASSES = [
    model.Bound, model.Test, model.Ref, model.Not, model.AtLeast, model.Choice, model.Subset, model.Interval,
    model.Text, model.Option, model.Question, model.Topic, model.Retired, model.Implication, model.Bank, model.Reading,
    model.DatedValue, model.StartCase, model.Rule, model.Due, model.Breach, model.Obligation, model.Label, model.Role,
    model.Definition, model.Judgement, model.Instrument, model.Penalty, model.OpenPoint, model.Ruleset, model.Rulesets,
]  # fmt: skip
_TUPLE, _SET, _MAP, _INT, _DAY, _NUMBER, _FIRST_CLASS = range(7)


@frozen
class Shelf:
    """The files of a rulesets folder: the hash of all, and which rulesets are there and are law."""

    folder: Path
    sha256: str
    ids: tuple[str, ...]
    laws: tuple[str, ...]


def read_shelf(folder: Path) -> Shelf:
    """Look at all files of a rulesets folder without reading what they mean."""
    digest = hashlib.sha256()
    for path in sorted((folder / "questions").glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + _bytes(path))
    laws = []
    files = ruleset_files(folder)
    for id_, path in files.items():
        raw = _bytes(path)
        digest.update(id_.encode() + b"\0" + raw)
        if _KIND_LAW.search(raw):
            laws.append(id_)
    return Shelf(folder, digest.hexdigest(), tuple(files), tuple(laws))


def load_compiled(
    shelf: Shelf, ids: Sequence[str], watched: Sequence[str] = (), overlays: Sequence[Path] = ()
) -> tuple[Rulesets, list[Finding]]:
    """`load_rulesets`, from a copy if there is one; of the `watched` laws only what a check needs."""
    name = compiled_name(shelf, (*ids, "", *watched), overlays)
    cache = cache_folder()
    if cache is not None and (found := _read(cache / name)) is not None:
        return found, []
    from raicheck.load import load_rulesets  # slow to import, and not needed where there is a copy

    rulesets, findings = load_rulesets(shelf.folder, [*ids, *watched], overlays)
    if findings:
        return rulesets, findings
    rulesets = slim(rulesets, watched)
    if cache is not None:
        _write(cache, name, compiled_text(rulesets))
    return rulesets, []


def compiled_text(rulesets: Rulesets) -> str:
    """The copy of rulesets: the hash of the rest, then JSON. Places are left out: nothing points into a copy."""
    table = _Table()
    table.add(rulesets)
    body = json.dumps(table.rows, ensure_ascii=False, separators=(",", ":"))
    return f"{_hash(body)}\n{body}"


def read_compiled(text: str) -> Rulesets | None:
    """The rulesets of a copy; None if it is not exactly what was written."""
    head, _, body = text.partition("\n")
    if head != _hash(body):
        return None
    rulesets = _from_table(json.loads(body))
    return rulesets if isinstance(rulesets, Rulesets) else None


def compiled_name(shelf: Shelf, ids: Iterable[str], overlays: Sequence[Path] = ()) -> str:
    """The name of a copy: the hash of all files it is made of, and of the code that makes it."""
    digest = hashlib.sha256("\0".join((shelf.sha256, *ids)).encode())
    for path in overlays:
        digest.update(str(path).encode("utf-8", "surrogateescape") + b"\0" + _bytes(path))
    for module in _CODE:
        digest.update(_bytes(PACKAGE / f"{module}.py"))
    return f"{digest.hexdigest()[:40]}.json"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def cache_folder() -> Path | None:
    """The user's cache folder; none if another user could write there."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(base) / "raicheck"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.stat()
        if not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022):
            return folder
    return None


def _read(path: Path) -> Rulesets | None:
    try:
        return read_compiled(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, IndexError, AttributeError, RecursionError):
        return None


def _write(folder: Path, name: str, text: str) -> None:
    import tempfile  # slow to import, seldom needed

    with contextlib.suppress(OSError):
        for old in sorted(folder.glob("*.json"), key=lambda p: p.stat().st_mtime)[:-8]:
            old.unlink()
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(temporary, folder / name)


# Values to a table and back: a row is [kind, part, ...]; an integer part is the number of an earlier row, any other
# part is itself. Equal values share a row, so that they are made (and compiled) once.


class _Table:
    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._known: dict[str, int] = {}

    def add(self, value: Any) -> Any:
        """The part that stands for a value."""
        match value:
            case None | str() | bool():
                return value
            case model.Place():
                return None
            case tuple():
                return self._row(_TUPLE, [self.add(v) for v in value])
            case frozenset():
                return self._row(_SET, sorted(value))
            case dict():
                return self._row(_MAP, [self.add(part) for item in value.items() for part in item])
            case int():
                return self._row(_INT, [str(value)])
            case date():
                return self._row(_DAY, [value.isoformat()])
            case Decimal():
                return self._row(_NUMBER, [str(value)])
            case _:
                parts = [self.add(getattr(value, name)) for name in fields(value)]
                return self._row(_FIRST_CLASS + _CLASSES.index(type(value)), parts)

    def _row(self, kind: int, parts: list[Any]) -> int:
        row = [kind, *parts]
        key = json.dumps(row)
        if key not in self._known:
            self._known[key] = len(self.rows)
            self.rows.append(row)
        return self._known[key]


def _from_table(rows: list[list[Any]]) -> Any:
    """The value in the last row."""
    made: list[Any] = []
    add = made.append
    for kind, *parts in rows:
        add(_MAKERS[kind](*[made[p] if type(p) is int else p for p in parts]))
    return made[-1]


_MAKERS: list[Callable[..., Any]] = [
    lambda *parts: parts,
    lambda *parts: frozenset(parts),
    lambda *parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    int,
    date.fromisoformat,
    Decimal,
    *_CLASSES,
]
