"""The small law and the shipped laws, loaded once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from raicheck import Rulesets, Spec, load_rulesets, load_spec_text, rulesets_dir
from raicheck.logic import Program

LAWS = Path(__file__).parent / "laws"
TODAY = date(2026, 11, 20)
TINY_CASES = """
format: 1
cases:
  - id: for
    answers: {}
    expected:
      rules: {scope: fires, art-3: fires, art-4: fires, art-5: fires, art-6: fires}
      exceptions: {scope/town: fires, art-3/licence: fires, art-3/licence/big: fires, art-3/draft: fires}
      obligations: {register: applies, report: applies}
  - id: for-2
    answers: {}
    expected: {exceptions: {register/old-shop: fires}}
  - id: against
    answers: {}
    expected:
      rules: {scope: not_firing, art-3: not_firing, art-4: not_firing, art-5: not_firing, art-6: not_firing}
      exceptions:
        {scope/town: not_firing, art-3/licence: not_firing, art-3/licence/big: not_firing, art-3/draft: not_firing,
         register/old-shop: not_firing}
      obligations: {register: not_applicable, report: not_applicable}
"""


@pytest.fixture(scope="session")
def tiny() -> Rulesets:
    """The Shop Act."""
    rulesets, findings = load_rulesets(LAWS)
    assert findings == []
    return rulesets


@pytest.fixture(scope="session")
def shipped() -> Rulesets:
    """All shipped rulesets."""
    rulesets, findings = load_rulesets(rulesets_dir())
    assert findings == []
    return rulesets


@pytest.fixture(scope="session")
def program(shipped: Rulesets) -> Program:
    """The shipped rulesets, compiled."""
    return Program(shipped)


def spec_of(rulesets: Rulesets, answers: str, rest: str = "") -> Spec:
    """A spec with the given answers (a YAML mapping in flow style)."""
    spec, findings = load_spec_text(f"raicheck: 1\nanswers: {answers}\n{rest}", "test.raicheck.yaml", rulesets)
    assert findings == []
    assert spec is not None
    return spec
