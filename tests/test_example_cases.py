"""The cases of the ten examples speak about the examples that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(ROOT.glob("examples/*.raicheck.yaml"))
CASES = yaml.safe_load((ROOT / "rulesets/cases/eu_ai_act/examples.yaml").read_text(encoding="utf-8"))["cases"]


def _read(path: Path) -> dict[str, Any]:
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(spec, dict)
    return spec


def test_every_example_has_a_case_of_its_name() -> None:
    names = {_read(p)["feature"]["id"] for p in EXAMPLES}
    assert len(names) == 10
    assert names <= {c["id"] for c in CASES}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_cases_have_the_answers_of_the_example(path: Path) -> None:
    spec = _read(path)
    name = spec["feature"]["id"]
    cases = [c for c in CASES if c["id"] == name or c["id"].startswith(f"{name}-")]
    for case in cases:
        for topic, answers in case["answers"].items():
            for fact, answer in answers.items():
                assert spec["answers"][topic][fact] == answer, f"{case['id']}: {topic}.{fact}"
    own = next(c for c in cases if c["id"] == name)
    assert own["placements"] == spec["placements"]
