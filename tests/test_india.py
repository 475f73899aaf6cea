"""India: what cases cannot say - coverage of the Act, ceilings, clocks, numbering, progress from answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import TODAY, spec_of

from raicheck import Rulesets, assess, load_rulesets, rulesets_dir
from raicheck.model import Obligation

ROOT = Path(__file__).parent.parent
LAWS = ("dpdpa", "india_synthetic_media", "india_ai_guidelines")


@pytest.fixture(scope="module")
def india() -> Rulesets:
    rulesets, findings = load_rulesets(rulesets_dir(), LAWS)
    assert findings == []
    return rulesets


def _owed(india: Rulesets, ruleset: str, id_: str) -> Obligation:
    return india.by_id[ruleset].obligations[id_]


def test_every_unit_of_the_act_and_rules_is_spoken_for() -> None:
    """Also that docs/dpdpa-coverage.md is what the tool writes."""
    command = [sys.executable, "tools/coverage_dpdpa.py", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


def test_the_coverage_check_notices_what_is_left_out(monkeypatch: pytest.MonkeyPatch, india: Rulesets) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import coverage_dpdpa as tool

    index = tool.load_provisions(ROOT / "rulesets", ["dpdpa", "dpdp_rules"])
    listed = tool.read_reasons(tool.REASONS)
    del listed["dpdpa/s-15"]
    listed |= {"dpdpa/s-8-5": "not ours", "dpdpa/s-99": "no such unit"}
    wrong = "\n".join(tool.problems(tool.units(india.by_id["dpdpa"], index, listed), index, listed))
    assert "dpdpa/s-15: no obligation" in wrong
    assert "dpdpa/s-8-5: listed as irrelevant, but cited" in wrong
    assert "dpdpa/s-99: listed with a reason, but there is no such unit" in wrong


def test_trap_07_penalties_are_ceilings_for_significant_breaches(india: Rulesets) -> None:
    for penalty in india.by_id["dpdpa"].penalties.values():
        assert "ceiling" in penalty.max
        assert "significant" in penalty.max
        assert "%" not in penalty.max


def test_trap_15_and_16_the_yearly_assessment_runs_from_the_notification(india: Rulesets) -> None:
    dpia = _owed(india, "dpdpa", "sdf-dpia")
    assert dpia.due.every == "12 months"
    assert "day of the notification" in dpia.what
    assert "independent" in _owed(india, "dpdpa", "sdf-auditor").what


def test_trap_17_and_20_clocks(india: Rulesets) -> None:
    assert _owed(india, "dpdpa", "breach-board-first").due.within == "no delay"
    assert _owed(india, "dpdpa", "breach-people").due.within == "no delay"
    assert _owed(india, "dpdpa", "breach-board-detail").due.within.startswith("72 hours")
    assert "90 days" in _owed(india, "dpdpa", "grievances").due.within
    assert "90" not in _owed(india, "dpdpa", "access").due.within


def test_trap_24_any_way_to_identify_the_adult_is_enough(india: Rulesets) -> None:
    for way, progress in {"known": "done", "given": "done", "token": "done", "unchecked": "open"}.items():
        answers = f"""{{market: {{places: [india]}}, deployment: {{setting: organised}}, data: {{personal: yes}},
          people: {{groups: [children]}}, vendors: {{ours: [own]}},
          india: {{situation: [], status: [], child_use: [account], parent_check: {way}}}}}"""
        result = assess(spec_of(india, answers), india, TODAY, ["dpdpa"]).results["dpdpa"]
        check = next(o for o in result.obligations if o.id == "parent-check")
        assert (check.applicability, check.progress) == ("applies", progress)


def test_trap_30_the_grievance_comes_before_the_board(india: Rulesets) -> None:
    assert "dpdpa/s-13-3" in _owed(india, "dpdpa", "grievances").see


@pytest.mark.parametrize(
    ("obligation", "rule"),
    [
        ("notice", "r-3"), ("cm-registration", "r-4"), ("state-standards", "r-5"), ("security", "r-6"),
        ("breach-people", "r-7"),
        ("keep-one-year", "r-8"), ("contact", "r-9"), ("parent-check", "r-10"), ("guardian-check", "r-11"),
        ("exempt-child-limits", "r-12"), ("sdf-dpia", "r-13"), ("rights-channel", "r-14"), ("transfer-limits", "r-15"),
    ],
)  # fmt: skip
def test_trap_34_final_numbering_of_the_rules(india: Rulesets, obligation: str, rule: str) -> None:
    cites = _owed(india, "dpdpa", obligation).cites
    assert any(f"{c}-".startswith(f"dpdp_rules/{rule}-") for c in cites)


def test_trap_36_no_share_of_the_picture_is_prescribed(india: Rulesets) -> None:
    what = _owed(india, "india_synthetic_media", "label").what
    assert "%" not in what
    assert "No share of the area" in what


def test_trap_37_each_path_has_its_own_deadline(india: Rulesets) -> None:
    hours = {"orders": "3 hours", "complaints": "7 days (36 hours", "intimate-complaints": "2 hours"}
    for id_, text in hours.items():
        assert _owed(india, "india_synthetic_media", id_).due.within.startswith(text)


def test_trap_39_guidelines_are_practices_without_labels_or_breaches(india: Rulesets) -> None:
    guidelines = india.by_id["india_ai_guidelines"]
    assert guidelines.kind == "voluntary"
    assert not guidelines.labels
    assert not guidelines.penalties
    assert all(o.kind == "practice" and o.breach is None for o in guidelines.obligations.values())


def test_practices_are_met_or_open_by_the_answers(india: Rulesets) -> None:
    base = "market: {places: [india]}, product: {technique: [learned]}, data: {personal: yes}"
    about = "decision: {about_people: yes, overrule: yes}, security: {measures: [access, restore, attacks]}"
    everything = ", ".join(o.id for o in india.bank.questions["india.ai_practices"].options)
    for extra, progress in {
        f"{about}, india: {{ai_practices: [{everything}]}}": "done",
        "decision: {about_people: no}, security: {measures: []}, india: {ai_practices: []}": "open",
    }.items():
        spec = spec_of(india, f"{{{base}, {extra}}}")
        result = assess(spec, india, TODAY, ["india_ai_guidelines"]).results["india_ai_guidelines"]
        progresses = {o.id: o.progress for o in result.obligations}
        assert progresses.pop("innovation") == progresses.pop("national-security") == "open"
        assert set(progresses.values()) == {progress}


def test_readings_show_only_where_they_matter(india: Rulesets) -> None:
    """A reading that nobody has decided is an open point, never a finding."""
    base = "market: {places: [india]}, deployment: {setting: organised}, data: {personal: yes}"
    for logs, shown in {"none": True, "shorter": True, "year": False}.items():
        spec = spec_of(india, f"{{{base}, india: {{situation: [], status: [], logs: {logs}}}}}")
        points = {p.id for p in assess(spec, india, TODAY, ["dpdpa"]).results["dpdpa"].open_points}
        assert ("zero-retention" in points) is shown
        assert "start-day" in points


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/*.raicheck.yaml")), ids=lambda p: p.name)
def test_cases_of_the_examples_have_their_answers(path: Path) -> None:
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))
    name = spec["feature"]["id"]
    files = [ROOT / f"rulesets/cases/{law}/examples.yaml" for law in ("dpdpa", "india_synthetic_media")]
    cases = [c for f in files for c in yaml.safe_load(f.read_text(encoding="utf-8"))["cases"]]
    own = [c for c in cases if c["id"] == name or c["id"].startswith(f"{name}-")]
    assert own
    for case in own:
        for topic, answers in case["answers"].items():
            for fact, answer in answers.items():
                assert spec["answers"][topic][fact] == answer, f"{case['id']}: {topic}.{fact}"


@pytest.mark.parametrize(("role", "found"), [("decides", ["india.situation"]), ("informs", [])])
def test_trap_12_no_research_where_it_decides_about_people(india: Rulesets, role: str, found: list[str]) -> None:
    """Research that decides about a person is none; the answers contradict each other, loudly."""
    answers = f"""{{market: {{places: [india]}}, data: {{personal: yes}},
      decision: {{about_people: yes, role: [{role}]}},
      india: {{situation: [research], research_standards: yes}}}}"""
    facts = assess(spec_of(india, answers), india, TODAY, ["dpdpa"]).facts
    assert [c.fact for c in facts.contradictions] == found


def test_who_works_alone_is_no_state(india: Rulesets) -> None:
    answers = """{market: {places: [india]}, deployment: {setting: organised}, data: {personal: yes},
      organisation: {kind: self_employed}, vendors: {ours: [own]},
      india: {situation: [], status: [], ended: [fulfilled]}}"""
    rules = assess(spec_of(india, answers), india, TODAY, ["dpdpa"]).results["dpdpa"].rules
    assert [r.status for r in rules if r.id == "s-8-7"] == ["fires"]
