"""Word and Markdown say what the HTML says; the stored record fits its schema."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import jsonschema
import pytest

from raicheck import assess, load_spec_file
from raicheck.assessment_json import document
from raicheck.cli import main
from raicheck.logic import Program
from raicheck.record import Record, json_schema
from raicheck.report.blocks import Heading, Item, Paragraph, Run, Table, blocks_of, plain
from raicheck.report.markdown import to_markdown
from raicheck.report.word import to_docx

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "cv-screening.raicheck.yaml"


def written(tmp_path: Path, name: str) -> Path:
    out = tmp_path / name
    assert main(["report", str(EXAMPLE), "--as-of", "2026-11-20", "--ruleset", "gdpr", "-o", str(out)]) == 0
    return out


def test_the_same_headings_in_every_form(tmp_path: Path) -> None:
    html = [plain(b.runs) for b in blocks_of(written(tmp_path, "r.html").read_text()) if isinstance(b, Heading)]
    word = docx.Document(str(written(tmp_path, "r.docx")))
    in_word = [p.text for p in word.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    lines = written(tmp_path, "r.md").read_text().splitlines()
    in_markdown = [line.lstrip("# ").replace("\\", "") for line in lines if line.startswith("#")]
    assert in_word == html
    assert in_markdown == html


def test_the_same_tables_in_word(tmp_path: Path) -> None:
    tables = [b for b in blocks_of(written(tmp_path, "r.html").read_text()) if isinstance(b, Table)]
    word = docx.Document(str(written(tmp_path, "r.docx")))
    assert [len(t.rows) for t in word.tables] == [len(t.rows) for t in tables]
    repeated = word.tables[2].rows[0]._tr.xpath(".//w:tblHeader")
    assert len(repeated) == 1
    assert all(row._tr.xpath(".//w:cantSplit") for row in word.tables[2].rows)


def test_word_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path, "a.docx").read_bytes() == written(tmp_path, "b.docx").read_bytes()


def test_links_to_the_law_work_in_every_form(tmp_path: Path) -> None:
    word = docx.Document(str(written(tmp_path, "r.docx")))
    targets = {r.target_ref for r in word.part.rels.values() if r.is_external}
    assert any(t.startswith("https://eur-lex.europa.eu") for t in targets)
    assert "](https://eur-lex.europa.eu" in written(tmp_path, "r.md").read_text()


def test_blocks() -> None:
    html = """<h2 id="a">One <span>two</span></h2><p>Some <strong>bold</strong> and <a href="https://x">link</a>.</p>
    <ul><li>outer<ul><li>inner</li></ul></li></ul><table><thead><tr><th>H</th></tr></thead>
    <tbody><tr><td><p>1</p><p>2</p></td></tr></tbody></table><style>p {}</style>"""
    heading, paragraph, outer, inner, table = blocks_of(html)
    assert heading == Heading(2, (Run("One "), Run("two")), "a")
    assert isinstance(paragraph, Paragraph)
    assert [(r.text, r.bold, r.link) for r in paragraph.runs] == [
        ("Some ", False, ""),
        ("bold", True, ""),
        (" and ", False, ""),
        ("link", False, "https://x"),
        (".", False, ""),
    ]
    assert (outer, inner) == (Item(0, (Run("outer"),)), Item(1, (Run("inner"),)))
    assert table == Table((((((Run("H"),)),),), (((Run("1"),), (Run("2"),)),)), 1)


@pytest.mark.parametrize(
    "words",
    ["# no heading", "- no item", "1. no item", "<b>no tag</b>", "[no](link)", "`a` *b* _c_", "a | b", "![x](y)"],
)
def test_markdown_in_an_answer_stays_words(words: str) -> None:
    text = to_markdown([Paragraph((Run(words),))])
    for sign in "#<>[]`*_|!":
        assert text.count(sign) == text.count("\\" + sign)
    assert not text.startswith(("- ", "1. ", "# "))


def test_control_characters_do_not_break_word() -> None:
    from datetime import date

    made = to_docx([Paragraph((Run("a\x00b\x1bc"),))], "t", date(2026, 1, 1))
    assert "a\ufffdb\ufffdc" in [p.text for p in docx.Document(io.BytesIO(made)).paragraphs]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.raicheck.yaml")), ids=lambda p: p.name)
def test_record_fits_models_and_schema(program: Program, path: Path) -> None:
    from conftest import TODAY

    spec, _ = load_spec_file(path, program.rulesets)
    assert spec is not None
    made = document([assess(spec, program, TODAY)], [])
    Record.model_validate(made)
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(json.dumps(made)))


def test_schema_names_what_is_wrong(program: Program) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    assert not validator.is_valid({"schema_version": "1.0", "tool": {"name": "raicheck"}, "assessments": []})
