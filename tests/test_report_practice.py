"""What one piece of work contributes to, and the controls of a voluntary framework as a draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import TODAY, spec_of

from raicheck import assess
from raicheck.cli import main
from raicheck.crosswalk import Item, load_crosswalk
from raicheck.logic import Program
from raicheck.provisions import load_provisions
from raicheck.report.build import Source, build_report
from raicheck.report.contents import number_headings
from raicheck.report.html import render_html
from raicheck.report.view import Control, Feature, Report
from raicheck.shipped import rulesets_dir

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
USED = """{market: {places: [us]}, product: {technique: [learned]}, origin: {built_by: others, we: [use]},
  practices: {governance: [policy]}, operation: {suppliers: none}, model: {part: no_model}}"""


def report_of(program: Program, answers: str, ids: Sequence[str], rest: str = "") -> Report:
    items, findings = load_crosswalk(rulesets_dir())
    assert not findings
    return crossed(program, answers, ids, items, rest)


def crossed(program: Program, answers: str, ids: Sequence[str], items: Sequence[Item], rest: str = "") -> Report:
    spec = spec_of(program.rulesets, answers, rest)
    source = Source(assess(spec, program, TODAY, ids), b"x")
    return build_report([source], load_provisions(rulesets_dir()), "internal", "1.0", [], items)


def feature_of(program: Program, answers: str, ids: Sequence[str], rest: str = "") -> Feature:
    return report_of(program, answers, ids, rest).features[0]


def controls(program: Program, answers: str, rest: str = "") -> dict[str, Control]:
    (law,) = feature_of(program, answers, ["iso_42001"], rest).laws
    return {c.cites[0].text.split()[1].lower(): c for c in law.statement}


def test_a_practice_says_what_it_covers_and_what_is_missing(program: Program) -> None:
    practices = feature_of(program, USED, ["iso_42001"]).practices
    (dpia,) = [p for p in practices if p.title == "Data protection impact assessment"]
    assert dpia.standing == "Not asked for here"
    assert {c.law for c in dpia.contributes} == {"ISO/IEC 42001 (AI management system)"}
    assert [c.cites[0].text for c in dpia.contributes] == ["Clause 6.1.4 ISO/IEC 42001", "Control A.5.4 ISO/IEC 42001"]
    assert all(c.covers and c.missing for p in practices for c in p.contributes)


def test_a_practice_that_is_done_is_there(program: Program) -> None:
    rest = "obligations:\n  iso_42001.4.4: {progress: done}\n"
    ids = ["iso_42001", "nist_ai_rmf"]
    standing = {p.title: p.standing for p in feature_of(program, USED, ids).practices}
    done = {p.title: p.standing for p in feature_of(program, USED, ids, rest).practices}
    assert standing["AI management system"] == "Asked for here, still open"
    assert done["AI management system"] == "There already"


def test_what_may_apply_is_marked(program: Program) -> None:
    answers = "{market: {places: [us]}, product: {technique: [learned]}, origin: {we: [use]}}"
    practices = feature_of(program, answers, ["iso_42001", "gdpr"]).practices
    assert {c.may for p in practices for c in p.contributes} == {True, False}
    assert not [p.title for p in practices if all(c.may for c in p.contributes)]


def test_where_everything_is_open_no_practice_is_listed(program: Program) -> None:
    assert feature_of(program, "{market: {places: [us]}}", ["iso_42001"]).practices == ()


def test_no_section_without_content(program: Program) -> None:
    nothing = "{market: {places: [us]}, product: {technique: [fixed_rules]}}"
    assert feature_of(program, nothing, ["iso_42001"]).practices == ()
    assert "By practice" not in render_html(report_of(program, nothing, ["iso_42001"]))
    assert "By practice" in number_headings(render_html(report_of(program, USED, ["iso_42001"])))
    assert "By practice" not in render_html(crossed(program, USED, ["iso_42001"], ()))


def test_a_control_is_in_or_out_for_a_reason(program: Program) -> None:
    found = controls(program, USED)
    assert len(found) == 38
    assert found["a.9.2"].decision == "Included"
    assert "Use it ourselves" in found["a.9.2"].reason
    assert found["a.6.1.2"].decision == "Excluded"
    assert found["a.6.1.2"].reason.startswith("“Who built the feature?”")
    assert (found["a.6.1.2"].shown, found["a.6.1.2"].wanted) == ("", ())
    assert found["a.2.2"].reason == "Asked of every feature that the framework covers."


def test_an_exclusion_names_everything_it_rests_on(program: Program) -> None:
    reason = controls(program, USED.replace("built_by: others", "built_by: us"))["a.10.3"].reason
    assert controls(program, USED)["a.10.3"].decision == "Included"
    assert "“Do you use parts of other firms in it?” – No" in reason
    assert "“Who built the feature?” – We built it" in reason


def test_a_control_without_an_answer_is_not_decided(program: Program) -> None:
    found = controls(program, "{market: {places: [us]}, product: {technique: [learned]}}")
    assert found["a.9.2"].decision == "Not decided"
    assert "has not been answered" in found["a.9.2"].reason
    assert {c.decision for c in controls(program, "{market: {places: [us]}}").values()} == {"Not decided"}


def test_shown_by_the_answers_or_not(program: Program) -> None:
    found = controls(program, USED)
    assert found["a.2.2"].shown == "Shown by the answers"
    assert found["a.2.4"].shown == "Not shown by the answers"
    assert found["a.2.4"].wanted == ("Minutes of the last review",)
    assert found["a.2.2"].recorded == found["a.2.4"].recorded == ""


def test_what_the_team_recorded_stays_apart(program: Program) -> None:
    rest = "obligations:\n  iso_42001.a.2.4: {progress: done, owner: a@b.example, evidence: [{path: minutes.pdf}]}\n"
    control = controls(program, USED, rest)["a.2.4"]
    assert (control.shown, control.recorded) == ("Not shown by the answers", "Done · a@b.example")
    assert control.given == ("minutes.pdf",)


def test_clauses_stay_practices_and_laws_have_no_statement(program: Program) -> None:
    feature = feature_of(program, USED, ["iso_42001", "gdpr", "eu_ai_act"])
    iso = next(law for law in feature.laws if law.id == "iso_42001")
    assert len(iso.practices) == 27
    assert not {o.what for o in iso.practices} & {c.what for c in iso.statement}
    assert all(not law.statement for law in feature.laws if law.id != "iso_42001")


@pytest.mark.parametrize("name", ["cv-screening", "support-chatbot"])
def test_the_command_writes_a_draft_and_no_attestation(tmp_path: Path, name: str) -> None:
    out = tmp_path / "soa.md"
    spec = EXAMPLES / f"{name}.raicheck.yaml"
    assert main(["report", str(spec), "-o", str(out), "--ruleset", "iso_42001", "--as-of", "2026-11-20"]) == 0
    text = out.read_text(encoding="utf-8")
    assert "Statement of Applicability (draft)" in text
    assert "By practice" in text
    said = text.partition("Statement of Applicability (draft)")[2].partition("All answers")[0]
    assert not re.search(r"\b(compliant|certified|conforms)\b|\d ?%", said, re.IGNORECASE)
