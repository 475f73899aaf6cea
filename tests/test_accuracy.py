"""The page on accuracy is what its command writes, and the dangerous errors stay at zero."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

ACCURACY: dict[str, Any] = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "accuracy.py"))


def test_page_is_current_and_nothing_dangerous_is_missed() -> None:
    found = list(ACCURACY["rows"]())
    assert found, "no published cases"
    assert [r.case.id for r in found if r.missed and not r.case.disputed] == []
    assert ACCURACY["TARGET"].read_text(encoding="utf-8") == ACCURACY["document"](found)
