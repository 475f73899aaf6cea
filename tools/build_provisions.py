"""Write rulesets/provisions/*.json: every citable provision with its label, official heading and link, but no law text.

    python tools/build_provisions.py [LAW_DIR]      # LAW_DIR defaults to ../shared/law beside the repository

How an id is built (docs/provisions.md has examples): `instrument/node`, or the bare `instrument` for the whole act.
  ai_act, gdpr    the node id of the structure file in lower case: art-6-par-3-pt-a, annex-iii-pt-5-b, rec-53
  omn             rec-9 and art-1-pt-7-a of the amending Regulation (EU) 2026/1744
  dpdpa           DPDPA-s8(3)(a) -> s-8-3-a, .illu1 -> -illustration-1, .expl1 -> -explanation-1, DPDPA-sch-1 -> sch-1
  dpdp_rules      DPDPR-r6(1)(e) -> r-6-1-e, DPDPR-sch4.A3 -> sch-4-a-3
  it_rules, ccpa, us_*   the provision's own number with every bracket turned into a dash: r-3-3-a-ii, 7221-b-1
  nist_ai_rmf, iso_42001, aibor, pair   the framework's own id in lower case without its prefix: govern-1.1, a.5.2, 1.1.2
`other.json` is written by hand and not touched here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
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
    yield "it_rules", it_rules(read(law / "india/it_rules_sgi_2026.json"))
    yield "ccpa", ccpa(read(law / "us/ccpa_admt.json"))
    yield "us_state", us_state(read(law / "us/us_state_ai.json"))
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
    head = whole("ai_act", "Regulation (EU) 2024/1689 (AI Act)", "AI Act", f"{base}/{AMENDED}/eng", version=AMENDED)
    nodes = [head]
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
    """The amending act: its recitals and the points of its Article 1 (none of them are part of the AI Act)."""
    link = f"{EUR_LEX}/2026/1744/oj/eng"
    nodes = [whole("omn", "Regulation (EU) 2026/1744 (Digital Omnibus on AI)", "Omnibus", link, published="2026-07-24")]
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
    base = f"{EUR_LEX}/2016/679"
    head = whole("gdpr", "Regulation (EU) 2016/679 (GDPR)", "GDPR", f"{base}/2016-05-04/eng", version="2016-05-04")
    return [head, *(eu_unit("gdpr", unit, base, "2016-05-04") for unit in units)]


# India


def dpdpa(law: dict[str, Any]) -> list[Node]:
    """The Digital Personal Data Protection Act and its Schedule of penalties."""
    link = law["meta"]["official_urls"]["act"]
    title = "Digital Personal Data Protection Act, 2023 (Act 22 of 2023)"
    units = [*law["act"], *law["act_schedule"]]
    return [whole("dpdpa", title, "DPDP Act", link), *(india_unit("dpdpa", unit, link) for unit in units)]


def dpdp_rules(law: dict[str, Any]) -> list[Node]:
    """The Rules of 2025, their Schedules and the notices that started Act and Rules."""
    link = law["meta"]["official_urls"]["rules"]
    title = "Digital Personal Data Protection Rules, 2025 (G.S.R. 846(E))"
    units = [*law["rules"], *law["rules_schedules"]]
    nodes = [whole("dpdp_rules", title, "DPDP Rules", link), *(india_unit("dpdp_rules", unit, link) for unit in units)]
    urls = law["meta"]["official_urls"]
    commencement = "Notification G.S.R. 843(E), 13 November 2025 (commencement of the Act)"
    corrigendum = "Corrigendum G.S.R. 892(E), 10 December 2025"
    return [
        *nodes,
        node("dpdp_rules/gsr-843", commencement, None, urls["commencement"]),
        node("dpdp_rules/gsr-892", corrigendum, None, urls["corrigendum"]),
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


def it_rules(law: dict[str, Any]) -> list[Node]:
    """The intermediary rules on synthetically generated information."""
    link = "https://egazette.gov.in"  # searched by Gazette id: there are no deep links
    title = "IT (Intermediary Guidelines and Digital Media Ethics Code) Rules, 2021, as amended by G.S.R. 120(E) of 2026"
    nodes = [whole("it_rules", title, "IT Rules", link, gazette="CG-DL-E-10022026-269993")]
    cites = {unit["id"] for unit in [*law["definitions"], *law["duties"]]} - {"r. 2(1)(wa) proviso (a)-(c)"}
    cites |= {f"r. 2(1)(wa) proviso ({letter})" for letter in "abc"}
    cites |= {f"r. 3(3)(a)(i)({group})" for group in ("I", "II", "III", "IV")}
    cites |= {f"r. 4(1A)({letter})" for letter in "abc"} | {"r. 3(2)"}
    for cite in with_ancestors(cites):
        nodes.append(node(f"it_rules/{dashed(cite.replace('r. ', 'r-'))}", upper(cite), None, link))
    return nodes


def with_ancestors(cites: Iterable[str]) -> list[str]:
    """The citations and every provision that contains one of them: 7221(b)(1) has 7221(b) and 7221."""
    found: set[str] = set()
    for cite in cites:
        while cite not in found:
            found.add(cite)
            cite = re.sub(r"( proviso)? ?\([^()]*\)$", "", cite)
    return sorted(found, key=natural)


# United States

# The subsections that the reference material names; nothing is listed that was not read there.
CCPA_SECTIONS = """
7001(e)(1)(A)-(C) 7001(e)(2)-(3) 7001(ddd)(1)-(6) 7001(ddd)(3)(A)-(C) 7001(ddd)(4)(A)-(D) 7011(e) 7021 7102
7120(a)-(b) 7120(b)(2)(A)-(B) 7121(a)(1)-(3) 7121(b) 7122(a) 7122(g) 7123(a)-(f) 7124(a)-(b)
7150(a) 7150(b)(1)-(6) 7150(b)(2)(A) 7151(a) 7152(a)(1)-(9) 7152(a)(3)(A)-(G) 7153(a) 7154(a) 7155(a)(1)-(3) 7155(b)-(c)
7156(a)-(b) 7157(a)(1)-(2) 7157(b)(1)-(6) 7157(c)-(e) 7200(a)-(b) 7220(a)-(e) 7220(c)(1)-(5) 7220(c)(2)(A)-(B)
7220(c)(5)(A)-(C) 7221(a)-(n) 7221(b)(1)-(3) 7221(b)(1)(A)-(B) 7221(c)(4) 7222(a)-(j) 7222(b)(1)-(4)
"""
CCPA_ARTICLES = {"9": "Cybersecurity audits", "10": "Risk assessments", "11": "Automated decisionmaking technology"}
CIVIL_CODE = "1798.140(d)(1)(A)-(C) 1798.150 1798.155 1798.199.90 1798.199.95(d)"
LEGINFO = "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode={code}&sectionNum={section}."


def ccpa(law: dict[str, Any]) -> list[Node]:
    """The CCPA regulations on ADMT, risk assessments and audits, and the sections of the Civil Code they rest on."""
    link = law["meta"]["official"].split(" ")[0]
    title = "California Consumer Privacy Act: Civil Code 1798.100 ff. and 11 CCR 7000 ff. (effective 2026-01-01)"
    nodes = [whole("ccpa", title, "CCPA", link)]
    nodes += [node(f"ccpa/article-{n}", f"11 CCR, Article {n}", text, link) for n, text in CCPA_ARTICLES.items()]
    for cite in with_ancestors(spread(CCPA_SECTIONS.split())):
        nodes.append(node(f"ccpa/{dashed(cite)}", f"11 CCR § {cite}", None, link))
    for cite in with_ancestors(spread(CIVIL_CODE.split())):
        official = LEGINFO.format(code="CIV", section=cite.split("(")[0])
        nodes.append(node(f"ccpa/civ-{dashed(cite)}", f"Cal. Civ. Code § {cite}", None, official))
    return nodes


def spread(cites: Iterable[str]) -> Iterator[str]:
    """`7221(d)-(f)` as its three members."""
    for cite in cites:
        match = re.fullmatch(r"(.*)\((\w+)\)-\((\w+)\)", cite)
        if match is None:
            yield cite
        else:
            yield from (f"{match[1]}({one})" for one in between(match[2], match[3]))


def between(first: str, last: str) -> list[str]:
    """The numbers or letters from first to last."""
    if first.isdigit():
        return [str(number) for number in range(int(first), int(last) + 1)]
    return [chr(code) for code in range(ord(first), ord(last) + 1)]


# instrument id: (label of its provisions, the provisions the fact sheet names, link)
US_STATE: dict[str, tuple[str, str, str]] = {
    "US-CO-SB26-189": (
        "C.R.S. § {}",
        "6-1-1701 6-1-1702(1)-(4) 6-1-1703 6-1-1704(1)-(4) 6-1-1705(1)-(3) 6-1-1706(1)-(6) 6-1-1707 6-1-1708 6-1-1709 "
        "10-3-1104.9(3)(e)",
        "https://leg.colorado.gov/bills/sb26-189",
    ),
    "US-CO-SB24-205": (
        "Colorado SB 24-205, {}",
        "",
        "https://leg.colorado.gov/bills/sb24-205",
    ),
    "US-CO-HB26-1263": ("Colorado HB 26-1263, {}", "", "https://leg.colorado.gov/bills/hb26-1263"),
    "US-NYC-LL144": (
        "NYC Admin. Code § {}",
        "20-870 20-871 20-872 20-873 20-874",
        "https://www.nyc.gov/site/dca/about/automated-employment-decision-tools.page",
    ),
    "US-TX-TRAIGA": (
        "Tex. Bus. & Com. Code § {}",
        "551.002 552.051(b)-(d) 552.051(f) 552.052 552.053 552.054 552.055 552.056(c) 552.057 552.101 552.104 "
        "552.105(a) 552.105(e)",
        "https://statutes.capitol.texas.gov/Docs/BC/htm/BC.{chapter}.htm",
    ),
    "US-IL-HB3773": (
        "775 ILCS 5/{}",
        "2-102(L)",
        "https://www.ilga.gov/legislation/publicacts/fulltext.asp?Name=103-0804",
    ),
    "US-UT-AIPA": (
        "Utah Code § {}",
        "13-77-101 13-77-102 13-77-103(1)-(3) 13-77-104 13-77-105 13-77-106 13-72a 63I-2-213(2)",
        "https://le.utah.gov/xcode/Title13/Chapter77/13-77.html",
    ),
    "US-CA-FEHA-ADS": (
        "2 CCR § {}",
        "11008.1(a) 11009(f) 11013(c) 11016(a)(2) 11016(c)(5) 11016(d)(1) 11017(e)",
        "https://calcivilrights.ca.gov/civilrightscouncil/",
    ),
    "US-CA-SB942": (
        "Cal. Bus. & Prof. Code § {}",
        "22757 22757.1 22757.2 22757.3 22757.4 22757.5 22757.6",
        LEGINFO.replace("{code}", "BPC"),
    ),
    "US-CA-SB947": (
        "California SB 947, {}",
        "",
        "https://leginfo.legislature.ca.gov/faces/billNavClient.xhtml?bill_id=202520260SB947",
    ),
    "US-CT-PA26-15": ("Connecticut PA 26-15, {}", "", "https://www.cga.ct.gov"),
}


def us_state(law: dict[str, Any]) -> list[Node]:
    """The state and city laws, each an instrument of its own: us_co_sb26_189, us_nyc_ll144, ..."""
    nodes: list[Node] = []
    for entry in law["laws"]:
        if entry["id"] in US_STATE:
            nodes += us_law(entry, *US_STATE[entry["id"]])
    return nodes


def us_law(entry: dict[str, Any], label: str, cites: str, link: str) -> list[Node]:
    """One state law."""
    ident = entry["id"].lower().replace("-", "_")
    short = entry["name"].split(" (")[0]
    start = link.split("{")[0] if "{" in link else link
    nodes = [whole(ident, entry["name"], short, start, to=entry.get("ends"))]
    for cite in with_ancestors(spread(cites.split())):
        section = cite.split("(")[0]
        official = link.format(section=section, chapter=section.split(".")[0])
        nodes.append(node(f"{ident}/{dashed(cite)}", label.format(cite), None, official, to=entry.get("ends")))
    return nodes


def nist(law: dict[str, Any]) -> list[Node]:
    """NIST AI RMF 1.0 (functions, categories, subcategories) and the twelve risks of NIST AI 600-1."""
    link, generative = "https://doi.org/10.6028/NIST.AI.100-1", "https://doi.org/10.6028/NIST.AI.600-1"
    nodes = [whole("nist_ai_rmf", "NIST AI Risk Management Framework 1.0 (NIST AI 100-1)", "NIST AI RMF", link, "voluntary")]
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
    nodes = [whole("aibor", "Blueprint for an AI Bill of Rights (OSTP, October 2022)", "AI Bill of Rights", link, "voluntary")]
    for principle in law["principles"]:
        groups = principle["groups"]
        for unit in [principle, *(unit for group in groups for unit in (group, *group["expectations"]))]:
            number = unit["id"].removeprefix("AIBOR-")
            nodes.append(node(f"aibor/{number}", f"AI Bill of Rights {number}", unit["title"], link))
    return nodes


# Standards


def iso(law: dict[str, Any]) -> list[Node]:
    """ISO/IEC 42001: clause numbers and the control list of Annex A (short titles only)."""
    link = "https://www.iso.org/standard/42001"
    nodes = [whole("iso_42001", "ISO/IEC 42001:2023 (AI management system)", "ISO/IEC 42001", link, "voluntary")]
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
