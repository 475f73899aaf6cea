"""The output formats of a check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from raicheck.checked import Checked
from raicheck.cli import main
from raicheck.model import Finding, Place
from raicheck.output import FORMATS, Context, make_output
from raicheck.record import json_schema

DATA = Path(__file__).parent / "data"
DAY = "2026-11-20"
SPEC = """\
raicheck: 1
feature: {id: mood, name: "Mood <of> |staff|"}
placements: [{market: eu, first: 2026-06-01}]
answers:
  product: {technique: [learned]}
  origin: {built_by: us, name: ours, we: [use]}
  market: {seat: [eu]}
  deployment: {setting: organised}
  purpose: {areas: [biometrics]}
  biometrics: {functions: [reads_feelings]}
  emotion: {whose: [staff], reason: []}
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mood.raicheck.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    main(["check", "--as-of", DAY, "--ruleset", "eu_ai_act", *argv])
    return capsys.readouterr().out


def sarif(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (one,) = json.loads(run(capsys, "--format", "sarif"))["runs"]
    found: dict[str, Any] = one
    return found


def validate(log: object) -> None:
    schema = json.loads((DATA / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)


# SARIF


def test_sarif_is_valid(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken one.raicheck.yaml").write_text("raicheck: 1\nanswer: ü\n", encoding="utf-8")
    log = json.loads(run(capsys, "--format", "sarif"))
    validate(log)
    assert log["version"] == "2.1.0"
    assert log["runs"][0]["columnKind"] == "unicodeCodePoints"
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": False}]


def test_the_examples_as_sarif_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    examples = Path(__file__).resolve().parent.parent / "examples"
    validate(json.loads(run(capsys, str(examples), "--format", "sarif")))


def test_sarif_rules_have_help_and_results_point_to_them(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = sarif(capsys)
    rules = log["tool"]["driver"]["rules"]
    for result in log["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert "## Instead" in rule["help"]["markdown"]
    (found,) = [r for r in log["results"] if r["ruleId"] == "RC301"]
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "mood.raicheck.yaml", "uriBaseId": "SRCROOT"}
    assert place["region"]["startLine"] == 11
    assert found["level"] == "error"
    assert found["properties"]["cites"][0]["link"].startswith("https://")


def prints(log: dict[str, Any]) -> list[str]:
    return sorted(r["partialFingerprints"]["raicheck/v1"] for r in log["results"])


def test_fingerprints_stay_when_lines_move_and_days_pass(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = prints(sarif(capsys))
    assert len(set(before)) == len(before)
    spec.write_text("# one\n# two\n\n" + SPEC, encoding="utf-8")
    assert prints(sarif(capsys)) == before
    main(["check", "--as-of", "2026-11-25", "--ruleset", "eu_ai_act", "--format", "sarif"])
    assert prints(json.loads(capsys.readouterr().out)["runs"][0]) == before


def test_a_path_in_the_folder_is_relative_however_it_is_given(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = json.loads(run(capsys, str(spec), "--format", "sarif"))
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]}
    assert uris == {"mood.raicheck.yaml"}


# Others


def test_junit_counts_what_it_lists(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = ET.fromstring(run(capsys, "--format", "junit"))
    cases = root.findall(".//testcase")
    assert int(root.attrib["tests"]) == len(cases)
    assert int(root.attrib["failures"]) == len(root.findall(".//failure")) > 0
    assert [s.attrib["name"] for s in root] == ["mood.raicheck.yaml"]


def test_junit_of_a_file_full_of_odd_characters_is_xml(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text('raicheck: 1\n"<a\\u0007&\\ufffe>": 1\n', encoding="utf-8")
    assert ET.fromstring(run(capsys, "--format", "junit")).attrib["tests"] == "1"


def test_github_lines_escape_what_would_end_them(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "--format", "github").splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    (line,) = [x for x in lines if "title=RC301" in x]
    assert "file=mood.raicheck.yaml,line=11,col=" in line
    spec.write_text('raicheck: 1\n"a%b\\n::error::x": 1\n', encoding="utf-8")
    assert len(run(capsys, "--format", "github").splitlines()) == 1


CV = Path(__file__).resolve().parent.parent / "examples" / "cv-screening.raicheck.yaml"


def test_github_gets_the_obligations_of_one_place_in_one_line(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.unlink()
    lines = [x for x in run(capsys, str(CV), "--format", "github").splitlines() if "title=RC402" in x]
    assert 0 < len(lines) < 10
    assert any(" obligations:%0A- due by the launch" in x and "more" in x for x in lines)


def test_markdown_says_what_blocks_first_and_folds_the_notes(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, str(CV), str(spec), "--format", "markdown")
    shown, _, folded = text.partition("<details><summary>")
    assert "**RC301**" in shown
    assert "**RC402**" not in shown
    assert folded.startswith(f"{folded.count('ℹ️')} notes</summary>\n\n- ℹ️ ")
    assert folded.endswith("\n</details>\n")


def test_markdown_cannot_be_driven_by_a_spec(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "--format", "markdown")
    assert "Mood \\<of\\> \\|staff\\|" in text
    assert "**RC301** `mood.raicheck.yaml:11`" in text
    assert "[Article 5(1)" in text


def test_text_has_the_line_and_the_caret(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys).splitlines()
    start = next(i for i, line in enumerate(lines) if "error RC301" in line)
    shown = next(i for i in range(start, len(lines)) if lines[i].startswith("   11 | "))
    source, caret = lines[shown], lines[shown + 1]
    assert source[caret.index("^") : caret.rindex("^") + 1] == "[]"
    assert max(len(line) for line in lines if "http" not in line) <= 80
    assert lines[-1].startswith("1 spec as of 2026-11-20: ")


def test_the_caret_stands_below_wide_characters(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text("raicheck: 1\nfeature: {name: 履歴書, x: 1}\n", encoding="utf-8")
    lines = run(capsys).splitlines()
    caret = next(line for line in lines if "^" in line)
    assert caret.index("^") == len("    2 | feature: {name: ") + 6 + len(", ")


def test_text_cannot_drive_the_terminal(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text('raicheck: 1\nfeature: {name: "\\e[2J"}\n"\\e]0;x\\a": 1\n', encoding="utf-8")
    assert "\x1b" not in run(capsys)


def test_json_findings_and_assessments(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(run(capsys, "--format", "json"))
    (assessment,) = document["assessments"]
    law = assessment["rulesets"]["eu_ai_act"]
    assert law["classification"] == {"certain": "prohibited", "possible": "prohibited"}
    (rule,) = [r for r in law["rules"] if r["id"] == "art-5-1-f"]
    assert (rule["status"], rule["in_force"], rule["from"]["earliest"]) == ("fires", True, "2025-02-02")
    assert rule["why"]
    assert {"code", "severity", "file", "line", "column", "message", "help", "cites"} <= set(document["findings"][0])


def test_json_fits_its_published_schema(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    Path("open.raicheck.yaml").write_text("raicheck: 1\n", encoding="utf-8")
    Path("broken.raicheck.yaml").write_text("raicheck: [", encoding="utf-8")
    examples = Path(__file__).resolve().parent.parent / "examples"
    main(["check", "--as-of", DAY, "--format", "json", ".", str(examples)])
    document = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert len(document["assessments"]) == 2 + len(list(examples.glob("*.raicheck.yaml")))


def test_several_files_at_once(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, "-o", "out.sarif", "-o", "out.json", "-o", "junit:report", "-o", "comment.md")
    assert "error RC301" in printed
    validate(json.loads(Path("out.sarif").read_text(encoding="utf-8")))
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["assessments"]
    assert ET.parse("report").getroot().tag == "testsuites"
    assert Path("comment.md").read_text(encoding="utf-8").startswith("### raicheck: ")


def test_an_output_that_cannot_be_written_is_an_error(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--as-of", DAY, "-o", "missing/out.json"]) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_writes_nothing_strange_for_nothing(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--format", format_]) == 2
    assert "RC112" in capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("shell", ["> /dev/full", ">&-", "2>&-"])
def test_output_that_cannot_be_printed_gives_no_traceback(shell: str, spec: Path) -> None:
    source = Path(__file__).resolve().parent.parent / "src"
    command = f'"{sys.executable}" -m raicheck check --as-of {DAY} --format json {shell}'
    env = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, env=env)
    assert "Traceback" not in done.stderr
    assert done.returncode != 0


@pytest.mark.parametrize(("due", "rest"), [(2, ""), (3, ""), (5, "    and 2 more (-v)")])
def test_text_shows_the_three_obligations_due_longest(due: int, rest: str) -> None:
    place = Place("a.raicheck.yaml", 1, 1, 1, 2)
    findings = tuple(
        Finding("RC401", "warning", f"due since 2026-01-0{9 - n}, not done: x.y{n}: Do it", place) for n in range(due)
    )
    context = Context(date(2026, 11, 20), lambda _: False, lambda _: "", lambda _: None, lambda _: "")
    lines = make_output("text", context).add(Checked("a.raicheck.yaml", findings)).splitlines()
    assert lines[0] == f"a.raicheck.yaml:1:1: warning RC401: {due} obligations are due and not done"
    assert lines[1].startswith(f"    due since 2026-01-0{10 - due}")
    assert lines[1:].count("") == 1
    assert sum(line.startswith("    due") for line in lines) == min(due, 3)
    assert (lines[-2] == rest) if rest else lines[-2].startswith("    due")
