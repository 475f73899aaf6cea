"""The provisions index: complete, unambiguous, dated, linked and free of law text."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from raicheck.provisions import find_provision, load_provisions
from raicheck.shipped import rulesets_dir

PROVISIONS = rulesets_dir() / "provisions"
FILES = sorted(PROVISIONS.glob("*.json"))
NODE_KEYS = {"id", "label", "heading", "link", "from", "to", "reworded", "status", "published"}
INSTRUMENT_KEYS = NODE_KEYS | {"short", "version"}
STATUS = {"law", "case_law", "final", "draft", "voluntary"}


def nodes_of(path: Path) -> list[dict[str, str]]:
    nodes: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    return nodes


NODES = [node for path in FILES for node in nodes_of(path)]
INDEX = {node["id"]: node for node in NODES}
INSTRUMENTS = {ident for ident in INDEX if "/" not in ident}


def test_every_id_is_given_once_and_is_well_formed() -> None:
    assert len(INDEX) == len(NODES)
    form = re.compile(r"[a-z][a-z0-9_]*(/[a-z0-9][a-z0-9.-]*)?")
    assert not [ident for ident in INDEX if not form.fullmatch(ident)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_node_belongs_to_an_instrument_of_its_file(path: Path) -> None:
    nodes = nodes_of(path)
    instruments = {node["id"] for node in nodes if "/" not in node["id"]}
    assert {node["id"].split("/")[0] for node in nodes} == instruments
    for ident in instruments:
        assert INDEX[ident]["status"] in STATUS
        assert INDEX[ident]["short"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_node_has_label_and_official_link_and_no_text(path: Path) -> None:
    for node in nodes_of(path):
        assert node.keys() <= (INSTRUMENT_KEYS if node["id"] in INSTRUMENTS else NODE_KEYS), node
        assert node["label"]
        assert re.fullmatch(r"https://[^\s{}]+", node["link"]), node
        assert len(node.get("heading", "")) < 250, node


def test_dates_are_dates_and_periods_are_not_empty() -> None:
    for node in NODES:
        days = {key: date.fromisoformat(node[key]) for key in ("from", "to", "reworded") if key in node}
        assert days.get("from", date.min) < days.get("to", date.max), node


def ids(text: str, instrument: str) -> list[str]:
    return [f"{instrument}/{ident}" for ident in text.split()]


CITED = [
    *ids("art-2-par-1-pt-a art-2-par-2 art-2-par-13 art-3-pt-1 art-3-pt-14 art-4 art-4a-par-2", "ai_act"),
    *[f"ai_act/art-5-par-1-pt-{point}" for point in ["a", "b", "ba", "bb", "c", "d", "e", "f", "g", "h"]],
    *ids("art-5-par-1a-pt-a-i art-5-par-1a-pt-a-ii art-5-par-1a-pt-b art-5-par-1b", "ai_act"),
    *ids("art-6-par-1-pt-a art-6-par-1-pt-b art-6-par-1a art-6-par-1b art-6-par-1c art-6-par-4", "ai_act"),
    *[f"ai_act/art-6-par-3-pt-{point}" for point in "abcd"],
    *ids("art-6-par-3-subpar-1 art-6-par-3-subpar-2 art-6-par-3-subpar-3", "ai_act"),
    *[f"ai_act/annex-i-sec-a-pt-{number}" for number in range(1, 13)],
    *[f"ai_act/annex-i-sec-b-pt-{number}" for number in range(13, 22)],
    *[
        f"ai_act/annex-iii-pt-{point}-{letter}"
        for point, last in {1: "c", 3: "d", 4: "b", 5: "d", 6: "e", 7: "d", 8: "b"}.items()
        for letter in "abcde"[: "abcde".index(last) + 1]
    ],
    "ai_act/annex-iii-pt-2",
    *[f"ai_act/art-50-par-{number}" for number in range(1, 8)],
    *ids("art-50-par-4-subpar-1 art-50-par-4-subpar-2 art-111-par-2 art-111-par-4", "ai_act"),
    *ids("art-113-pt-a art-113-pt-b art-113-pt-c art-113-pt-c-i art-113-pt-c-ii art-113-pt-d", "ai_act"),
    *[f"ai_act/art-99-par-4-pt-{point}" for point in ["a", "b", "c", "d", "da", "e", "f", "g"]],
    *ids("art-27-par-1 art-49-par-2 art-53-par-1-pt-d art-99-par-6a annex-viii-sec-b-pt-8 rec-53", "ai_act"),
    *[f"omn/rec-{number}" for number in (7, 9, 12, 13, 18, 20, 39, 40, 41, 47)],
    *ids("art-6-par-1-pt-f art-9-par-2-pt-g art-22-par-2-pt-a art-35-par-3-pt-c art-83-par-5 rec-71", "gdpr"),
    *ids("s-2-za s-3-c-ii-a s-6-9 s-7-a s-7-i s-8-3-a s-9-3 s-10-2-b s-17-2-b s-44-3 sch-1 sch-7", "dpdpa"),
    *ids("r-1-4 r-6-1-e r-7-2-b r-8-3 r-13-3 sch-1-a-1 sch-2-h sch-3-1 sch-4-a-3 sch-7-1", "dpdp_rules"),
    *ids("r-2-1-wa r-3-3-a-ii r-4-1a r-7", "it_rules"),
    *ids("7001-ddd-3-a 7150-b-6 7155-b 7200-b 7220-c-5 7221-b-1 7222-i civ-1798.140-d", "ccpa"),
    *ids("govern-1.1 manage-4.3 gai-12", "nist_ai_rmf"),
    *ids("6.1.4 a.5.2 a.10.4", "iso_42001"),
    *["aibor/1.1.2", "pair/user-needs-1", "pair/p23", "us_nyc_ll144", "us_co_sb26_189/6-1-1704-3"],
    *["cjeu/c-634-21", "cjeu/c-203-22", "edpb/opinion-28-2024", "dpf", "it_act/s-43a", "cert_in"],
    *["wp248", *[f"wp248/criterion-{number}" for number in range(1, 10)], "ccd2/art-18-par-8"],
    *["gpr/par-254", "gdef", "g50/par-93", "ggpai/par-59", "ghr/par-71", "india_ai_guidelines/part-4"],
]


@pytest.mark.parametrize("cite", CITED)
def test_what_the_fact_sheets_cite_exists(cite: str) -> None:
    assert cite in INDEX


@pytest.mark.parametrize(
    "gone",
    [
        "art-10-par-5",
        "art-10-par-5-pt-f",
        "annex-i-sec-a-pt-1",
        "annex-viii-sec-b-pt-7",
        "annex-viii-sec-b-pt-9",
    ],
)
def test_deleted_units_end_with_the_amendment(gone: str) -> None:
    assert INDEX[f"ai_act/{gone}"]["to"] == "2026-07-27"


@pytest.mark.parametrize(
    "new",
    ["art-4a", "art-5-par-1-pt-ba", "art-5-par-1a", "art-6-par-1b", "art-111-par-4", "annex-i-sec-b-pt-21"],
)
def test_inserted_units_start_with_the_amendment(new: str) -> None:
    assert INDEX[f"ai_act/{new}"]["from"] == "2026-07-27"


def test_drafts_are_marked_as_drafts() -> None:
    assert INDEX["ghr"]["status"] == "draft"
    assert INDEX["edpb/guidelines-03-2026"]["status"] == "draft"
    assert INDEX["cjeu"]["status"] == "case_law"


def test_a_label_reads_like_a_citation() -> None:
    assert INDEX["ai_act/art-6-par-3-pt-a"]["label"] == "Article 6(3), second subparagraph, point (a)"
    assert INDEX["ai_act/annex-iii-pt-5-b"]["label"] == "Annex III, point 5(b)"
    assert INDEX["dpdpa/s-8-3-a"]["label"] == "S. 8(3)(a)"


def test_the_ids_in_the_documentation_exist() -> None:
    page = (Path(__file__).parent.parent / "docs/provisions.md").read_text(encoding="utf-8")
    table = page.split("## How an id is built")[1].split("The rules behind")[0]
    named = re.findall(r"`([a-z0-9_]+(?:/[a-z0-9.-]+)?)`", table)
    assert len(named) > 40
    assert not [ident for ident in named if ident not in INDEX]


def test_finding_one_provision_gives_what_the_index_has() -> None:
    index = load_provisions(rulesets_dir())
    for cite in sorted(index)[::97]:
        assert find_provision(rulesets_dir(), cite) == index[cite]
    assert find_provision(rulesets_dir(), "ai_act/art-999") is None
    assert find_provision(rulesets_dir(), "nowhere/art-1") is None
