"""What a report says, and that it says it as a document for lawyers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from conftest import TODAY, spec_of

from raicheck import Rulesets, Spec, assess, load_spec_file
from raicheck.cli import main
from raicheck.frozen import replace
from raicheck.logic import Program
from raicheck.model import Note
from raicheck.provisions import load_provisions
from raicheck.report.blocks import Heading, Table, blocks_of, plain
from raicheck.report.build import Source, build_report
from raicheck.report.contents import number_headings
from raicheck.report.html import render_html
from raicheck.report.markdown import to_markdown
from raicheck.report.verdict import verdict_on
from raicheck.report.view import Edition, Report
from raicheck.shipped import rulesets_dir

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NAMES = sorted(p.name.partition(".")[0] for p in EXAMPLES.glob("*.raicheck.yaml"))
BEER = "{shop: {open: yes, owner: person, sells: beer, licence: no, staff: 3}}"


def example(program: Program, name: str) -> Spec:
    spec, findings = load_spec_file(EXAMPLES / f"{name}.raicheck.yaml", program.rulesets)
    assert spec is not None, findings
    return spec


def report_on(rulesets: Rulesets | Program, spec: Spec, edition: Edition = "internal", as_of: date = TODAY) -> Report:
    source = Source(assess(spec, rulesets, as_of), b"raicheck: 1\n")
    return build_report([source], load_provisions(rulesets_dir()), edition, "1.0", [])


def html_of(report: Report) -> str:
    return number_headings(render_html(report))


def words_of(html: str) -> str:
    """The text a reader sees."""
    return to_markdown(blocks_of(html)).replace("\\", "")


@pytest.fixture(scope="module")
def reports(program: Program) -> dict[str, str]:
    return {name: html_of(report_on(program, example(program, name))) for name in NAMES}


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("nudification", "blocked"), ("call-centre-emotion", "blocked"), ("cv-screening", "obligations_open")],
)
def test_verdict(program: Program, name: str, verdict: str) -> None:
    assert verdict_on(assess(example(program, name), program, TODAY)).id == verdict


def test_a_prohibition_that_starts_later_blocks_and_says_when(program: Program) -> None:
    said = verdict_on(assess(example(program, "nudification"), program, TODAY)).sentences
    assert any("from 2 December 2026 (in 12 days)" in s for s in said)


def test_unknown_is_no_verdict_of_its_own_on_the_cover(tiny: Rulesets) -> None:
    assert verdict_on(assess(spec_of(tiny, "{}"), tiny, TODAY)).id == "undetermined"


def test_judgements_are_for_counsel(tiny: Rulesets) -> None:
    verdict = verdict_on(assess(spec_of(tiny, "{shop: {open: yes, owner: person, noise: loud}}"), tiny, TODAY))
    assert verdict.id in ("needs_counsel", "undetermined")
    assert any("judgement by counsel" in s for s in verdict.sentences) == (verdict.id == "needs_counsel")


@pytest.mark.parametrize("name", NAMES)
def test_words_that_a_report_never_uses(reports: dict[str, str], name: str) -> None:
    text = words_of(reports[name])
    assert not re.search(r"\b(compliant|non-compliant|all clear)\b", text, re.IGNORECASE)
    summary = text.partition("What is not known")[0]
    assert not re.search(r"\b(certified|clear|approved|safe)\b", summary, re.IGNORECASE)
    assert text.count("not legal advice") == 1
    assert "neither a declaration of conformity (Article 47 AI Act) nor a notification" in text


@pytest.mark.parametrize("name", NAMES)
def test_no_ids_in_running_text(reports: dict[str, str], shipped: Rulesets, name: str) -> None:
    text = re.sub(r"\]\(\S+\)", "]", words_of(reports[name]))
    rules = {r for law in shipped.by_id.values() for r in law.rules if re.search(r"-.*\d", r)}  # no ordinary words
    ids = {*shipped.bank.questions, *rules, *shipped.by_id} - {"gdpr", "dpdpa", "common"}
    found = {i for i in ids if re.search(rf"(?<![\w./-]){re.escape(i)}(?![\w/-])", text)}
    assert not found


@pytest.mark.parametrize("name", NAMES)
def test_every_citation_is_known_and_linked(reports: dict[str, str], name: str) -> None:
    cited = re.findall(r'<a href="(https?://[^"]+)">', reports[name])
    assert len(cited) > 20
    assert not re.search(r"\b(ai_act|gdpr|dpdpa) art\b", words_of(reports[name]))  # how an unknown id would read


@pytest.mark.parametrize("name", NAMES)
def test_sections_in_the_order_of_a_reviewer(reports: dict[str, str], name: str) -> None:
    sections = [plain(b.runs) for b in blocks_of(reports[name]) if isinstance(b, Heading) and b.level == 2]
    names = [s.partition(" ")[2] for s in sections]
    assert names[:2] == ["Summary", "What is not known"]
    assert names[-4:] == ["Versions of the laws", "All answers", "For signature", "Document control"]
    assert {"EU AI Act", "GDPR"} <= set(names)
    assert [s.partition(" ")[0] for s in sections] == [str(n + 1) for n in range(len(sections))]


def test_proof_goes_from_result_to_answer_and_provision(tiny: Rulesets) -> None:
    law = report_on(tiny, spec_of(tiny, BEER)).features[0].laws[0]
    (found,) = law.found
    assert found.title == "Selling beer"
    assert any(step.text == "“What does it sell?” – Beer." for step in found.proof) or found.proof
    texts = [step.text for step in found.proof]
    assert any("exception" in t for t in texts)


def test_what_does_not_apply_has_a_reason(reports: dict[str, str], program: Program) -> None:
    report = report_on(program, example(program, "cv-screening"))
    for law in report.features[0].laws:
        groups = (*law.excluded, *law.not_owed)
        assert all(g.reason and g.items for g in groups)
        assert len({g.reason for g in law.not_owed}) == len(law.not_owed)


def test_exposure_of_a_small_enterprise(program: Program) -> None:
    law = report_on(program, example(program, "cv-screening")).features[0].laws[0]
    assert law.title == "EU AI Act"
    assert law.size == "On the answers given the organisation is a small or medium-sized enterprise."
    assert any("for this organisation: the lower of the two" in e.cap for e in law.exposures)
    letters = [e.id for e in law.exposures]
    assert letters == list("ABCDEFGH"[: len(letters)])
    assert {o.exposure for o in law.owed} <= {*letters, ""}


def test_reasons_in_tables_name_options_without_their_details(program: Program) -> None:
    law = report_on(program, example(program, "cv-screening")).features[0].laws[0]
    reasons = [g.reason for g in (*law.excluded, *law.not_owed)]
    assert any("the answer does not include “Bodily signs of people”." in r for r in reasons)
    assert not any("typing rhythm" in r for r in reasons)


def test_the_cover_names_the_class_in_each_law(reports: dict[str, str]) -> None:
    cover = reports["cv-screening"].partition('class="contents"')[0]
    assert "EU AI Act: High-risk by its use (Annex III)" in cover


def test_a_nearly_empty_spec_gives_a_short_report(program: Program) -> None:
    spec = spec_of(program.rulesets, "{product: {technique: [learned]}, market: {places: [eu]}}")
    laws_only = [law.id for law in program.rulesets.by_id.values() if law.kind == "law" and law.rules]
    source = Source(assess(spec, program, TODAY, laws_only), b"raicheck: 1\n")
    report = build_report([source], load_provisions(rulesets_dir()), "internal", "1.0", [])
    (feature,) = report.features
    laws = feature.laws
    assert [law.id for law in laws if law.high] == ["eu_ai_act", "dpdpa", "gdpr"]
    assert "Colorado ADMT Act (SB 26-189)" in {a.title for a in feature.aside}
    assert all(a.settled_by and a.most for a in feature.aside)
    assert any("It is open whether more laws apply:" in s for s in feature.verdict.sentences)
    ai_act = laws[0]
    (provider,) = [r for r in ai_act.roles if r.title == "Provider"]
    assert not provider.proof
    assert "“Who built the feature?”" in provider.settled_by
    assert not ai_act.possible
    open_rules = [c.title for u in ai_act.undecided for c in u.rules]
    assert "Emotion recognition at work or in education" in open_rules
    assert len({u.settled_by for u in ai_act.undecided}) == len(ai_act.undecided)
    assert sum(len(p.items) for p in ai_act.pending) == len(ai_act.may_be_owed)
    assert not feature.practices
    words = words_of(html_of(report))
    assert "Laws that may apply too" in words
    finished = Source(assess(example(program, "cv-screening"), program, TODAY, laws_only), b"raicheck: 1\n")
    whole = build_report([finished], load_provisions(rulesets_dir()), "internal", "1.0", [])
    assert len(words) < len(words_of(html_of(whole)))  # what is not known takes no more room than what is known


def test_a_law_that_was_asked_for_alone_is_discussed(program: Program) -> None:
    spec = spec_of(program.rulesets, "{product: {technique: [learned]}, market: {places: [eu]}}")
    source = Source(assess(spec, program, TODAY, ["us_co_sb26_189"]), b"raicheck: 1\n")
    feature = build_report([source], {}, "internal", "1.0", []).features[0]
    assert [law.id for law in feature.laws] == ["us_co_sb26_189"]
    assert not feature.aside


def test_external_edition_leaves_out_notes_and_flips(program: Program) -> None:
    spec = example(program, "cv-screening")
    spec = replace(spec, notes={"decision.overrule": Note("SECRET", "someone")})
    inside = html_of(report_on(program, spec))
    outside = html_of(report_on(program, spec, "external"))
    assert "SECRET" in inside
    assert "To verify" in inside
    assert "SECRET" not in outside
    assert "To verify" not in outside
    assert "External edition" in outside


def test_flips_are_facts_to_verify_and_no_advice(reports: dict[str, str]) -> None:
    text = words_of(reports["cv-screening"])
    assert "To verify: “" in text
    assert not re.search(r"\b(should|could) answer\b", text)


def test_words_of_a_spec_stay_words(tiny: Rulesets) -> None:
    evil = '<img src="file:///etc/passwd">{{ 7*7 }}</style><script>x</script>'
    spec = replace(spec_of(tiny, BEER), feature={"name": evil, "summary": evil, "entity": evil, "owner": evil})
    html = html_of(report_on(tiny, spec))
    assert "file:///etc/passwd" in html
    assert 'src="file:' not in html
    assert "<script>" not in html
    assert "{{ 7*7 }}" in html
    assert html.count("</style>") == 1


def test_pictures_have_words(reports: dict[str, str]) -> None:
    pictures = re.findall(r'<img alt="([^"]*)" src="data:image/svg', reports["nudification"])
    assert len(pictures) == 2
    assert "EU AI Act: prohibited" in pictures[0]
    assert "2 December 2026" in pictures[1]


def test_tables_have_headings_and_fixed_columns(reports: dict[str, str]) -> None:
    tables = [b for b in blocks_of(reports["cv-screening"]) if isinstance(b, Table)]
    assert len(tables) > 10
    for table in tables[2:-1]:  # the first two and the last say one fact a line
        assert table.heads == 1
        assert len({len(row) for row in table.rows}) == 1


def test_many_features_in_one_document(program: Program) -> None:
    sources = [Source(assess(example(program, n), program, TODAY), b"x") for n in ("spam-filter", "nudification")]
    html = html_of(build_report(sources, load_provisions(rulesets_dir()), "internal", "1.0", []))
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("<h1") == 3
    assert number_headings(html).count('class="part-name"') == 2


def run(tmp_path: Path, *args: str) -> tuple[int, Path]:
    out = tmp_path / "out.html"
    code = main(["report", *args, "--as-of", "2026-11-20", "-o", str(out)])
    return code, out


def test_exit_0_whatever_the_verdict(tmp_path: Path) -> None:
    code, out = run(tmp_path, str(EXAMPLES / "nudification.raicheck.yaml"), "--ruleset", "eu_ai_act")
    assert code == 0
    assert out.is_file()
    assert "India" in out.read_text().partition("Not looked at")[2][:400]


@pytest.mark.parametrize("text", [None, "", "raicheck: 1\nanswers: {decision: {overrule: perhaps}}\n", "raicheck: [\n"])
def test_broken_input_writes_nothing(tmp_path: Path, text: str | None) -> None:
    spec = tmp_path / "a.raicheck.yaml"
    if text is not None:
        spec.write_text(text)
    code, out = run(tmp_path, str(spec))
    assert code == 2
    assert not out.exists()
    assert [p.name for p in tmp_path.iterdir()] == ([spec.name] if text is not None else [])


@pytest.mark.parametrize("name", ["out.txt", "out", "missing/out.html"])
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(EXAMPLES / "spam-filter.raicheck.yaml")
    assert main(["report", spec, "-o", str(tmp_path / name), "--as-of", "2026-11-20"]) == 2
    assert "cannot write" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_changes_since_an_earlier_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = EXAMPLES / "spam-filter.raicheck.yaml"
    assert main(["check", str(spec), "--as-of", "2026-11-19", "--format", "json"]) == 0
    earlier = tmp_path / "earlier.json"
    earlier.write_text(capsys.readouterr().out)
    changed = tmp_path / "spam-filter.raicheck.yaml"
    text = spec.read_text()
    version = re.search(r'version: "?([^"\n]+)', text)
    assert version is not None
    changed.write_text(text.replace(version.group(1), "99.9", 1))
    code, out = run(tmp_path, str(changed), "--since", str(earlier))
    assert code == 0
    words = words_of(out.read_text())
    assert "Changes since 19 November 2026" in words
    assert "Product version: “99.9”, before" in words


def test_since_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"a": 1}')
    code, out = run(tmp_path, str(EXAMPLES / "spam-filter.raicheck.yaml"), "--since", str(other))
    assert code == 2
    assert not out.exists()
    assert "neither a report" in capsys.readouterr().err


def test_brand(tmp_path: Path) -> None:
    brand = tmp_path / "brand"
    brand.mkdir()
    (brand / "brand.css").write_text("h1 { color: #aa0000 }")
    (brand / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (brand / "house.html").write_text('<section><h2 id="house">House rules</h2><p>{{ report.title }}</p></section>')
    code, out = run(tmp_path, str(EXAMPLES / "spam-filter.raicheck.yaml"), "--template", str(brand))
    html = out.read_text()
    assert code == 0
    assert "#aa0000" in html
    assert 'alt="Logo" src="data:image/svg+xml;base64,' in html
    assert "House rules</h2>" in html


def test_brand_that_changes_one_block(tmp_path: Path) -> None:
    brand = tmp_path / "brand"
    brand.mkdir()
    (brand / "report.html").write_text(
        '{% extends "raicheck/report.html" %}{% block control %}<p>Kept by {{ report.title }}</p>{% endblock %}'
    )
    code, out = run(tmp_path, str(EXAMPLES / "spam-filter.raicheck.yaml"), "--template", str(brand))
    assert code == 0
    assert "Kept by Spam filter" in out.read_text()
    assert "Document control" not in out.read_text()
    assert "For signature" in out.read_text()


def test_brand_with_a_broken_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brand = tmp_path / "brand"
    brand.mkdir()
    (brand / "house.html").write_text("{% if %}")
    code, out = run(tmp_path, str(EXAMPLES / "spam-filter.raicheck.yaml"), "--template", str(brand))
    assert code == 2
    assert not out.exists()
    assert "house.html:1" in capsys.readouterr().err


def test_policy_of_a_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme.yaml").write_text("""format: 1
ruleset: acme
title: Acme AI policy
kind: company
checked: 2026-11-20
enacted: 2026-01-01
instruments: [{id: acme_policy, title: Acme AI policy}]
obligations:
  - id: red-team
    what: Have it attacked before launch
    cites: [acme_policy/section-3.2]
    when: {purpose.areas: employment}
""")
    (tmp_path / "raicheck.toml").write_text('company = ["acme.yaml"]\n')
    spec = (EXAMPLES / "cv-screening.raicheck.yaml").read_text()
    waiver = "waivers: [{obligation: acme.red-team, reason: Tiny, approver: ciso@acme.example, until: 2027-03-01}]\n"
    (tmp_path / "cv.raicheck.yaml").write_text(spec + waiver)
    monkeypatch.chdir(tmp_path)
    code, out = run(tmp_path, "cv.raicheck.yaml")
    words = words_of(out.read_text())
    assert code == 0
    assert "Section 3.2 Acme AI policy" in words
    assert "Waived until 1 March 2027" in words
    assert re.search(r"\| Have it attacked before launch \| Tiny \| ciso@acme.example \| 1 March 2027 \|", words)


def test_where_it_is_offered_stands_on_the_cover_without_a_day(program: Program) -> None:
    spec = example(program, "spam-filter")
    assert words_of(html_of(report_on(program, spec))).count("European Union: 1 March 2024") == 1
    cover = words_of(html_of(report_on(program, replace(spec, placements=()))))
    assert "European Union: day not known" in cover
    unsaid = replace(spec, placements=(), answers={f: a for f, a in spec.answers.items() if f != "market.places"})
    assert "European Union: day not known" not in words_of(html_of(report_on(program, unsaid)))


@pytest.mark.parametrize("name", NAMES)
def test_no_more_hangs_on_an_answer_than_is_open(program: Program, name: str) -> None:
    """The numbers beside a question are of the same duties as those on the cover."""
    spec = example(program, name)
    spec = replace(spec, answers={f: a for i, (f, a) in enumerate(spec.answers.items()) if i % 3})
    (feature,) = report_on(program, spec).features
    open_ = {law.title: len(law.may_be_owed) for law in feature.laws}
    assert feature.unknowns
    for line in (line for unknown in feature.unknowns for line in unknown.hangs):
        law, _, what = line.partition(": ")
        assert what
        counted = re.search(r"(\d+) obligations?\Z", what)
        assert counted is None or int(counted[1]) <= open_.get(law, 0)
