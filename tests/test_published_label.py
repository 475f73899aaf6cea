"""Published labels: their styles, and that one which names a subparagraph speaks of that subparagraph only."""

from __future__ import annotations

from datetime import date

import pytest

from raicheck import Program, Rulesets, assess, load_spec_text, rulesets_dir
from raicheck.cases import node_key, provision_key, provision_value
from raicheck.provisions import load_provisions

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


@pytest.mark.parametrize(
    ("label", "node"),
    [
        ("Article 6(3)(d)", "art-6-par-3-pt-d"),
        ("Article 5(1), point (f)", "art-5-par-1-pt-f"),
        ("Art. 9 (biometrics)", "art-9"),
        ("Annex III(5)(a)", "annex-iii-pt-5-pt-a"),
        ("s.8(7) erasure", "s-8-7"),
        ("Section 43A", "s-43a"),
        ("Rule 8(1)", "r-8-1"),
        ("r. 3(3)(a)(i)", "r-3-3-a-i"),
        ("r. 4(1A)", "r-4-1a"),
        ("R. 2(1)(wa) proviso (a)", "r-2-1-wa-proviso-a"),
        ("Third Schedule", "sch-3"),
        ("Third Schedule item 2", "sch-3-2"),
        ("Fourth Schedule Part A(4)", "sch-4-a-4"),
    ],
)
def test_style(label: str, node: str) -> None:
    assert provision_key(label) == node_key(f"law/{node}")


@pytest.mark.parametrize("label", ["consent", "Rules", "Annexe", "Schedule of work", "risk of re-identification"])
def test_no_label(label: str) -> None:
    assert provision_key(label) is None


@pytest.mark.parametrize("instrument", ["dpdpa", "it_rules"])
def test_own_labels_of_indian_law(instrument: str) -> None:
    """What the index of provisions calls a section or rule is read as that section or rule."""
    index = load_provisions(rulesets_dir(), [instrument])
    own = [p for id_, p in index.items() if id_.startswith(f"{instrument}/")]
    plain = [
        p for p in own if node_key(p.id)[0] in ("s", "r") and not {"illustration", "explanation"} & set(node_key(p.id))
    ]
    assert plain
    assert [p.label for p in plain if provision_key(p.label) != node_key(p.id)] == []
