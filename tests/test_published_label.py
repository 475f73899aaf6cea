"""Published labels that name a subparagraph speak of that subparagraph only."""

from __future__ import annotations

from datetime import date

import pytest

from raicheck import Program, Rulesets, assess, load_spec_text
from raicheck.cases import provision_value

_SPEC = """
raicheck: 1
feature: {id: x, name: X, stage: live}
placements: [{market: eu, first: 2028-01-01}]
answers:
  product: {technique: [learned]}
  market: {places: [eu]}
  origin: {built_by: others, name: others_eu, we: [use], changed: []}
  deployment: {setting: organised, users: [police]}
  purpose: {areas: [biometrics, policing]}
  biometrics: {functions: [finds_out_who], timing: afterwards}
  policing: {functions: [things]}
  operation: {searched_person: first_name}
  decision: {about_people: yes, role: [evaluates], evaluates_person: no}
"""


@pytest.mark.parametrize(
    ("label", "fires"),
    [
        ("Article 26(10)", True),
        ("Article 26(10) first subparagraph (authorisation)", False),
        ("Article 26(10), third subparagraph", True),
    ],
)
def test_subparagraph(shipped: Rulesets, program: Program, label: str, fires: bool) -> None:
    spec, findings = load_spec_text(_SPEC, "x.raicheck.yaml", shipped)
    assert spec is not None
    assert not findings
    result = assess(spec, program, date(2026, 11, 20), ["eu_ai_act"]).results["eu_ai_act"]
    assert provision_value(result, label) is fires
