"""Loading: mistakes in specs and rulesets are findings with a place and the nearest right spelling."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import LAWS

from raicheck import Rulesets, load_rulesets, load_spec_file, load_spec_text
from raicheck.model import Choice


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "help_"),
    [
        ("raicheck: 1\nanswres: {}\n", "RC202", 2, 1, "did you mean 'answers'?"),
        ("answers: {}\n", "RC203", 1, 1, "add 'raicheck:'"),
        ("raicheck: 2\n", "RC210", 1, 11, "update raicheck"),
        ("raicheck: 1\nanswers:\n  shop: {opn: yes}\n", "RC207", 3, 10, "did you mean 'shop.open'?"),
        ("raicheck: 1\nanswers:\n  shop: {zzz: yes}\n", "RC207", 3, 10, "its questions: raicheck questions shop"),
        ("raicheck: 1\nanswers:\n  shoq: {zzz: yes}\n", "RC207", 3, 10, "'shop'? all topics: raicheck questions"),
        ("raicheck: 1\nanswers:\n  foo: {bar: yes}\n", "RC207", 3, 9, "all topics: raicheck questions"),
        ("raicheck: 1\nanswers:\n  shop: {open: yess}\n", "RC208", 3, 16, "did you mean 'yes'?"),
        ("raicheck: 1\nanswers:\n  shop: {owner: twon}\n", "RC208", 3, 17, "did you mean 'town'?"),
        ("raicheck: 1\nanswers:\n  shop: {sells: [bred]}\n", "RC208", 3, 18, "did you mean 'bread'?"),
        ("raicheck: 1\nanswers:\n  shop: {staff: many}\n", "RC206", 3, 17, "write digits"),
        ("raicheck: 1\nanswers:\n  shop: {staff: -5}\n", "RC206", 3, 17, "start at 0"),
        ("raicheck: 1\nfeature: {id: my shop}\n", "RC204", 2, 15, "my-shop"),
        ("raicheck: 1\nanswers:\n  shop: {staff: {at_least: 9, at_most: 3}}\n", "RC209", 3, 17, "swap"),
        ("raicheck: 1\nanswers:\n  shop: {opened: 2026-02-30}\n", "RC205", 3, 18, "2026-11-20"),
        ("raicheck: 1\nanswers:\n  shop: {sells: {has: [beer], not: [beer]}}\n", "RC209", 3, 17, "remove"),
        ("raicheck: 1\nanswers: [a]\n", "RC201", 2, 10, ""),
        ("raicheck: 1\nplacements: [{market: uk}]\n", "RC204", 2, 23, "possible: eu, in, us"),
        ("raicheck: 1\nplacements: [{market: eu, first: soon}]\n", "RC205", 2, 34, "2026-11-20"),
        ("raicheck: 1\nnotes: {shop.opn: x}\n", "RC207", 2, 9, "did you mean 'shop.open'?"),
        ("raicheck: 1\ndeterminations: [{judgement: tiny.nuisanse, answer: yes}]\n", "RC211", 2, 30, "tiny.nuisance"),
        ("raicheck: 1\nobligations: {tiny.registr: {progress: done}}\n", "RC211", 2, 15, "tiny.register"),
        ("raicheck: 1\nobligations: {tiny.register: {progress: dne}}\n", "RC204", 2, 41, "did you mean 'done'?"),
        ("raicheck: 1\ndeclared: {tiny: licenced}\n", "RC204", 2, 18, "did you mean 'licensed'?"),
    ],
)
def test_mistakes_in_a_spec(tiny: Rulesets, text: str, code: str, line: int, column: int, help_: str) -> None:
    _, findings = load_spec_text(text, "f.yaml", tiny)
    assert [(f.code, f.place and f.place.line, f.place and f.place.column) for f in findings] == [(code, line, column)]
    assert help_ in findings[0].help


def test_all_mistakes_are_collected(tiny: Rulesets) -> None:
    _, findings = load_spec_text("raicheck: 1\nx: 1\nanswers: {shop: {opn: yes, owner: twon}}\n", "f.yaml", tiny)
    assert [f.code for f in findings] == ["RC202", "RC207", "RC208"]


def test_missing_file_and_directory(tiny: Rulesets, tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        spec, findings = load_spec_file(path, tiny)
        assert spec is None
        assert [f.code for f in findings] == ["RC100"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("cites: [shop_act/art-4]\n", "cites: []\n", "RC506"),
        ("{shop.sells: beer}", "{shop.sell: beer}", "RC502"),
        ("{shop.sells: beer}", "{shop.sells: wine}", "RC503"),
        ("{definition: big}", "{definition: bigg}", "RC502"),
        ("label: licensed\n", "label: license\n", "RC502"),
        ("from: split", "from: splat", "RC502"),
        ("tier: small", "tier: smal", "RC502"),
        ("unless: [old-shop]", "unless: [young-shop]", "RC502"),
        ("roles: [keeper]\n    when", "roles: [keper]\n    when", "RC502"),
        ("{judgement: nuisance}", "{rule: art-5}", "RC507"),
        ("{judgement: nuisance}", "{label: closed}", "RC507"),
        ("- id: art-6", "- id: art-5", "RC505"),
        ("format: 1", "format: 9", "RC504"),
        ("ruleset: tiny", "ruleset: small", "RC508"),
        ("enacted: 2020-01-01", "enacted: 2020-13-01", "RC205"),
        ("at_least: 2, of", "at_least: 4, of", "RC501"),
        ("title: Nuisance", "tilte: Nuisance", "RC202"),
        ("{before: start}", "{before: stert}", "RC502"),
        ("{judgement: nuisance}", "{rule: other/x}", "RC502"),
        ("{min: 50}", "{before: 2020-01-01}", "RC202"),
    ],
)
def test_mistakes_in_a_ruleset(tmp_path: Path, old: str, new: str, code: str) -> None:
    folder = tmp_path / "laws"
    shutil.copytree(LAWS, folder)
    text = (folder / "tiny.yaml").read_text()
    assert old in text
    (folder / "tiny.yaml").write_text(text.replace(old, new))
    _, findings = load_rulesets(folder)
    assert code in [f.code for f in findings]
    assert all(f.place for f in findings)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: shop.noise", "id: shop.open", "RC505"),
        ("id: shop.noise", "id: street.noise", "RC501"),
        ("    options: {silent: Silent, some: Some noise, loud: Loud}\n", "", "RC501"),
        ("only_if: {shop.sells: beer}", "only_if: shop.licence", "RC507"),
        ("only_if: {shop.sells: beer}", "only_if: {rule: x}", "RC502"),
        ("{bread: Bread", "{unsure: Bread", "RC501"),
        ("{shop.owner: town}", "{shop.ownr: town}", "RC502"),
    ],
)
def test_mistakes_in_the_bank(tmp_path: Path, old: str, new: str, code: str) -> None:
    folder = tmp_path / "laws"
    shutil.copytree(LAWS, folder)
    file = folder / "questions" / "shop.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    _, findings = load_rulesets(folder)
    assert code in [f.code for f in findings]


def test_unknown_ruleset_is_named_with_the_nearest(tmp_path: Path) -> None:
    _, findings = load_rulesets(LAWS, ["tinny"])
    assert [(f.code, f.help) for f in findings] == [("RC111", "did you mean 'tiny'?")]


def test_retired_question_is_read_under_its_new_name(tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    shutil.copytree(LAWS, folder)
    file = folder / "questions" / "shop.yaml"
    file.write_text(file.read_text() + "retired:\n  - {id: shop.opened_today, now: shop.open, since: 2026-01-01}\n"
                    "  - {id: shop.colour, since: 2026-01-01}\n")  # fmt: skip
    rulesets, findings = load_rulesets(folder)
    assert findings == []
    spec, findings = load_spec_text("raicheck: 1\nanswers: {shop: {opened_today: no, colour: red}}\n", "f", rulesets)
    assert findings == []
    assert spec is not None
    assert list(spec.answers) == ["shop.open"]


@pytest.mark.parametrize(
    ("types", "changed"),
    [
        ("{market: eu, changed: no}", "no"),
        ("{market: eu, design_change: 2028-01-01}", "yes"),
        ("{market: eu, changed: no}, {market: eu, changed: yes}", "yes"),
        ("{market: eu, changed: no}, {market: eu}", "open"),
        ("{market: eu, changed: unsure}", "open"),
        ("{market: eu, first: 2027-01-01}", ""),
    ],
)
def test_whether_a_design_changed(shipped: Rulesets, types: str, changed: str) -> None:
    spec, findings = load_spec_text(f"raicheck: 1\nplacements: [{types}]\n", "x.raicheck.yaml", shipped)
    assert (spec is not None, findings) == (True, [])
    assert spec is not None
    answer = spec.answers.get("placement.eu_changed")
    said = {"yes": frozenset({"yes"}), "no": frozenset({"no"}), "open": frozenset({"yes", "no"})}
    assert (answer.known if answer else None) == (Choice(said[changed]) if changed else None)
    assert answer is None or answer.unsure == (changed == "open")


def test_placements_of_several_types_are_a_range(tiny: Rulesets, shipped: Rulesets) -> None:
    types = "{market: eu, type: a, first: 2027-01-01}, {market: eu, type: b, first: 2028-01-01}"
    text = f"raicheck: 1\nplacements: [{types}]\n"
    spec, findings = load_spec_text(text, "f", shipped)
    assert findings == []
    assert spec is not None
    answer = spec.answers["placement.eu_first"]
    assert answer.unsure
    assert str(answer.known) == "Interval(low=datetime.date(2027, 1, 1), high=datetime.date(2028, 1, 1))"
