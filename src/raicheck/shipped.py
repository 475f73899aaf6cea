"""Where the files that come with raicheck are."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def rulesets_dir() -> Path:
    """The folder of questions, rulesets, cases and provisions."""
    # In a wheel it is beside the code, in an editable install at the top of the repository.
    installed = PACKAGE / "rulesets"
    return installed if installed.is_dir() else PACKAGE.parent.parent / "rulesets"


def tool_version() -> str:
    """The version of raicheck, "source" when it runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import, seldom needed

    try:
        return version("raicheck")
    except PackageNotFoundError:
        return "source"


def codes_dir() -> Path:
    """The folder of the pages about finding codes."""
    installed = PACKAGE / "codes_pages"
    return installed if installed.is_dir() else PACKAGE.parent.parent / "docs" / "codes"
