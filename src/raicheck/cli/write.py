"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Replace `path` in one step; what is no regular file (`/dev/stdout`) is written to. Raises OSError."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, data: bytes) -> None:
    """Like `write_text`."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    import tempfile  # slow to import, seldom needed

    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.resolve().parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path.resolve())
    except OSError:
        os.unlink(name)
        raise
