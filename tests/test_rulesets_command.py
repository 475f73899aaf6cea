"""`raicheck rulesets`, overlays, mutation, comparison: what a compliance team works with."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest
from conftest import LAWS, TINY_CASES, TODAY, spec_of

from raicheck import Program, Rulesets, assess, load_rulesets, rulesets_dir
from raicheck.cases import Case, load_cases
from raicheck.cli import main
from raicheck.compare import ruleset_changes
from raicheck.coverage import coverage
from raicheck.frozen import replace
from raicheck.mutate import Mutation, mutants
from raicheck.overlays import installed_overlays
from raicheck.render import render_rule, render_ruleset
from raicheck.source import parse

OVERLAY = """\
format: 1
ruleset: acme
title: Acme policy
kind: company
extends: tiny
checked: 2026-11-20
enacted: 2026-01-01
instruments: [{id: acme_policy, title: Acme policy}]
questions:
  - {id: acme.sign, ask: Is there a sign?, help: Yes - on the door. No - none., who: shopkeeper, type: yes_no}
labels: [{id: unsigned, title: No sign, rank: 1}]
rules:
  - {id: sign, cites: [acme_policy/1], label: unsigned, when: {all: [{rule: tiny/art-3}, {acme.sign: no}]}}
obligations:
  - {id: hang, what: Hang a sign, cites: [acme_policy/1], when: {rule: sign}, from: 2026-03-01}
"""


def cases_of(rulesets: Rulesets, text: str) -> list[Case]:
    root, findings = parse(text, "cases.yaml")
    assert root is not None
    cases, findings = load_cases(root, rulesets, "tiny", "cases.yaml")
    assert findings == []
    return cases


def overlaid(tmp_path: Path, text: str = OVERLAY) -> tuple[Rulesets, list[str]]:
    path = tmp_path / "acme.yaml"
    path.write_text(text, encoding="utf-8")
    rulesets, findings = load_rulesets(LAWS, None, [path])
    return rulesets, [f.code for f in findings]


def test_overlay_adds_beside_the_law_and_applies_where_it_does(tmp_path: Path) -> None:
    rulesets, codes = overlaid(tmp_path)
    assert codes == []
    beer = "{shop: {open: yes, owner: person, sells: [beer], licence: no}, acme: {sign: no}}"
    closed = "{shop: {open: no, sells: [beer], licence: no}, acme: {sign: no}}"
    found = assess(spec_of(rulesets, beer), rulesets, TODAY).results["acme"]
    assert [(r.id, r.status) for r in found.rules] == [("sign", "fires")]
    assert found.obligations[0].start.earliest == date(2026, 3, 1)
    assert assess(spec_of(rulesets, closed), rulesets, TODAY).results["acme"].applies is False


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("ruleset: acme", "ruleset: tiny", "RC509"),
        ("kind: company", "kind: law", "RC509"),
        ("id: acme.sign", "id: shop.open", "RC501"),
        ("tiny/art-3", "tiny/art-33", "RC502"),
        ("tiny/art-3", "gdpr/art-3", "RC502"),
        ("extends: tiny", "extends: tinny", "RC111"),
    ],
)
def test_overlay_cannot_replace_or_misname(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert code in overlaid(tmp_path, OVERLAY.replace(old, new, 1))[1]


def test_overlay_never_changes_what_the_law_says(tiny: Rulesets, tmp_path: Path) -> None:
    rulesets, _ = overlaid(tmp_path)
    answers = "{shop: {open: yes, owner: person, sells: [beer], licence: no, staff: 60}}"
    alone = assess(spec_of(tiny, answers), tiny, TODAY).results["tiny"]
    beside = assess(spec_of(rulesets, answers), rulesets, TODAY).results["tiny"]
    assert [(r.id, r.status) for r in alone.rules] == [(r.id, r.status) for r in beside.rules]
    assert [(o.id, o.applicability) for o in alone.obligations] == [(o.id, o.applicability) for o in beside.obligations]


def test_overlay_of_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme_rules.py").write_text(f"FILE = {str(tmp_path / 'acme.yaml')!r}\n", encoding="utf-8")
    info = tmp_path / "acme_rules-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1\n", encoding="utf-8")
    points = "[raicheck.rulesets]\nacme = acme_rules:FILE\nbroken = acme_rules:NOTHING\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    paths, findings = installed_overlays()
    assert paths == [tmp_path / "acme.yaml"]
    assert [f.code for f in findings] == ["RC114"]


OPERATORS = (
    "drop part",
    "instead of",
    "drop not",
    "one day later",
    "without exception",
    "without label",
    "also ",
    " for beer",
    "for everybody",
    "> 50 for >= 50",
    "without from case",
    "enacted one day later",
)
STRONG = """
format: 1
cases:
  - id: beer
    answers: {shop: {open: yes, owner: person, sells: [beer], licence: no}}
    expected: {rules: {art-3: fires}}
  - id: licence
    answers: {shop: {open: yes, owner: person, sells: [beer], licence: yes, staff: 10}}
    expected: {rules: {art-3: not_firing}}
  - id: big
    answers: {shop: {open: yes, owner: person, sells: [beer], licence: yes, staff: 50}}
    expected: {rules: {art-3: fires}}
"""


def survivors(tiny: Rulesets, text: str, rule: str) -> list[str]:
    every = [m for m in mutants(tiny, tiny.by_id["tiny"]) if (m.kind, m.id) == ("rule", rule)]
    result = Mutation(tiny, "tiny", cases_of(tiny, text)).run(every)
    return [m.change for m in result.survivors]


def test_mutation_finds_what_cases_do_not_notice(tiny: Rulesets) -> None:
    missed = survivors(tiny, STRONG, "art-3")
    assert "without exception draft" in missed
    assert "without exception licence" not in missed
    assert "licence: without exception big" not in missed
    assert len(missed) < len(survivors(tiny, "format: 1\ncases: []\n", "art-3"))


def test_equal_mutant_is_left_out(tiny: Rulesets) -> None:
    law = tiny.by_id["tiny"]
    rule = law.rules["art-3"]
    twin = replace(law, rules={**law.rules, "art-3": replace(rule, when=replace(rule.when))})
    mutant = replace(next(iter(mutants(tiny, law))), kind="rule", id="art-3", change="nothing", law=twin)
    result = Mutation(tiny, "tiny", []).run([mutant])
    assert (result.equal, result.noticed, result.survivors) == (1, 0, ())


def test_every_operator_makes_mutants(tiny: Rulesets) -> None:
    changes = " | ".join(m.change for m in mutants(tiny, tiny.by_id["tiny"]))
    for words in OPERATORS:
        assert words in changes


def test_coverage_names_what_is_missing(tiny: Rulesets) -> None:
    found = {c.name: c.lacks for c in coverage(tiny.by_id["tiny"], cases_of(tiny, TINY_CASES))}
    assert found["art-3"] == ["unknown"]
    assert found["register/old-shop"] == ["unknown"]
    assert {c.name for c in coverage(tiny.by_id["tiny"], []) if c.lacks == ["for", "against", "unknown"]} == set(found)


def test_rule_is_readable(tiny: Rulesets) -> None:
    text = render_rule(Program(tiny), tiny.by_id["tiny"], "art-3", {}, cases_of(tiny, TINY_CASES))
    for words in (
        "Selling beer",
        "“What does it sell?” is “Beer”",
        "With a licence",
        "(start)",
        "for, against",
    ):
        assert words in text
    whole = render_ruleset(Program(tiny), tiny.by_id["tiny"], {}, [])
    assert whole.count("### ") == 7
    assert "\n\n\n" not in whole


def test_changes_between_rulesets(tiny: Rulesets, tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    shutil.copytree(LAWS, folder)
    path = folder / "tiny.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("is: 2028-01-01", "is: 2029-01-01").replace("when: shop.licence", "when: {shop.licence: no}")
    path.write_text(text.replace("  - id: art-5\n", "  - id: art-55\n"), encoding="utf-8")
    now, findings = load_rulesets(folder)
    assert findings == []
    assert list(ruleset_changes(tiny.by_id, now.by_id)) == [
        "tiny: date start: 2029-01-01, before 2028-01-01",
        "tiny: rule art-3: changed (exceptions)",
        "tiny: rule art-5: removed",
        "tiny: rule art-55: new",
    ]
    assert list(ruleset_changes(tiny.by_id, tiny.by_id)) == []


def test_new_ruleset_passes_its_own_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["rulesets", "new", "acme_policy"]) == 0
    assert main(["rulesets", "test", "cases/acme_policy"]) == 0
    assert "4 passed, 0 failed" in capsys.readouterr().out
    assert main(["rulesets", "test", "cases/acme_policy", "--mutate", "-j", "1"]) == 0
    assert "100.0%" in capsys.readouterr().out
    assert main(["rulesets", "new", "acme_policy"]) == 2
    (tmp_path / "raicheck.toml").write_text('company = ["acme_policy.yaml"]\n', encoding="utf-8")
    assert main(["rulesets", "show", "acme_policy", "review"]) == 0
    shown = capsys.readouterr().out
    assert "Let somebody outside the team" in shown
    assert "Basis: the company's own rules." in shown
    assert "\nCases: " in shown


def test_lint_of_a_file_is_about_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["rulesets", "new", "acme_policy"]) == 0
    shutil.rmtree("cases")
    main(["rulesets", "lint", "acme_policy.yaml"])
    places = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("  ")]
    assert places
    assert all(line.startswith("acme_policy.yaml:") for line in places)


def test_diff_says_which_features_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(LAWS, old)
    shutil.copytree(LAWS, new)
    path = new / "tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("when: shop.licence", "when: shop.open"), encoding="utf-8")
    spec = tmp_path / "corner.raicheck.yaml"
    answers = "{shop: {open: yes, owner: person, sells: [beer], licence: no, staff: 3, noise: silent}}"
    spec.write_text(f"raicheck: 1\nanswers: {answers}\n", encoding="utf-8")
    command = ["rulesets", "diff", str(old), str(new), "--specs", str(spec), "--as-of", "2026-11-20"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "tiny: rule art-3: changed (exceptions)" in out
    assert "“Licence needed” – now excluded, before established" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rulesets", "show", "gdprr"], "did you mean 'gdpr'?"),
        (["rulesets", "show", "gdpr", "art-999"], "no rule or obligation 'art-999'"),
        (["rulesets", "new", "Acme Policy"], "small letters"),
    ],
)
def test_wrong_calls_are_explained(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_all_shipped_cases_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulesets", "test", str(rulesets_dir() / "cases")]) == 0
    assert ", 0 failed" in capsys.readouterr().out
