"""Each kind of defect, seeded into a copy of the small Shop Act, is found - and the shipped rulesets have none."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import LAWS, TINY_CASES

from raicheck import Rulesets, load_rulesets, rulesets_dir
from raicheck.cases import load_cases
from raicheck.cli.rulesets import case_suites
from raicheck.lint import lint
from raicheck.model import Finding
from raicheck.provisions import Provision, load_provisions
from raicheck.source import parse

INDEX = [
    "art-1", "art-1-par-2", "art-2", "art-3", "art-3-par-2", "art-3-par-3", "art-4", "art-5", "art-6", "art-7", "art-8",
    "art-9", "art-10", "art-11", "guide",
]  # fmt: skip
PROVISIONS = {f"shop_act/{n}": Provision(f"shop_act/{n}", n, "Shop Act") for n in INDEX}


def linted(folder: Path, provisions: dict[str, Provision] = PROVISIONS) -> list[Finding]:
    """The findings of the Shop Act in `folder`; loading must succeed."""
    rulesets, findings = load_rulesets(folder)
    assert findings == []
    root, findings = parse(TINY_CASES, "cases.yaml")
    assert root is not None
    cases, findings = load_cases(root, rulesets, "tiny", "cases.yaml")
    return lint(rulesets, provisions, {"tiny": cases})


def seeded(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """A copy of the Shop Act with one thing changed."""
    folder = tmp_path / "laws"
    shutil.copytree(LAWS, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_small_law_is_clean() -> None:
    assert linted(LAWS) == []


LAW, BANK = "tiny.yaml", "questions/shop.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "said"),
    [
        # a rule that can never fire
        (LAW, "when: {shop.staff: {above: 10, max: 20}}", "when: {shop.staff: {above: 30, max: 20}}", "RC520", "art-6"),
        # an obligation that can never apply
        (LAW, "when: {label: licensed}\n    from: start\n    due: {within",
         "when: {all: [shop.open, {shop.open: no}]}\n    from: start\n    due: {within", "RC520", "report"),
        # a rule with a label that always fires
        (LAW, "when: {at_least: 2, of: [{shop.sells: beer}, {shop.sells: toys}, {shop.sells: bread}]}",
         "when: {any: [{shop.sells: beer}, {not: {shop.sells: beer}}]}", "RC521", "art-4"),
        # an exception that swallows its rule
        (LAW, "when: {all: [{shop.sells: toys}, {not: {definition: big}}]}",
         "when: {shop.sells: [beer, toys]}", "RC522", "art-3"),
        # an exception that can never apply
        (LAW, "when: {all: [{shop.sells: toys}, {not: {definition: big}}]}",
         "when: {shop.sells: none}", "RC523", "draft"),
        # an exception to the exception that can never apply
        (LAW, "when: {definition: big}}", "when: {shop.licence: no}}", "RC523", "big"),
        # a rule inside another
        (LAW, "  - id: art-5\n", "  - {id: art-4-b, title: x, cites: [shop_act/art-4], label: closed, "
         "enacted: 2026-07-01, from: 2026-12-02, when: {all: [{shop.sells: beer}, {shop.sells: toys}, shop.open]}}\n"
         "  - id: art-5\n",
         "RC524", "art-4-b"),
        # dates out of order
        (LAW, "{since: 2026-01-01, is: 2028-01-01", "{since: 2019-01-01, is: 2028-01-01", "RC525", "start"),
        (LAW, "repealed: 2026-01-01", "repealed: 2019-01-01\n    enacted: 2021-01-01", "RC525", "art-6"),
        # two conditions that contradict
        (LAW, "no_when: {shop.noise: silent}", "no_when: {shop.noise: silent}\n    yes_when: {shop.sells: beer}",
         "RC526", "nuisance"),
        (BANK, "  - {when: {shop.owner: town}, then: {shop.sells: none}}",
         "  - {when: {shop.owner: town}, then: {shop.sells: none}}\n"
         "  - {when: {shop.open: no}, then: {shop.sells: [beer]}}",
         "RC526", "shop.sells"),
        # a citation that does not exist
        (LAW, "cites: [shop_act/art-4]", "cites: [shop_act/art-44]", "RC510", "art-44"),
        # a question and an option that no rule reads
        (BANK, "implications:", "  - {id: shop.colour, ask: Which colour?, help: The door., who: painter, type: text}\n"
         "implications:", "RC512", "shop.colour"),
        (BANK, "loud: Loud}", "loud: Loud, deafening: Deafening}", "RC513", "deafening"),
        (BANK, "foils: [some]", "foils: [some, loud]", "RC513", "loud"),
        # wording
        (BANK, "ask: Is the shop open?", "ask: Is the shop a high-risk provider?", "RC514", "high-risk"),
        (BANK, "    help: Heads.\n", "", "RC515", "shop.staff"),
        # a rule without a case for and against
        (LAW, "- id: art-6\n", "- id: art-66\n", "RC516", "art-66"),
    ],
)  # fmt: skip
def test_seeded_defect_is_found(tmp_path: Path, file: str, old: str, new: str, code: str, said: str) -> None:
    found = [f for f in linted(seeded(tmp_path, file, old, new)) if f.code == code]
    assert any(said in f.message for f in found), found
    assert all(f.place for f in found)


@pytest.mark.parametrize(
    ("provision", "said"),
    [
        (Provision("shop_act/art-4", "art-4", "Shop Act", until=date(2026, 8, 1)), "was deleted"),
        (Provision("shop_act/art-4", "art-4", "Shop Act", since=date(2026, 8, 1)), "only since"),
    ],
)
def test_citation_outside_its_time(provision: Provision, said: str) -> None:
    found = [f for f in linted(LAWS, {**PROVISIONS, provision.id: provision}) if f.code == "RC511"]
    assert [said in f.message for f in found] == [True]


def test_shipped_rulesets_are_clean(shipped: Rulesets) -> None:
    folder = rulesets_dir()
    found = lint(shipped, load_provisions(folder), case_suites(folder, shipped, []))
    assert [f"{f.code} {f.message}" for f in found] == []
