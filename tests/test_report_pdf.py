"""The PDF: archivable, accessible, the same bytes every time, and closed to the outside."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from conftest import TODAY, spec_of

from raicheck import Rulesets, assess
from raicheck.cli import main
from raicheck.frozen import replace
from raicheck.model import Note
from raicheck.report.attach import files_in, record_in
from raicheck.report.build import Source, build_report
from raicheck.report.contents import number_headings
from raicheck.report.html import render_html
from raicheck.report.pdf import _fetcher, render_pdf

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "cv-screening.raicheck.yaml"
BEER = "{shop: {open: yes, owner: person, sells: beer, licence: no, staff: 3}}"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "cv.pdf"
    assert main(["report", str(EXAMPLE), "--as-of", "2026-11-20", "-o", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def pdf(file: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(file) as opened:
        yield opened


def small(rulesets: Rulesets, answers: str = BEER, notes: dict[str, Note] | None = None, **feature: str) -> bytes:
    """The PDF of a report under the Shop Act."""
    spec = replace(spec_of(rulesets, answers), feature={"name": "Shop", **feature}, notes=notes or {})
    report = build_report([Source(assess(spec, rulesets, TODAY), b"x")], {}, "internal", "1.0", [])
    return render_pdf(number_headings(render_html(report, fonts=True)), TODAY)


def text_of(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def fonts_of(path: Path) -> list[list[str]]:
    listed = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    return [line.split() for line in listed.splitlines()[2:]]


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """All elements of the tag tree."""
    kids = node.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_archivable_and_accessible(pdf: pikepdf.Pdf) -> None:
    xmp = bytes(pdf.Root.Metadata.read_bytes()).decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp or 'pdfaid:part="3"' in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp or 'pdfaid:conformance="A"' in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert xmp.count("<rdf:RDF") == 1
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.docinfo.Title) == "Report for legal review: CV screening"


def test_tags(pdf: pikepdf.Pdf) -> None:
    tags = [str(e.S) for e in elements(pdf.Root.StructTreeRoot)]
    for wanted in ("/H1", "/H2", "/H3", "/P", "/L", "/LI", "/LBody", "/Table", "/TR", "/TH", "/TD", "/Figure", "/Link"):
        assert wanted in tags, wanted
    figures = [e for e in elements(pdf.Root.StructTreeRoot) if str(e.S) == "/Figure"]
    assert all(len(str(f.Alt)) > 40 for f in figures)


def test_bookmarks_and_links(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        sections = [item.title for item in outline.root[0].children]
    assert "1 Summary" in sections
    assert any(s.endswith("For signature") for s in sections)
    links = [a for page in pdf.pages for a in page.get("/Annots", ()) if a.Subtype == "/Link"]
    assert sum("/A" in a and str(a.A.get("/URI", "")).startswith("https://eur-lex") for a in links) > 50
    assert sum("/Dest" in a or ("/A" in a and a.A.S == "/GoTo") for a in links) > 8


def test_pages_are_numbered_and_named(file: Path, pdf: pikepdf.Pdf) -> None:
    page = subprocess.run(["pdftotext", "-f", "4", "-l", "4", file, "-"], capture_output=True, text=True, check=True)
    assert f"Page 4 of {len(pdf.pages)}" in page.stdout
    assert "Internal – confidential" in page.stdout
    assert "CV screening" in page.stdout
    first = subprocess.run(["pdftotext", "-l", "1", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "Obligations are open" in first
    assert "for signature" in first.lower()


def test_only_our_fonts_and_all_embedded(file: Path) -> None:
    fonts = fonts_of(file)
    assert fonts
    assert all("+RC-" in line[0] for line in fonts)
    assert all("yes" in line[-5] for line in fonts)


def test_files_inside_are_those_used(file: Path) -> None:
    files = files_in(file.read_bytes())
    record = record_in(files)
    assert record is not None
    assert EXAMPLE.read_bytes() in files.values()
    assert (ROOT / "rulesets" / "eu_ai_act.yaml").read_bytes() in files.values()
    report = record["report"]
    assert isinstance(report, dict)
    for item in (*report["specs"], *report["rulesets"], report["questions"]):
        assert hashlib.sha256(files[item["sha256"]]).hexdigest() == item["sha256"]


def test_files_inside_say_what_they_are(pdf: pikepdf.Pdf) -> None:
    kinds = {name: spec.get_file().mime_type for name, spec in pdf.attachments.items()}
    assert kinds["gdpr.yaml"] == "application/yaml"
    assert kinds["assessment.json"] == "application/json"
    assert all(spec.obj["/AFRelationship"] in ("/Source", "/Data") for spec in pdf.attachments.values())


def test_same_input_same_bytes(tmp_path: Path) -> None:
    made = []
    for number, (zone, seed) in enumerate((("Asia/Kolkata", "1"), ("America/New_York", "2"))):
        out = tmp_path / f"{number}.pdf"
        command = [sys.executable, "-m", "raicheck", "report", str(ROOT / "examples/spam-filter.raicheck.yaml")]
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}
        arguments = ["--ruleset", "gdpr", "--as-of", "2026-11-20", "-o", str(out)]
        subprocess.run([*command, *arguments], env=environment, check=True)
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_external_edition_has_no_files(tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    spec = str(ROOT / "examples/spam-filter.raicheck.yaml")
    arguments = ["--edition", "external", "--ruleset", "gdpr", "--as-of", "2026-11-20", "-o", str(out)]
    assert main(["report", spec, *arguments]) == 0
    assert files_in(out.read_bytes()) == {}


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "https://example.com/x.png", "http://localhost/", "ftp://a/b", "/etc/passwd"],
)
def test_nothing_is_fetched(url: str) -> None:
    with pytest.raises(ValueError, match="no other files"):
        _fetcher().fetch(url)


def test_nothing_outside_the_fonts_is_read() -> None:
    fonts = (ROOT / "src/raicheck/fonts").as_uri()
    with pytest.raises(ValueError, match="no other files"):
        _fetcher().fetch(f"{fonts}/../../../README.md")
    assert _fetcher().fetch(f"{fonts}/NotoSans-Regular.ttf")


SCRIPTS = {
    "Devanagari": "आवेदकों की छँटाई कौन करता है?",
    "Arabic": "من يقرر في النهاية؟",
    "Hebrew": "מי מחליט בסוף?",
    "symbols": "✓ ✗ ⚠ → ≤ ☐ ₹ €",
    "emoji": "😀 🚀 🔒 👩‍⚖️",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_has_a_font(tiny: Rulesets, tmp_path: Path, script: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(small(tiny, notes={"shop.open": Note(SCRIPTS[script])}))
    assert all("+RC-" in line[0] and "yes" in line[-5] for line in fonts_of(path))
    assert ".notdef" not in caplog.text


def test_an_endless_answer(tiny: Rulesets, tmp_path: Path) -> None:
    long = "word " * 12_000 + "x" * 40_000
    text = text_of(small(tiny, notes={"shop.open": Note(long)}, summary="y" * 3000), tmp_path)
    assert text.count("word") >= 12_000
    assert text.count("x") >= 40_000


def test_five_hundred_obligations(tiny: Rulesets, tmp_path: Path) -> None:
    law = tiny.by_id["tiny"]
    (some,) = [o for o in law.obligations.values() if o.kind == "duty"][:1]
    many = {f"o{n}": replace(some, id=f"o{n}", what=f"Do thing number {n}.") for n in range(500)}
    rulesets = replace(tiny, by_id={**tiny.by_id, "tiny": replace(law, obligations=many)})
    text = text_of(small(rulesets), tmp_path)
    assert all(f"thing number {n}." in text for n in (0, 250, 499))


def test_missing_pango_is_named(tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text('raise OSError("cannot load library libpango-1.0-0")\n')
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT / 'src'}"}
    spec = str(ROOT / "examples/spam-filter.raicheck.yaml")

    def report(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "raicheck", "report", spec, "--ruleset", "gdpr", "-o", str(tmp_path / name)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    failed = report("x.pdf")
    assert failed.returncode == 2
    assert "libpango-1.0-0" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "x.pdf").exists()
    for name in ("x.html", "x.md"):
        assert report(name).returncode == 0
        assert (tmp_path / name).stat().st_size > 10_000


@pytest.mark.parametrize(
    ("module", "arguments", "said"),
    [
        ("docx", ["report", "examples/spam-filter.raicheck.yaml", "-o", "{}/x.docx"], "raicheck[docx]"),
        ("pyhanko", ["sign", "{}/x.pdf", "--key", "{}/x.pdf", "--cert", "{}/x.pdf"], "raicheck[sign]"),
    ],
)
def test_missing_extra_is_named(tmp_path: Path, module: str, arguments: list[str], said: str) -> None:
    (tmp_path / f"{module}.py").write_text(f'raise ImportError("no {module}")\n')
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT / 'src'}"}
    command = [sys.executable, "-m", "raicheck", *(a.format(tmp_path) for a in arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.docx").exists()


def test_record_inside_is_dated_by_as_of(file: Path) -> None:
    record = record_in(files_in(file.read_bytes()))
    assert record is not None
    assert json.dumps(record).count('"as_of": "2026-11-20"') == 1
    with pikepdf.open(file) as opened:
        assert re.match(r"D:20261120", str(opened.docinfo.CreationDate))
        assert date(2026, 11, 20) == TODAY
