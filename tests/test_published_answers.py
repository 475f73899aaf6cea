"""A published answer about a day speaks of what is in force on that day."""

from __future__ import annotations

import pytest

from raicheck.cases import load_cases, run_case
from raicheck.logic import Program
from raicheck.model import Rulesets
from raicheck.source import parse

CASE = """
format: 1
cases:
  - id: marking
    as_of: [2026-09-15, 2026-12-02]
    placements: [{{market: eu, first: 2026-05-01}}]
    answers:
      product: {{technique: [learned]}}
      origin: {{built_by: us, name: ours, we: [offer]}}
      market: {{places: [eu]}}
      deployment: {{setting: organised}}
      purpose: {{areas: []}}
      output: {{makes: [text], change: [new], publication: not_public}}
    expected:
      published: {{class: example, fires: [], not: [Article 50(2)]{dated}}}
"""


@pytest.mark.parametrize(("dated", "verdicts"), [(", dated: yes", ["right", "wrong"]), ("", ["wrong", "wrong"])])
def test_verdict(shipped: Rulesets, program: Program, dated: str, verdicts: list[str]) -> None:
    root, findings = parse(CASE.format(dated=dated), "case.yaml")
    assert root is not None
    cases, more = load_cases(root, shipped, "eu_ai_act", "case.yaml")
    assert findings + more == []
    assert [run.verdict for run in run_case(cases[0], program, "eu_ai_act")] == verdicts
