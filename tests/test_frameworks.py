"""Voluntary frameworks: complete, without labels, breaches and promises, and answered from facts."""

from __future__ import annotations

import re
from datetime import date

import pytest

from raicheck import load_rulesets, rulesets_dir
from raicheck.assess import assess
from raicheck.check import check
from raicheck.files import load_spec_text
from raicheck.model import Rulesets

FRAMEWORKS = {"nist_ai_rmf": 84, "iso_42001": 65, "ai_bill_of_rights": 64, "google_pair": 27}
SPEC = """
raicheck: 1
feature: {id: bot, name: Bot, version: "1", owner: a@b.example, stage: development}
answers:
  market: {places: [us]}
  product: {technique: [learned]}
  practices: {governance: [policy]}
"""


@pytest.fixture(scope="module")
def rulesets() -> Rulesets:
    found, findings = load_rulesets(rulesets_dir())
    assert not findings
    return found


@pytest.mark.parametrize(("id_", "number"), FRAMEWORKS.items())
def test_every_entry_is_a_practice_with_evidence_or_facts(rulesets: Rulesets, id_: str, number: int) -> None:
    law = rulesets.by_id[id_]
    assert law.kind == "voluntary"
    assert not law.labels
    assert not law.penalties
    assert len(law.obligations) == number
    for practice in law.obligations.values():
        assert practice.kind == "practice"
        assert practice.breach is None
        assert practice.met_when is not None


def test_the_numbers_are_those_of_the_frameworks(rulesets: Rulesets) -> None:
    nist = rulesets.by_id["nist_ai_rmf"].obligations
    counts = {f: sum(i.startswith(f) for i in nist) for f in ("govern", "map", "measure", "manage", "gai")}
    assert counts == {"govern": 19, "map": 18, "measure": 22, "manage": 13, "gai": 12}
    controls = [i for i in rulesets.by_id["iso_42001"].obligations if i.startswith("a.")]
    assert len(controls) == 38
    assert controls[0] == "a.2.2"
    assert controls[-1] == "a.10.4"


@pytest.mark.parametrize("id_", FRAMEWORKS)
def test_nothing_is_promised(id_: str) -> None:
    text = (rulesets_dir() / f"{id_}.yaml").read_text(encoding="utf-8").lower()
    assert not re.search(r"\bcompliant\b|\bcertified\b|per cent|\d ?%", text)


def test_a_practice_is_met_by_an_answer(rulesets: Rulesets) -> None:
    spec, findings = load_spec_text(SPEC, "bot.raicheck.yaml", rulesets)
    assert spec is not None, findings
    (result,) = assess(spec, rulesets, date(2026, 11, 20), ["iso_42001"]).results.values()
    progress = {o.obligation.id: o.progress for o in result.obligations}
    assert progress["5.2"] == progress["a.2.2"] == "done"
    assert progress["a.3.2"] == "open"


def test_open_practices_fail_nothing(rulesets: Rulesets) -> None:
    spec, _ = load_spec_text(SPEC, "bot.raicheck.yaml", rulesets)
    assert spec is not None
    found = check(assess(spec, rulesets, date(2026, 11, 20), list(FRAMEWORKS)))
    assert not [f for f in found if f.severity in ("error", "warning")]


@pytest.mark.parametrize(
    ("obligation", "days"),
    [
        ("opt-out-stop", "15 business days"),
        ("acknowledge", "10 business days"),
        ("access", "45 calendar days"),
        ("risk-assessment-change", "45 calendar days"),
        ("risk-assessment-produce", "30 calendar days"),
    ],
)
def test_california_counts_business_and_calendar_days(rulesets: Rulesets, obligation: str, days: str) -> None:
    due = rulesets.by_id["ccpa"].obligations[obligation].due
    assert days in str(due)
