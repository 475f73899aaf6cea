"""The pages about finding codes: `docs/codes/RCnnn.md`."""

from __future__ import annotations

import re
from functools import cache

from raicheck.shipped import codes_dir

_PAGE = re.compile(r"RC\d{3}")


@cache
def page(code: str) -> str:
    """The page about a code; empty if there is none."""
    if not _PAGE.fullmatch(code):
        return ""
    try:
        return (codes_dir() / f"{code}.md").read_text(encoding="utf-8")
    except OSError:
        return ""


def title(code: str) -> str:
    """What a code means in a few words."""
    return page(code).partition("\n")[0].lstrip("# ").partition(": ")[2]


def codes() -> list[str]:
    """All documented codes in order."""
    return sorted(p.stem for p in codes_dir().glob("RC*.md"))
