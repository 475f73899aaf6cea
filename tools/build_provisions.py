"""Write rulesets/provisions/*.json: citable provisions with label, official heading and link, no law text.

    python tools/build_provisions.py [LAW_DIR]      # LAW_DIR defaults to ../shared/law beside the repository

How an id is built (docs/provisions.md has examples): `instrument/node`, or the bare `instrument` for the act.
  ai_act, gdpr    the node id of the structure file in lower case: art-6-par-3-pt-a, annex-iii-pt-5-b, rec-53
  omn             rec-9 and art-1-pt-7-a of the amending Regulation (EU) 2026/1744
  dpdpa           DPDPA-s8(3)(a) -> s-8-3-a, DPDPA-sch-1 -> sch-1,
                  DPDPA-s7(a).illu1 -> s-7-a-illustration-1, DPDPA-s7(h).expl1 -> s-7-h-explanation-1
  dpdp_rules      DPDPR-r6(1)(e) -> r-6-1-e, DPDPR-sch4.A3 -> sch-4-a-3
  nist_ai_rmf, iso_42001, aibor, pair
                  the framework's own id in lower case without its prefix: govern-1.1, a.5.2, 1.1.2
What has no structure file is kept by hand and not touched here: ccpa, it_rules, us_state, other.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "rulesets" / "provisions"
Node = dict[str, str]

EUR_LEX = "https://eur-lex.europa.eu/eli/reg"
AMENDED = "2026-07-27"
# Deleted by Regulation (EU) 2026/1744, so absent from the consolidated text, but citable for the time before;
# each group under the unit that follows it.
DELETED = {
    "art-10-par-6": {
        "art-10-par-5": "Article 10(5)",
        **{f"art-10-par-5-pt-{letter}": f"Article 10(5), point ({letter})" for letter in "abcdef"},
    },
    "annex-i-sec-a-pt-2": {"annex-i-sec-a-pt-1": "Annex I, Section A, point 1"},
    "annex-viii-sec-b-pt-8": {"annex-viii-sec-b-pt-7": "Annex VIII, Section B, point 7"},
    "annex-viii-sec-c": {"annex-viii-sec-b-pt-9": "Annex VIII, Section B, point 9"},
}
# Units of a provision that was replaced as a whole, which its earlier wording did not have.
NEW_UNITS = re.compile(r"art-4-par-[123]|art-25-par-2-.+|art-75-par-1-.+|art-113-pt-c-i{1,2}")


def main(argv: list[str]) -> int:
    """Build every generated file and say how many provisions each one has."""
    law = Path(argv[0]) if argv else ROOT.parent / "shared" / "law"
    for name, nodes in build(law):
        write(TARGET / f"{name}.json", nodes)
        print(f"{name:12} {len(nodes):5}")
    return 0


def build(law: Path) -> Iterator[tuple[str, list[Node]]]:
    """Every generated file's name and nodes."""
    yield "ai_act", ai_act(read(law / "eu/ai_act_structure.json"))
    yield "omn", omnibus(read(law / "eu/ai_act_structure.json"), read(law / "eu/amendments.json"))
    yield "gdpr", gdpr(read(law / "eu/gdpr_structure.json"))
    india = read(law / "india/dpdpa_structure.json")
    yield "dpdpa", dpdpa(india)
    yield "dpdp_rules", dpdp_rules(india)
    yield "nist_ai_rmf", nist(read(law / "us/nist_ai_rmf.json"))
    yield "aibor", aibor(read(law / "us/ai_bill_of_rights.json"))
    yield "iso_42001", iso(read(law / "standards/iso_42001_controls.json"))
    yield "pair", pair(read(law / "standards/pair.json"))


def read(path: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, nodes: list[Node]) -> None:
    """One node a line: fast to load, and a changed provision is one changed line."""
    lines = ",\n".join(json.dumps(node, ensure_ascii=False) for node in nodes)
    path.write_text(f'{{"format": 1, "nodes": [\n{lines}\n]}}\n', encoding="utf-8")


def node(ident: str, label: str, heading: str | None, link: str | None, **more: str | None) -> Node:
    """One entry; what is not there is left out."""
    entry = {"id": ident, "label": label, "heading": heading, "link": link, **more}
    return {key: value for key, value in entry.items() if value}


def whole(ident: str, label: str, short: str, link: str | None, status: str = "law", **more: str | None) -> Node:
    """The entry of an instrument itself; its `short` name and `status` hold for all of its nodes."""
    return node(ident, label, None, link, short=short, status=status, **more)


def upper(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


# European Union


def ai_act(units: list[dict[str, Any]]) -> list[Node]:
    """The AI Act as consolidated on 27 July 2026, and what that day's amendment deleted."""
    base = f"{EUR_LEX}/2024/1689"
    title, link = "Regulation (EU) 2024/1689 (AI Act)", f"{base}/{AMENDED}/eng"
    nodes = [whole("ai_act", title, "AI Act", link, version=AMENDED)]
    for unit in units:
        if not unit["id"].startswith("omnibus-"):
            nodes += deleted_before(unit["id"].lower(), base)
            nodes.append(eu_unit("ai_act", unit, base, AMENDED))
    return nodes


def eu_unit(instrument: str, unit: dict[str, Any], base: str, version: str) -> Node:
    """The entry of one unit of a consolidated European act."""
    ident = unit["id"].lower()
    inserted = unit.get("change") == "inserted" or NEW_UNITS.fullmatch(ident)
    since = unit.get("wording_since")
    return node(
        f"{instrument}/{ident}",
        upper(unit["formal_label"]),
        clean(unit["heading"]),
        eu_link(ident, base, version),
        **{"from": since if inserted else None, "reworded": None if inserted else since},
    )


def clean(heading: str | None) -> str | None:
    """An official heading without a stray closing quote."""
    return heading.rstrip("'") if heading else None


def eu_link(ident: str, base: str, version: str) -> str:
    """The EUR-Lex page at the article, annex or recital; consolidated texts have no recitals."""
    kind, number = ident.split("-")[:2]
    if kind == "rec":
        return f"{base}/oj/eng#rct_{number}"
    return f"{base}/{version}/eng#{f'anx_{number.upper()}' if kind == 'annex' else f'art_{number}'}"


def deleted_before(ident: str, base: str) -> Iterator[Node]:
    """The deleted units that stood just before this one."""
    for gone, label in DELETED.get(ident, {}).items():
        yield node(f"ai_act/{gone}", label, None, eu_link(gone, base, "oj"), to=AMENDED)


def omnibus(units: list[dict[str, Any]], changes: dict[str, Any]) -> list[Node]:
    """The amending act: its recitals and the points of its Article 1 (they are no part of the AI Act)."""
    title, link = "Regulation (EU) 2026/1744 (Digital Omnibus on AI)", f"{EUR_LEX}/2026/1744/oj/eng"
    nodes = [whole("omn", title, "Omnibus", link, published="2026-07-24")]
    for unit in units:
        if unit["id"].startswith("omnibus-rec-"):
            number = unit["id"].rsplit("-", 1)[1]
            nodes.append(node(f"omn/rec-{number}", f"Recital ({number})", None, f"{link}#rct_{number}"))
    nodes.append(node("omn/art-1", "Article 1", None, f"{link}#art_1"))
    points = {entry["amending_point"] for entry in changes["amendments"]}
    for point in sorted(points | {re.sub(r"\([a-z]\)$", "", point) for point in points}, key=natural):
        ident = "art-1-pt-" + dashed(point.removeprefix("Article 1, point "))
        nodes.append(node(f"omn/{ident}", point, None, f"{link}#art_1"))
    return [*nodes, node("omn/art-4", "Article 4", None, f"{link}#art_4")]


def natural(text: str) -> list[str]:
    """A sort key that puts 2 before 10."""
    return [part.zfill(6) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


def dashed(text: str) -> str:
    """`(7)(a)` and `8(3)(a)` as `7-a` and `8-3-a`."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")


def gdpr(units: list[dict[str, Any]]) -> list[Node]:
    """The GDPR; its corrigenda changed wording only."""
    base, version = f"{EUR_LEX}/2016/679", "2016-05-04"
    head = whole("gdpr", "Regulation (EU) 2016/679 (GDPR)", "GDPR", f"{base}/{version}/eng", version=version)
    return [head, *(eu_unit("gdpr", unit, base, version) for unit in units)]


# India


def dpdpa(law: dict[str, Any]) -> list[Node]:
    """The Digital Personal Data Protection Act and its Schedule of penalties."""
    link = law["meta"]["official_urls"]["act"]
    title = "Digital Personal Data Protection Act, 2023 (Act 22 of 2023)"
    units = [*law["act"], *law["act_schedule"]]
    return [whole("dpdpa", title, "DPDP Act", link), *(india_unit("dpdpa", unit, link) for unit in units)]


def dpdp_rules(law: dict[str, Any]) -> list[Node]:
    """The Rules of 2025, their Schedules, the notice that started the Act and the corrigendum."""
    urls = law["meta"]["official_urls"]
    title = "Digital Personal Data Protection Rules, 2025 (G.S.R. 846(E))"
    started = "Notification G.S.R. 843(E), 13 November 2025 (commencement of the Act)"
    corrected = "Corrigendum G.S.R. 892(E), 10 December 2025"
    units = [*law["rules"], *law["rules_schedules"]]
    return [
        whole("dpdp_rules", title, "DPDP Rules", urls["rules"]),
        *(india_unit("dpdp_rules", unit, urls["rules"]) for unit in units),
        node("dpdp_rules/gsr-843", started, None, urls["commencement"]),
        node("dpdp_rules/gsr-892", corrected, None, urls["corrigendum"]),
    ]


def india_unit(instrument: str, unit: dict[str, Any], link: str) -> Node:
    """The entry of one section, rule or schedule item."""
    return node(f"{instrument}/{india_id(unit['id'])}", upper(unit["label"]), unit["heading"], link)


def india_id(ident: str) -> str:
    """`DPDPA-s8(3)(a)` as `s-8-3-a`."""
    bare = re.sub(r"^DPDP[AR]-(sch|s|r)", r"\1-", ident)
    bare = bare.replace(".illu", "-illustration-").replace(".expl", "-explanation-")
    bare = re.sub(r"\.([AB])(?=\d)", r"-\1-", bare)
    return re.sub(r"-+", "-", re.sub(r"[().]", "-", bare)).strip("-").lower()


# Frameworks and standards


def nist(law: dict[str, Any]) -> list[Node]:
    """NIST AI RMF 1.0 (functions, categories, subcategories) and the twelve risks of NIST AI 600-1."""
    link, generative = "https://doi.org/10.6028/NIST.AI.100-1", "https://doi.org/10.6028/NIST.AI.600-1"
    title = "NIST AI Risk Management Framework 1.0 (NIST AI 100-1)"
    nodes = [whole("nist_ai_rmf", title, "NIST AI RMF", link, "voluntary")]
    for function in law["functions"]:
        categories = function["categories"]
        units = [function, *(unit for each in categories for unit in (each, *each["subcategories"]))]
        for unit in units:
            nodes.append(node(f"nist_ai_rmf/{unit['id'].lower().replace(' ', '-')}", unit["id"], None, link))
    for risk in law["genai_profile_risks"]:
        label = f"NIST AI 600-1, risk {risk['n']}"
        nodes.append(node(f"nist_ai_rmf/{risk['id'].lower()}", label, risk["name"], generative))
    return nodes


def aibor(law: dict[str, Any]) -> list[Node]:
    """The Blueprint for an AI Bill of Rights: principles, groups of expectations, expectations."""
    link = "https://bidenwhitehouse.archives.gov/ostp/ai-bill-of-rights/"
    title = "Blueprint for an AI Bill of Rights (OSTP, October 2022)"
    nodes = [whole("aibor", title, "AI Bill of Rights", link, "voluntary")]
    for principle in law["principles"]:
        groups = principle["groups"]
        for unit in [principle, *(unit for group in groups for unit in (group, *group["expectations"]))]:
            number = unit["id"].removeprefix("AIBOR-")
            nodes.append(node(f"aibor/{number}", f"AI Bill of Rights {number}", unit["title"], link))
    return nodes


def iso(law: dict[str, Any]) -> list[Node]:
    """ISO/IEC 42001: clause numbers and the control list of Annex A (short titles only)."""
    link = "https://www.iso.org/standard/42001"
    title = "ISO/IEC 42001:2023 (AI management system)"
    nodes = [whole("iso_42001", title, "ISO/IEC 42001", link, "voluntary")]
    nodes += [node(f"iso_42001/{unit['id']}", f"Clause {unit['id']}", None, link) for unit in law["clauses"]]
    for area in law["annex_a"]:
        for unit in [area, *area["controls"]]:
            nodes.append(node(f"iso_42001/{unit['id'].lower()}", f"Control {unit['id']}", unit["title"], link))
    return nodes


def pair(law: dict[str, Any]) -> list[Node]:
    """Google's People + AI Guidebook: chapters, our numbered practices in them, and the 23 patterns."""
    link = "https://pair.withgoogle.com/guidebook/"
    nodes = [whole("pair", "Google PAIR, People + AI Guidebook", "PAIR Guidebook", link, "voluntary")]
    for chapter in law["chapters"]:
        ident = chapter["id"].removeprefix("PAIR-")
        nodes.append(node(f"pair/{ident}", f"Chapter {chapter['title']}", chapter["title"], link))
        for number in range(1, len(chapter["practices"]) + 1):
            nodes.append(node(f"pair/{ident}-{number}", f"{chapter['title']}, practice {number}", None, link))
    for unit in law["patterns"]:
        ident = unit["id"].removeprefix("PAIR-").lower()
        nodes.append(node(f"pair/{ident}", f"Pattern {ident.removeprefix('p')}", unit["title"], f"{link}patterns"))
    return nodes


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
