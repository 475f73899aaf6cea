"""The small law and the shipped laws, loaded once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from raicheck import Rulesets, Spec, load_rulesets, load_spec_text, rulesets_dir
from raicheck.logic import Program

LAWS = Path(__file__).parent / "laws"
TODAY = date(2026, 11, 20)


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
