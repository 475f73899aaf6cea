"""A spec on disk while somebody answers questions: atomic replacement, other writers noticed, nothing lost."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from raicheck.frontmatter import SUFFIXES, front_matter

_BOM = b"\xef\xbb\xbf"


class Changed(Exception):
    """Somebody else has written the file since it was last read; `text` is what it says now."""

    def __init__(self, text: str | None) -> None:
        super().__init__("the file was changed by somebody else")
        self.text = text


class SpecFile:
    """A spec as last seen (in a Markdown document the front matter): `text` is None while there is none."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))
        self.is_document = path.suffix.lower() in SUFFIXES
        self.text = self._part(self._read())

    def _read(self) -> str | None:
        try:
            return self.path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            return None

    def _part(self, whole: str | None) -> str | None:
        return front_matter(whole) if whole is not None and self.is_document else whole

    def write(self, text: str) -> None:
        """Replace the spec, and the file in one step. Raises Changed (and writes nothing) or OSError."""
        with _locked(self.path.parent):
            whole = self._read()
            now = self._part(whole)
            if now != self.text:
                self.text = now
                raise Changed(now)
            self._replace(text if whole is None or now is None else _instead(whole, now, text), whole is not None)
            self.text = text

    def _replace(self, text: str, exists: bool) -> None:
        mode = 0o644
        bom = b""
        if exists:
            mode = stat.S_IMODE(self.path.stat().st_mode)
            bom = _BOM if self.path.read_bytes().startswith(_BOM) else b""
            if not mode & 0o222 or not os.access(self.path, os.W_OK):
                raise PermissionError(13, "the file is read-only", str(self.path))
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", suffix=".tmp", dir=self.path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(bom + text.encode("utf-8", "replace"))
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, mode)
            os.replace(name, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


def _instead(whole: str, part: str, new: str) -> str:
    """A document with another front matter."""
    start = whole.index(part)
    return whole[:start] + new + whole[start + len(part) :]


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time in a folder, for as long as a write takes; no lock file is left behind."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems cannot lock: then the comparison must do
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def recovery_file(path: Path, text: str) -> SpecFile | None:
    """A new file that keeps `text` when `path` cannot be written: beside it, else in the home or temporary folder."""
    stem = path.name.removesuffix(".yaml").removesuffix(".raicheck")
    for folder in (path.parent, *_elsewhere()):
        for number in range(1, 100):
            there = folder / f"{stem}.recovered-{number}.raicheck.yaml"
            if there.exists():
                continue
            try:
                made = SpecFile(there)
                made.write(text)
            except (OSError, Changed):
                break
            return made
    return None


def _elsewhere() -> Iterator[Path]:
    with contextlib.suppress(OSError, RuntimeError):
        yield Path.home()
    with contextlib.suppress(OSError):
        yield Path(tempfile.gettempdir())
