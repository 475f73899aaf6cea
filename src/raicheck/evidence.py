"""Evidence on disk: is it there, inside the repository, and what was signed? Reads files, so it is at the edge."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from raicheck.model import Evidence, Finding, Place, Spec

_LINKS = ("https://", "http://")


def repository(spec_file: Path) -> Path:
    """The folder that holds the spec's repository: the nearest with `.git`, else the spec's own folder."""
    folder = spec_file.resolve().parent
    return next((p for p in (folder, *folder.parents) if (p / ".git").exists()), folder)


def names_evidence(spec: Spec | None) -> bool:
    """Whether what a check finds depends on other files."""
    return spec is not None and any(u.evidence for u in spec.obligations.values())


def check_evidence(spec: Spec) -> list[Finding]:
    """What is wrong with the files that a spec names as evidence. Links are not followed."""
    if not names_evidence(spec):
        return []
    file = Path(spec.file)
    top = repository(file)
    return [
        finding
        for name, undertaking in spec.obligations.items()
        for index, evidence in enumerate(undertaking.evidence)
        for finding in _one(spec, name, index, evidence, file.resolve().parent, top)
    ]


def _one(spec: Spec, name: str, index: int, evidence: Evidence, folder: Path, top: Path) -> Iterator[Finding]:
    if evidence.path.startswith(_LINKS):
        return
    route = ("obligations", name, "evidence", index)
    place = spec.place(*route, "path")
    problem = _problem(evidence, folder, top)
    if problem:
        help_ = "the path counts from the spec's folder or the top of the repository"
        yield Finding("RC411", "error", f"evidence of {name}: {problem}", place, help_, key=f"{name}/{evidence.path}")
        return
    wanted = evidence.sha256.lower()
    found = _digest(_find(evidence, folder, top))
    if wanted and wanted != found:
        yield _changed(spec.place(*route, "sha256"), name, evidence, found)


def _find(evidence: Evidence, folder: Path, top: Path) -> Path:
    """The file beside the spec, or counted from the top of the repository."""
    beside = folder / evidence.path
    return beside if beside.exists() else top / evidence.path


def _problem(evidence: Evidence, folder: Path, top: Path) -> str:
    """Why the file is no evidence; empty if it may be."""
    shown = evidence.path or "(no path)"
    try:
        file = _find(evidence, folder, top)
        inside = file.resolve().is_relative_to(top.resolve())
        if not inside:
            return f"{shown} is outside the repository"
        if not file.exists():
            return f"{shown} does not exist"
        if not file.is_file():
            return f"{shown} is no file"
        with file.open("rb") as stream:
            return "" if stream.read(1) else f"{shown} is empty"
    except (OSError, ValueError, RuntimeError) as error:  # a null byte in a path, a loop of links
        return f"{shown} cannot be read ({getattr(error, 'strerror', None) or 'not a path'})"


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _changed(place: Place | None, name: str, evidence: Evidence, found: str) -> Finding:
    when = f" on {evidence.on}" if evidence.on else ""
    message = f"evidence of {name}: {evidence.path} is not the file that was signed off{when} (its sha256 differs)"
    help_ = f"have it signed off again; sha256 now: {found}"
    return Finding("RC412", "error", message, place, help_, key=f"{name}/{evidence.path}")
