"""Published answers: about a day, and about one subparagraph of a provision."""

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


def test_first_subparagraph_is_only_that(shipped: Rulesets, program: Program) -> None:
    answers = CASE.format(dated="").replace("Article 50(2)", "Article 50(4) first subparagraph")
    text = answers.replace("fires: []", "fires: [Article 50(4) second subparagraph]").replace(
        "not_public", "unreviewed"
    )
    root, _ = parse(text, "case.yaml")
    assert root is not None
    cases, findings = load_cases(root, shipped, "eu_ai_act", "case.yaml")
    assert findings == []
    assert {run.verdict for run in run_case(cases[0], program, "eu_ai_act")} == {"right"}
