"""Specs in Markdown documents: the YAML between the first two `---` lines."""

from __future__ import annotations

import re

SUFFIXES = (".md", ".markdown")
_BLOCK = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_OURS = re.compile(r"^raicheck[ \t]*:", re.MULTILINE)


def front_matter(text: str) -> str | None:
    """The spec in a document's front matter, which begins in line 2; None if there is none."""
    block = _BLOCK.match(text)
    return block[1] if block and _OURS.search(block[1]) else None


def may_hold_spec(head: str) -> bool:
    """Whether a document that begins with `head` may have a spec as front matter."""
    return head.startswith("---") and _OURS.search(head) is not None
