"""Files as they were at a commit, by git itself."""

from __future__ import annotations

from pathlib import Path


def is_commit(ref: str, folder: Path) -> bool:
    """Whether `ref` names a commit of the repository that holds `folder`."""
    return _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}") is not None


def text_at(ref: str, path: Path) -> str | None:
    """The text of a file at a commit; None if it was not there, or is no text."""
    raw = _git(path.resolve().parent, "show", "--end-of-options", f"{ref}:./{path.name}")
    try:
        return None if raw is None else raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _git(folder: Path, *argv: str) -> bytes | None:
    import subprocess  # slow to import, seldom needed

    try:
        done = subprocess.run(["git", "-C", str(folder), *argv], capture_output=True, check=False)
    except OSError:  # no git here
        return None
    return done.stdout if done.returncode == 0 else None
