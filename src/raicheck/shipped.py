"""Where the files that come with raicheck are."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def rulesets_dir() -> Path:
    """The folder of questions, rulesets, cases and provisions: in the wheel beside the code, else in the repository."""
    installed = PACKAGE / "rulesets"
    return installed if installed.is_dir() else PACKAGE.parent.parent / "rulesets"
