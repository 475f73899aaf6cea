"""What contributes to what, in one direction and never the whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from raicheck import load_rulesets, rulesets_dir
from raicheck.assess import assess
from raicheck.cli import main
from raicheck.crosswalk import Item, check_crosswalk, crosswalk_of, load_crosswalk
from raicheck.files import load_spec_text
from raicheck.model import Finding, Rulesets

DAY = date(2026, 11, 20)
CHATBOT = """
raicheck: 1
feature: {id: bot, name: Bot, version: "1", owner: a@b.example, stage: development}
answers:
  market: {places: [us]}
  product: {technique: [learned]}
  output: {makes: [text]}
"""


@pytest.fixture(scope="module")
def rulesets() -> Rulesets:
    found, findings = load_rulesets(rulesets_dir())
    assert not findings
    return found


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    found, findings = load_crosswalk(rulesets_dir())
    assert not findings
    return found


def load(tmp_path: Path, text: str) -> tuple[tuple[Item, ...], list[Finding]]:
    (tmp_path / "crosswalk").mkdir()
    (tmp_path / "crosswalk" / "crosswalk.yaml").write_text(text, encoding="utf-8")
    return load_crosswalk(tmp_path)


def test_what_is_shipped_refers_to_obligations_that_exist(items: tuple[Item, ...], rulesets: Rulesets) -> None:
    assert check_crosswalk(items, rulesets) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("gdpr.dpia", "eu_ai_act.fria"),
        ("eu_ai_act.mark-content", "eu_ai_act.disclose-deep-fake"),
        ("iso_42001.4.4", "eu_ai_act.quality-management"),
    ],
)
def test_likeness_is_a_contribution_with_a_rest(items: tuple[Item, ...], source: str, target: str) -> None:
    (contribution,) = [c for i in items if source in i.sources for c in i.contributes if c.to == target]
    assert contribution.missing
    assert target not in {s for i in items if source in i.sources for s in i.sources}


def test_what_does_not_exist_is_found(tmp_path: Path, rulesets: Rulesets) -> None:
    text = """
format: 1
items:
  - id: dpia
    title: Assessment
    from: [gdpr.dpia]
    contributes:
      - {to: eu_ai_act.fira, covers: a, missing: b}
      - {to: gdpr.dpia, covers: a, missing: b}
"""
    found, findings = load(tmp_path, text)
    assert not findings
    first, second = check_crosswalk(found, rulesets)
    assert "eu_ai_act.fira" in first.message
    assert "fria" in first.help
    assert first.place is not None
    assert first.place.line == 8
    assert "asks for the item itself" in second.message


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{to: eu_ai_act.fria, covers: a}", "RC203"),
        ("{to: eu_ai_act.fria, covers: a, missing: ''}", "RC501"),
        ("{to: eu_ai_act.fria, covers: a, missing: b, equal: yes}", "RC202"),
    ],
)
def test_a_contribution_is_never_the_whole(tmp_path: Path, line: str, code: str) -> None:
    text = f"format: 1\nitems:\n  - id: x\n    title: X\n    from: [gdpr.dpia]\n    contributes:\n      - {line}\n"
    _, findings = load(tmp_path, text)
    assert [f.code for f in findings] == [code]


def test_an_item_twice_is_found(tmp_path: Path) -> None:
    item = "  - {id: x, title: X, from: [gdpr.dpia], contributes: []}\n"
    _, findings = load(tmp_path, "format: 1\nitems:\n" + item * 2)
    assert "twice" in findings[0].message


def uses(text: str, items: tuple[Item, ...], rulesets: Rulesets, ids: list[str]) -> dict[str, tuple[str, list[str]]]:
    spec, findings = load_spec_text(text, "bot.raicheck.yaml", rulesets)
    assert spec is not None, findings
    found = crosswalk_of(assess(spec, rulesets, DAY, ids), items)
    return {u.item.id: (u.standing, [c.to for c, _ in u.contributions]) for u in found}


def test_a_feature_sees_what_serves_what_it_owes(items: tuple[Item, ...], rulesets: Rulesets) -> None:
    found = uses(CHATBOT, items, rulesets, ["nist_ai_rmf"])
    assert found["red-team"] == ("open", ["nist_ai_rmf.gai-9"])
    assert found["literacy"] == ("not_owed", ["nist_ai_rmf.govern-2.2"])
    assert "explanation" not in found


def test_what_only_laws_ask_for_that_do_not_apply_is_left_out(items: tuple[Item, ...], rulesets: Rulesets) -> None:
    example = Path(__file__).parent.parent / "examples" / "cv-screening.raicheck.yaml"
    american = {"ccpa-risk-assessment", "bias-audit"}
    assert american <= uses(CHATBOT, items, rulesets, ["nist_ai_rmf"]).keys()
    assert not american & uses(example.read_text(encoding="utf-8"), items, rulesets, ["eu_ai_act", "gdpr"]).keys()


def test_work_that_is_done_stands(items: tuple[Item, ...], rulesets: Rulesets) -> None:
    done = "obligations:\n  nist_ai_rmf.gai-3: {progress: done}\n"
    assert uses(CHATBOT + done, items, rulesets, ["nist_ai_rmf"])["red-team"][0] == "there"


def test_the_command_shows_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "bot.raicheck.yaml"
    spec.write_text(CHATBOT, encoding="utf-8")
    assert main(["crosswalk", str(spec), "--ruleset", "nist_ai_rmf", "--as-of", "2026-11-20"]) == 0
    shown = capsys.readouterr().out
    assert "contributes to nist_ai_rmf.gai-9\n    covers: tricked prompts\n    still missing: poisoning" in shown
    assert main(["crosswalk"]) == 0
    assert "contributes to eu_ai_act.fria" in capsys.readouterr().out


def test_the_command_refuses_a_broken_spec(tmp_path: Path) -> None:
    spec = tmp_path / "bot.raicheck.yaml"
    spec.write_text("raicheck: 1\nfeatures: {}\n", encoding="utf-8")
    assert main(["crosswalk", str(spec)]) == 2
