"""The generated documents are what their command writes."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

TOOL: dict[str, Any] = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "documents.py"))


def test_generated_documents_are_current() -> None:
    stale = [p.name for p, text in TOOL["documents"]() if not p.is_file() or p.read_text(encoding="utf-8") != text]
    assert stale == [], "run: python tools/documents.py"
