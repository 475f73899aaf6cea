"""What a check finds, where it points, and when it fails."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from raicheck import Program, Rulesets, assess, load_spec_file
from raicheck.check import check
from raicheck.cli import main

DAY = "2026-11-20"
EMOTION = """\
raicheck: 1
feature: {id: mood, name: Mood}
answers:
  product: {technique: [learned]}
  origin: {we: [use]}
  market: {seat: [eu]}
  deployment: {setting: organised}
  purpose: {areas: [biometrics]}
  biometrics: {functions: [reads_feelings]}
  emotion: {whose: [staff], reason: []}
"""
CV = """\
raicheck: 1
answers:
  product: {technique: [learned]}
  origin: {built_by: us, name: ours, we: [use]}
  market: {places: [eu]}
  deployment: {setting: organised}
  purpose: {areas: [employment]}
  employment: {functions: [hiring]}
  decision: {role: [evaluates]}
"""
COMPANY = """\
format: 1
ruleset: acme
title: Acme's rules
kind: company
checked: 2026-11-20
enacted: 2026-01-01
instruments: [{id: acme, title: Acme's rules}]
rules:
  - {id: ours, title: We built it, cites: [acme/1], when: {origin.built_by: us}}
obligations:
  - {id: register, what: Enter the feature in our register, cites: [acme/2], when: {rule: ours}}
"""


class Project:
    """A folder to check in."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *argv: str) -> tuple[int, str]:
        """A command and what it printed."""
        code = main(["check", *argv, *([] if "--as-of" in argv else ["--as-of", DAY])])
        return code, self._capsys.readouterr().out

    def json(self, *argv: str) -> tuple[int, list[dict[str, Any]]]:
        code, output = self.run(*argv, "--format", "json")
        findings: list[dict[str, Any]] = json.loads(output)["findings"]
        return code, findings

    def one(self, code: str, *argv: str) -> dict[str, Any]:
        """The only finding of a code."""
        (found,) = [f for f in self.json(*argv)[1] if f["code"] == code]
        return found


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, capsys)


def at(finding: dict[str, Any], text: str) -> str:
    """What stands where a finding points."""
    line = text.splitlines()[finding["line"] - 1]
    return line[finding["column"] - 1 : finding["end_column"] - 1 if finding["end_line"] == finding["line"] else None]


# Prohibitions


def test_a_prohibited_practice_fails_and_points_to_the_answer_that_decides(project: Project) -> None:
    project.write("mood.raicheck.yaml", EMOTION)
    code, findings = project.json("mood.raicheck.yaml", "--ruleset", "eu_ai_act")
    (found,) = [f for f in findings if f["code"] == "RC301"]
    assert code == 1
    assert at(found, EMOTION) == "[]"
    assert found["cites"] == ["ai_act/art-5-par-1-pt-f"]
    assert any("reads_feelings" in EMOTION.splitlines()[r["line"] - 1] for r in found["related"])


@pytest.mark.parametrize(
    "argv",
    [
        ("--ruleset", "gdpr"),
        ("--fail-on", "never"),
        ("--exclude", "*.yaml"),
        ("--baseline", "old.json"),
        ("--no-config",),
    ],
)
def test_nothing_hides_a_prohibited_practice(argv: tuple[str, ...], project: Project) -> None:
    project.write("mood.raicheck.yaml", EMOTION)
    project.run("--baseline", "old.json", "--write-baseline")
    project.write("raicheck.toml", 'rulesets = ["gdpr"]\nexclude = ["*"]\nfail-on = ["never"]\n')
    code, findings = project.json(*argv)
    assert code == 1
    assert "RC301" in {f["code"] for f in findings}


def test_a_law_that_starts_later_fails_now_and_says_when(project: Project) -> None:
    example = Path(__file__).resolve().parent.parent / "examples" / "nudification.raicheck.yaml"
    project.write("app.raicheck.yaml", example.read_text(encoding="utf-8"))
    found = [f for f in project.json("--ruleset", "eu_ai_act")[1] if f["code"] == "RC301"]
    assert found
    assert all("from 2026-12-02, in 12 days" in f["message"] for f in found)
    assert "RC301" not in {f["code"] for f in project.json("--ruleset", "eu_ai_act", "--as-of", "2026-07-01")[1]}


def test_unknown_is_not_no(project: Project) -> None:
    project.write("mood.raicheck.yaml", EMOTION.replace(", reason: []", ", reason: unsure"))
    code, findings = project.json("--ruleset", "eu_ai_act")
    (found,) = [f for f in findings if f["code"] == "RC302" and "emotion.reason" in f["help"]]
    assert code == 1
    assert at(found, EMOTION.replace("[]", "unsure")) == "unsure"


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ("", None),
        ("intimate_content: {makes: unsure}", None),
        (
            "purpose: {areas: [biometrics]}\n  biometrics: {functions: [finds_out_who]}",
            "perhaps prohibited for the deployer, which this team is not",
        ),
    ],
)
def test_others_are_warned_of_what_an_answer_points_to(answers: str, says: str | None, project: Project) -> None:
    text = f"raicheck: 1\nanswers:\n  origin: {{we: []}}\n  {answers}\n"
    project.write("a.raicheck.yaml", text)
    found = [f for f in project.json("--ruleset", "eu_ai_act")[1] if f["code"] == "RC305"]
    assert [at(f, text) for f in found] == (["[finds_out_who]"] if says else [])
    assert all(says in f["message"] for f in found if says)


def test_a_spec_that_says_nothing_fails(project: Project) -> None:
    project.write("empty.raicheck.yaml", "raicheck: 1\n")
    assert project.run()[0] == 1


# Classes


def test_declared_lower_than_derived(project: Project) -> None:
    project.write("cv.raicheck.yaml", CV + "declared: {eu_ai_act: minimal}\n")
    found = project.one("RC306", "--ruleset", "eu_ai_act")
    assert at(found, CV + "declared: {eu_ai_act: minimal}\n") == "minimal"
    assert found["related"]
    project.write("cv.raicheck.yaml", CV + "declared: {eu_ai_act: high-annex-iii}\n")
    assert "RC306" not in {f["code"] for f in project.json()[1]}


def test_the_deciding_question_and_whom_to_ask(project: Project) -> None:
    notes = "notes: {decision.role: {text: Ask them, who: ops@acme.example}}\n"
    text = CV.replace("  decision: {role: [evaluates]}\n", "") + notes
    project.write("cv.raicheck.yaml", text)
    helps = [f["help"] for f in project.json("--ruleset", "eu_ai_act")[1] if f["code"] == "RC303"]
    assert any(h.startswith("answer decision.role: ") and h.endswith("(ask: ops@acme.example)") for h in helps)


@pytest.mark.parametrize("labels", ["", "labels: [{id: small, title: Small, rank: 1, severity: minor}]\n"])
def test_whether_a_law_applies_must_be_known(labels: str, project: Project) -> None:
    law = COMPANY.replace("kind: company", "kind: law\napplies: {market.seat: eu}").replace("rules:", f"{labels}rules:")
    project.write("acme.yaml", law.replace("when: {origin", "label: small, when: {origin") if labels else law)
    project.write("raicheck.toml", 'company = ["acme.yaml"]\nrulesets = ["common"]\n')
    project.write("x.raicheck.yaml", "raicheck: 1\nanswers: {origin: {built_by: us}}\n")
    found = project.one("RC307")
    assert "answer market.seat: " in found["help"]
    assert found["fails"]


def test_fail_on_a_class(project: Project) -> None:
    project.write("raicheck.toml", 'company = ["acme.yaml"]\n')
    high = COMPANY.replace("rules:", "labels: [{id: big, title: Big, rank: 5, severity: high}]\nrules:")
    project.write("acme.yaml", high.replace("when: {origin", "label: big, when: {origin"))
    project.write(
        "x.raicheck.yaml",
        "raicheck: 1\nanswers: {market: {places: [], seat: [], people: []}, origin: {built_by: us}}\n",
    )
    codes = {f["code"]: f["fails"] for f in project.json("--ruleset", "common", "--fail-on", "high")[1]}
    assert codes["RC308"] is True
    codes = {f["code"]: f["fails"] for f in project.json("--ruleset", "common", "--fail-on", "prohibited")[1]}
    assert codes["RC308"] is False


# Obligations and sign-off


def with_literacy(undertaking: str) -> str:
    return (
        CV + f"placements: [{{market: eu, first: 2026-06-01}}]\nobligations:\n  eu_ai_act.ai-literacy: {undertaking}\n"
    )


def codes_of(project: Project, text: str) -> set[str]:
    project.write("cv.raicheck.yaml", text)
    return {f["code"] for f in project.json("--ruleset", "eu_ai_act")[1] if "ai-literacy" in f["message"]}


def test_an_obligation_is_open_until_done_with_evidence(project: Project) -> None:
    assert codes_of(project, with_literacy("{progress: in_progress}")) == {"RC401"}
    assert codes_of(project, with_literacy("{progress: done}")) == {"RC408"}
    project.write("docs/training.pdf", "signed")
    digest = hashlib.sha256(b"signed").hexdigest()
    done = f"{{progress: done, evidence: [{{path: docs/training.pdf, sha256: {digest}}}]}}"
    assert codes_of(project, with_literacy(done)) == set()
    project.write("docs/training.pdf", "changed")
    assert codes_of(project, with_literacy(done)) == {"RC412"}


@pytest.mark.parametrize(
    "path", ["missing.pdf", "empty.pdf", "docs", "../outside.pdf", "link.pdf", "loop.pdf", "a\\0b"]
)
def test_evidence_that_is_none(path: str, project: Project) -> None:
    (project.folder.parent / "outside.pdf").write_text("x", encoding="utf-8")
    project.write("empty.pdf", "")
    (project.folder / "docs").mkdir()
    (project.folder / "link.pdf").symlink_to("../outside.pdf")
    (project.folder / "loop.pdf").symlink_to("loop.pdf")
    assert codes_of(project, with_literacy(f'{{progress: done, evidence: [{{path: "{path}"}}]}}')) == {"RC411"}


def test_evidence_counts_from_the_top_of_the_repository(project: Project) -> None:
    (project.folder / ".git").mkdir()
    project.write("docs/training.pdf", "signed")
    project.write("specs/cv.raicheck.yaml", with_literacy("{progress: done, evidence: [docs/training.pdf]}"))
    assert {f["code"] for f in project.json("--ruleset", "eu_ai_act")[1]}.isdisjoint({"RC401", "RC408", "RC411"})


def test_law_is_not_waived_and_accepted_risks_stay_open(project: Project) -> None:
    waiver = "waivers: [{obligation: eu_ai_act.ai-literacy, reason: r, approver: a, until: 2027-01-01}]\n"
    launched = CV + "placements: [{market: eu, first: 2026-06-01}]\n"
    assert codes_of(project, launched + waiver) == {"RC401", "RC406"}
    accepted = "{progress: accepted_risk, reason: r, approver: a, until: 2027-01-01}"
    assert codes_of(project, with_literacy(accepted)) == {"RC403"}
    assert codes_of(project, with_literacy(accepted.replace("2027", "2025"))) == {"RC403", "RC405"}
    assert codes_of(project, with_literacy("{progress: accepted_risk}")) == {"RC403", "RC404"}


def test_the_summary_counts_what_is_open(project: Project) -> None:
    accepted = "{progress: accepted_risk, reason: r, approver: a, until: 2027-01-01}"
    project.write("cv.raicheck.yaml", with_literacy(accepted))
    output = " ".join(project.run("--ruleset", "eu_ai_act")[1].split())
    assert "; 1 obligation, 1 open as accepted risk 1 spec as of" in output
    project.write("cv.raicheck.yaml", with_literacy("{progress: open}"))
    output = " ".join(project.run("--ruleset", "eu_ai_act")[1].split())
    assert "; 1 obligation, 1 due and open 1 spec as of" in output


@pytest.mark.parametrize(
    ("day", "says"), [("2026-11-20", "next due 2027-05-13"), ("2027-05-13", "next due 2027-05-14")]
)
def test_a_disputed_day_is_planned_for_at_its_earliest(day: str, says: str, project: Project) -> None:
    example = Path(__file__).resolve().parent.parent / "examples" / "image-generator.raicheck.yaml"
    project.write("app.raicheck.yaml", example.read_text(encoding="utf-8"))
    output = " ".join(project.run("--ruleset", "dpdpa", "--as-of", day)[1].split())
    assert says in output
    assert "overdue" not in output


def test_a_company_rule_can_be_waived(project: Project) -> None:
    project.write("raicheck.toml", 'company = ["acme.yaml"]\nrulesets = ["common"]\n')
    project.write("acme.yaml", COMPANY)
    spec = "raicheck: 1\nplacements: [{market: eu, first: 2026-06-01}]\nanswers: {origin: {built_by: us}}\n"
    waiver = "waivers: [{obligation: acme.register, reason: r, approver: a, until: 2027-01-01}]\n"
    project.write("x.raicheck.yaml", spec)
    assert "RC401" in {f["code"] for f in project.json()[1]}
    project.write("x.raicheck.yaml", spec + waiver)
    assert "RC401" not in {f["code"] for f in project.json()[1]}


def test_an_unsigned_determination_settles_nothing(project: Project) -> None:
    facts = (
        "raicheck: 1\nanswers:\n  market: {seat: [eu]}\n  deployment: {setting: organised}\n  purpose: {areas: []}\n"
        "  decision: {about_people: yes, role: [evaluates], effect: [work], overrule: yes, review: [authority]}\n"
        "  data: {personal: yes}\n"
    )
    unsigned = "determinations: [{judgement: gdpr.meaningful_review, answer: yes}]\n"
    signed = "determinations: [{judgement: gdpr.meaningful_review, answer: yes, reason: r, by: c, on: 2026-11-10}]\n"
    counsel = "gdpr.meaningful_review"
    for text, expected in ((facts, {"RC304"}), (facts + unsigned, {"RC304", "RC407"}), (facts + signed, set())):
        project.write("x.raicheck.yaml", text)
        found = project.json("--ruleset", "gdpr")[1]
        assert {f["code"] for f in found if counsel in f["message"] + f["help"]} == expected


# The call


def test_one_broken_file_among_many(project: Project) -> None:
    project.write("a.raicheck.yaml", "raicheck: 1\nanswer: {}\n")
    project.write("b.raicheck.yaml", EMOTION)
    code, findings = project.json()
    assert code == 2
    assert {"RC202", "RC301"} <= {f["code"] for f in findings}


def test_a_folder_without_specs(project: Project) -> None:
    code, findings = project.json(".")
    assert (code, [f["code"] for f in findings]) == (2, ["RC112"])


def test_a_pattern(project: Project) -> None:
    project.write("a/x.yaml", "raicheck: 1\nanswer: 1\n")
    assert [f["code"] for f in project.json("a/*.yaml")[1]] == ["RC202"]


def test_front_matter_positions_are_those_of_the_document(project: Project) -> None:
    text = f"---\n{EMOTION}---\n# Mood of staff\n\nText.\n"
    project.write("prd.md", text)
    project.write("notes.md", "---\ntitle: no spec\n---\n")
    found = project.one("RC301", "--ruleset", "eu_ai_act")
    assert found["file"] == "prd.md"
    assert at(found, text) == "[]"
    project.write("prd.md", "---\r\nraicheck: 1\r\nanswer: 1\r\n---\r\n")
    assert [(f["line"], f["column"]) for f in project.json("prd.md")[1]] == [(3, 1)]


def test_settings_pin_a_day_but_hide_no_prohibition(project: Project) -> None:
    project.write("pyproject.toml", '[tool.raicheck]\nas-of = 2024-01-01\nrulesets = ["eu_ai_act"]\n')
    project.write("x.raicheck.yaml", CV)
    assert main(["check"]) == 0  # the AI Act was not enacted
    project.write("x.raicheck.yaml", EMOTION)
    assert main(["check"]) == 1
    assert main(["check", "--as-of", "2024-01-01"]) == 0  # somebody asks for that day


@pytest.mark.parametrize(
    "line",
    [
        "declared: {eu_ai_atc: minimal}",
        "declared: {nope: x}",
        "obligations: {eu_ai_atc.ai-literacy: {progress: done}}",
        "waivers: [{obligation: amce.register}]",
        "determinations: [{judgement: gpdr.meaningful_review, answer: yes}]",
        "assessed: {rulesets: {gpdr: 0123456789abcdef}}",
    ],
)
def test_a_ruleset_that_does_not_exist(line: str, project: Project) -> None:
    project.write("x.raicheck.yaml", f"raicheck: 1\n{line}\n")
    code, findings = project.json()
    assert (code, [f["code"] for f in findings]) == (2, ["RC212"])
    assert findings[0]["line"] == 2
    assert findings[0]["help"].startswith(("did you mean", "see: raicheck rulesets list"))


def test_which_files_are_specs(project: Project) -> None:
    for name in (
        "a.raicheck.yml",
        "raicheck.yaml",
        ".github/b.raicheck.yaml",
        "node_modules/c.raicheck.yaml",
        "d.yaml",
    ):
        project.write(name, "raicheck: 1\nx: 1\n")
    project.write("env/pyvenv.cfg", "")
    project.write("env/lib/e.raicheck.yaml", "raicheck: 1\nx: 1\n")
    project.write("prd.md", "\ufeff---\nraicheck: 1\nx: 1\n---\n")
    files = {f["file"] for f in project.json()[1]}
    assert files == {"a.raicheck.yml", "raicheck.yaml", ".github/b.raicheck.yaml", "prd.md"}


def test_a_baseline_holds_what_was_there_and_nothing_new(project: Project) -> None:
    project.write("cv.raicheck.yaml", CV)
    assert project.run()[0] == 1
    project.run("--baseline", "old.json", "--write-baseline")
    findings = project.json("--baseline", "old.json")[1]
    assert not [f for f in findings if f["code"] in ("RC303", "RC304")]
    project.write("cv.raicheck.yaml", "# moved\n\n" + CV + "declared: {eu_ai_act: minimal}\n")
    assert {f["code"] for f in project.json("--baseline", "old.json")[1] if f["severity"] == "error"} == {
        "RC302",
        "RC306",
    }


def test_several_processes_say_the_same(project: Project) -> None:
    for n in range(90):
        project.write(f"{n:02}.raicheck.yaml", CV.replace("[evaluates]", "[evaluates]" if n % 2 else "[prepares]"))
    assert project.run("--ruleset", "eu_ai_act")[1] == project.run("--ruleset", "eu_ai_act", "--jobs", "2")[1]


def test_a_file_that_may_not_be_read_is_named(project: Project) -> None:
    (project.folder / "loop.raicheck.yaml").symlink_to("loop.raicheck.yaml")
    code, findings = project.json()
    assert (code, findings[0]["code"]) == (2, "RC100")


def test_excluded_files_are_not_reported_when_nothing_is_prohibited(project: Project) -> None:
    project.write("old/cv.raicheck.yaml", CV)
    project.write("old/broken.raicheck.yaml", "raicheck: [")
    assert project.json("--exclude", "old")[0] == 0


def test_contradicting_answers_name_both(project: Project) -> None:
    text = "raicheck: 1\nanswers:\n  data: {personal: yes, offered_to_children: yes}\n  people: {groups: [public]}\n"
    project.write("x.raicheck.yaml", text)
    found = project.one("RC310")
    assert at(found, text) == "[public]"
    assert [r["line"] for r in found["related"]] == [3]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ("data: {personal: no, stripped: never}, decision: {about_people: yes, evaluates_person: yes}", "never"),
        ("data: {personal: no, stripped: coded}, decision: {about_people: yes, evaluates_person: yes}", None),
        ("data: {personal: no}, purpose: {areas: [biometrics]}, biometrics: {functions: [confirms_identity]}", "no"),
        ("data: {personal: no}, purpose: {areas: [biometrics]}, biometrics: {functions: [follows]}", None),
    ],
)
def test_who_knows_something_about_people_has_data_about_them(
    answers: str, wrong: str | None, project: Project
) -> None:
    text = f"raicheck: 1\nanswers: {{{answers}}}\n"
    project.write("a.raicheck.yaml", text)
    assert [at(f, text) for f in project.json()[1] if f["code"] == "RC310"] == ([wrong] if wrong else [])


def test_a_brief_assessment_finds_the_same(shipped: Rulesets, program: Program) -> None:
    examples = Path(__file__).resolve().parent.parent / "examples"
    for path in sorted(examples.glob("*.raicheck.yaml")):
        spec, _ = load_spec_file(path, shipped)
        assert spec is not None
        for day in (date(2026, 7, 1), date(2026, 11, 20)):
            full, brief = (assess(spec, program, day, brief=b) for b in (False, True))
            assert check(brief) == check(full)
            assert len(brief.results["eu_ai_act"].rules) < len(full.results["eu_ai_act"].rules)
