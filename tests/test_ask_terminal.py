"""`raicheck ask` as a person meets it: in a real pseudo-terminal and through pipes."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from raicheck.files import CORE_LAWS, load_spec_file
from raicheck.load import load_rulesets
from raicheck.model import Spec
from raicheck.save import Changed, SpecFile, recovery_file
from raicheck.shipped import rulesets_dir

RULESETS, _ = load_rulesets(rulesets_dir(), CORE_LAWS)
ASK = [sys.executable, "-m", "raicheck", "ask"]
ONE_LAW = ["--ruleset", "eu_ai_act", "--as-of", "2026-11-20"]
PROMPT = r"\] > ?$"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SOURCE = Path(__file__).resolve().parent.parent / "src"
ENV = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "PYTHONPATH": str(SOURCE)}


def spec_in(path: Path) -> Spec:
    spec, findings = load_spec_file(path, RULESETS)
    assert spec is not None, findings
    assert not findings
    return spec


def hear_ctrl_c() -> None:
    """A terminal delivers Ctrl-C also where the tests themselves run in the background and ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def terminal(folder: Path, *args: str, columns: int = 80, rows: int = 50) -> pexpect.spawn[str]:
    child: pexpect.spawn[str] = pexpect.spawn(
        ASK[0],
        [*ASK[1:], *ONE_LAW, *args],
        cwd=str(folder),
        env=ENV,
        encoding="utf-8",
        timeout=60,
        dimensions=(rows, columns),
        preexec_fn=hear_ctrl_c,
    )
    return child


def piped(folder: Path, typed: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ASK, *ONE_LAW, *args],
        cwd=folder,
        env=ENV,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def first_answer(hint: str) -> str:
    """An answer that every question of its kind understands."""
    if "y, n" in hint:
        return "n"
    if "0 for none" in hint or "a number," in hint:
        return "1"
    return "2027-01-15" if "a day" in hint else "250"


def answer_one(child: pexpect.spawn[str]) -> None:
    hint = str(child.before).rpartition("[")[2]
    child.sendline(first_answer(hint))


def test_a_kill_at_every_question_loses_only_that_one(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    answers = 0
    while True:
        child = terminal(tmp_path, "--plain", "--only-classification", str(path))
        if child.expect([PROMPT, "Enter to finish"]) == 1:
            break
        answer_one(child)
        child.expect([PROMPT, "Enter to finish"])
        child.kill(signal.SIGKILL)
        child.wait()
        answers += 1
        assert len(spec_in(path).answers) == answers
        assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert answers > 5
    assert "No open question can change the classification" in str(child.before)


def test_ctrl_c_saves_and_exits_130(tmp_path: Path) -> None:
    child = terminal(tmp_path, "--plain", "feature")
    child.expect(PROMPT)
    answer_one(child)
    child.expect(PROMPT)
    child.sendintr()
    child.expect("Saved in")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert len(spec_in(tmp_path / "feature.raicheck.yaml").answers) == 1


def test_menus_take_arrows_marks_and_letters(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    child = terminal(tmp_path, str(path))
    child.expect("h for more")
    child.send("?")
    child.expect("this answer")
    child.expect("Enter to go on")
    child.send("\r")
    child.expect("h for more")
    child.send("w")
    child.expect("0 answers")
    child.expect("Enter to go on")
    child.send("\r")
    child.expect("h for more")
    child.send(" ")  # the first option of a multi-select
    child.send("\r")
    child.expect("questions to the classification")
    child.expect("h for more")
    child.send("q")
    child.expect("Saved in")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    (known,) = spec_in(path).answers.values()
    assert len(getattr(known.known, "has", ())) == 1


def test_not_sure_about_the_rest_in_a_menu(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    child = terminal(tmp_path, str(path))
    child.expect("h for more")
    child.send(" ")
    child.send("\x1b[A")  # up from the first option is the last: not sure
    child.send(" ")
    child.send("\r")
    child.expect("Who can answer")
    child.send("\r")
    child.expect("h for more")
    child.send("q")
    child.expect(pexpect.EOF)
    (answer,) = spec_in(path).answers.values()
    assert answer.unsure
    assert len(getattr(answer.known, "has", ())) == 1


def test_u_is_not_sure_in_menus_and_no_letter_marks_everything(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    child = terminal(tmp_path, str(path))
    child.expect("h for more")
    child.send("a")  # would mark all
    child.send(" ")
    child.send("u")
    child.expect("the rest not")
    child.expect("Who can answer")
    child.send("\r")
    child.expect("h for more")
    child.send("u")  # of a yes or no
    child.expect("> not sure")
    child.expect("Who can answer")
    child.send("1\r")
    child.expect("'1' names nobody")
    child.expect("Who can answer")
    child.send("q\r")  # a key, not the name of somebody
    child.expect("Saved in")
    child.expect(pexpect.EOF)
    spec = spec_in(path)
    some, none = spec.answers.values()
    assert some.unsure
    assert none.unsure
    assert len(getattr(some.known, "has", ())) == 1
    assert not spec.notes


def test_ctrl_d_in_a_menu_saves_and_quits(tmp_path: Path) -> None:
    child = terminal(tmp_path, "feature")
    child.expect("h for more")
    child.send("\x04")
    child.expect("Saved in")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_a_stray_enter_in_a_menu_is_not_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    child = terminal(tmp_path, str(path))
    child.expect("h for more")
    child.send("\r")
    child.expect("None of these")
    child.sendline("n")
    child.expect("h for more")
    assert not spec_in(path).answers
    child.send("\r")
    child.expect("None of these")
    child.sendline("y")
    child.expect("left|Enter to finish")
    (answer,) = spec_in(path).answers.values()
    assert getattr(answer.known, "has", None) == frozenset()
    child.close(force=True)


def test_a_menu_longer_than_the_screen_says_so_and_shows_the_option_in_full(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\nanswers: {purpose: {areas: [employment]}}\n")
    child = terminal(tmp_path, str(path), rows=24)
    child.expect("h for more")
    child.send("e")
    child.expect("Which answer")
    child.expect("b to go back")
    child.send("\r")
    child.expect(r"\(1 of \d+, more below\)")
    child.send("\x1b[B")
    child.expect(r"\(?2")
    child.expect("job adverts")
    child.close(force=True)


def test_menus_stop_at_ctrl_c(tmp_path: Path) -> None:
    child = terminal(tmp_path, "feature")
    child.expect("h for more")
    child.sendintr()
    child.expect("go on: +raicheck ask feature.raicheck.yaml")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    child = terminal(tmp_path, "--plain", "feature", columns=columns)
    shown = ""
    for reply in ("?", "w", "1", "1", "1", "q"):
        child.expect(PROMPT)
        shown += str(child.before)
        child.sendline(reply)
    child.expect(pexpect.EOF)
    lines = [x for x in (shown + str(child.before)).splitlines() if str(tmp_path) not in x]
    to_be_copied = [x for x in lines if re.match(r"  [a-z ]+: +raicheck ", x)]
    assert len(to_be_copied) == 4
    assert max(len(line) for line in lines if line not in to_be_copied) <= columns


def test_plain_text_has_no_escape_sequences(tmp_path: Path) -> None:
    child = terminal(tmp_path, "--plain", "feature")
    child.expect(PROMPT)
    assert "\x1b" not in str(child.before)
    child.sendline("q")
    child.expect(pexpect.EOF)
    assert "\x1b" not in str(child.before)


def test_impossible_values_are_explained_and_asked_again(tmp_path: Path) -> None:
    ran = piped(tmp_path, "99\nperhaps\n1 0\n1\nq\n", "feature")
    assert ran.returncode == 0
    assert "'99' is not on the list: type a number from 1 to" in ran.stdout
    assert "'perhaps' is not on the list" in ran.stdout
    assert "0 means none of them" in ran.stdout
    assert len(spec_in(tmp_path / "feature.raicheck.yaml").answers) == 1


def test_not_sure_keeps_who_to_ask_and_the_summary_is_ready_to_paste(tmp_path: Path) -> None:
    ran = piped(tmp_path, "u\nops@acme.example: which model?\nq\n", "feature")
    spec = spec_in(tmp_path / "feature.raicheck.yaml")
    (note,) = spec.notes.values()
    assert (note.who, note.text) == ("ops@acme.example", "which model?")
    said = " ".join(ran.stdout.split())
    assert "For ops@acme.example:" in said
    assert "[note: which model?]" in said


def test_a_note_goes_when_its_question_is_answered(tmp_path: Path) -> None:
    ran = piped(tmp_path, "u\nops@acme.example: which model?\nb\n1\nq\n", "feature")
    assert ran.returncode == 0
    spec = spec_in(tmp_path / "feature.raicheck.yaml")
    assert not spec.notes
    assert len(spec.answers) == 1


def test_back_edit_and_skip(tmp_path: Path) -> None:
    ran = piped(tmp_path, "1\n1\nb\n1\ne\n1\n1\ns\nq\n", "feature")
    assert "Answer so far:" in ran.stdout
    assert "skipped for now" in ran.stdout
    assert len(spec_in(tmp_path / "feature.raicheck.yaml").answers) == 2


@pytest.mark.parametrize("name", ["Triage: ER", "Chat & Co. #2", '"Quoted" – ☕', "yes"])
def test_a_feature_keeps_the_name_that_was_typed(name: str, tmp_path: Path) -> None:
    ran = piped(tmp_path, f"{name}\n1\nq\n")
    assert ran.returncode == 0, ran.stderr
    (path,) = tmp_path.iterdir()
    assert spec_in(path).feature["name"] == name


def test_a_new_feature_never_goes_into_the_file_of_another(tmp_path: Path) -> None:
    for name, choice in (("履歴書", ""), ("面接", "2\n")):
        assert piped(tmp_path, f"{choice}{name}\nq\n").returncode == 0
    assert [spec_in(tmp_path / f"feature{n}.raicheck.yaml").feature["name"] for n in ("", "-2")] == ["履歴書", "面接"]


def test_the_end_names_what_the_report_still_lacks(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\nfeature: {id: f, name: F, owner: me, entity: Acme, version: '1'}\n")
    assert "write under feature: in the file: summary\n" in piped(tmp_path, "q\n", path.name).stdout
    path.write_text(path.read_text().replace("version: '1'", "version: '1', summary: It sorts."))
    assert "For the report" not in piped(tmp_path, "q\n", path.name).stdout


def test_skipped_questions_are_not_forgotten_at_the_end(tmp_path: Path) -> None:
    ran = piped(tmp_path, "s\n" * 60, "feature", "--only-classification")
    assert "Only skipped questions can still change the classification." in ran.stdout
    assert "No open question" not in ran.stdout


def test_going_on_says_how_many_answers_there_are_and_e_shows_every_option(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\nanswers: {purpose: {areas: [employment, rating_people]}}\n")
    ran = piped(tmp_path, "e\n\nq\n", path.name)
    assert f"Going on with {path.name}: 1 answer so far." in ran.stdout
    assert "– Work; Rating people" in ran.stdout


def test_why_is_answered_also_for_a_question_asked_again(tmp_path: Path) -> None:
    ran = piped(tmp_path, "1\nb\n?\n1\nq\n", "feature")
    assert ran.stdout.count("hangs on this answer") == 1
    assert "The answer stays as it was." not in ran.stdout


def test_an_edited_answer_keeps_what_it_makes_useless(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\nanswers:\n  purpose: {areas: [employment]}\n  employment: {functions: [ads]}\n")
    fact = "employment.functions"
    option = sorted(RULESETS.bank.questions[fact].option_ids)[0]
    path.write_text(path.read_text().replace("[ads]", f"[{option}]"))
    before = spec_in(path)
    number = [f for f in RULESETS.bank.questions if f in before.answers].index("purpose.areas") + 1
    ran = piped(tmp_path, f"e\n{number}\n0\nw\nq\n", str(path))
    assert "Not used any more, but kept in the file" in ran.stdout
    assert "not used any more (kept in the file)" in ran.stdout
    assert fact in spec_in(path).answers


def test_a_finished_interview_can_be_edited(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\nanswers: {deployment: {setting: military}}\n")
    ran = piped(tmp_path, "e\n1\n1\nq\n", str(path))
    assert "Nothing that is still open can change a result" in ran.stdout
    assert "setting: organised" in path.read_text()
    assert "questions to the classification" in ran.stdout


def test_the_way_on_to_the_obligations_is_a_question_of_its_own(tmp_path: Path) -> None:
    """Neither a stray word nor a look at what is known is a no; an edited answer begins with the classification."""
    example = (EXAMPLES / "spam-filter.raicheck.yaml").read_text()
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text(re.sub(r"^  origin: .*\n", "", example, flags=re.MULTILINE))
    ran = piped(tmp_path, "maybe\nw\ny\nq\n", str(path))
    assert "'maybe' is neither yes nor no" in ran.stdout
    assert ran.stdout.count("Go on with the obligations and their dates") == 3
    assert "questions left]" in ran.stdout or "question left]" in ran.stdout
    edited = piped(tmp_path, "e\n1\n1\nn\n", str(path))
    assert edited.stdout.count("Go on with the obligations and their dates") == 2


def test_the_commands_at_the_end_are_about_the_laws_asked_for(tmp_path: Path) -> None:
    ran = piped(tmp_path, "q\n", "feature.raicheck.yaml", "--ruleset", "gdpr")
    assert "  check:    raicheck check feature.raicheck.yaml --ruleset eu_ai_act --ruleset gdpr\n" in ran.stdout
    assert "  report:   raicheck report feature.raicheck.yaml -o feature.pdf --ruleset eu_ai_act" in ran.stdout


def test_the_front_matter_of_a_document_is_answered_in_place(tmp_path: Path) -> None:
    path = tmp_path / "prd.md"
    path.write_text("---\nraicheck: 1\n---\n# Our feature\n\nraicheck: 1 stays here\n")
    ran = piped(tmp_path, "1\nq\n", str(path))
    assert ran.returncode == 0
    head, _, body = path.read_text().partition("\n---\n")
    assert body == "# Our feature\n\nraicheck: 1 stays here\n"
    assert head.startswith("---\nraicheck: 1\nanswers:\n")
    assert len(spec_in(path).answers) == 1


def test_a_document_without_a_spec_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prd.md"
    path.write_text("# Our feature\n")
    ran = piped(tmp_path, "1\nq\n", str(path))
    assert ran.returncode == 2
    assert "RC113" in ran.stderr
    assert path.read_text() == "# Our feature\n"


def test_answers_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text('{"product.technique": ["learned"], "deployment": {"setting": "organised"}}')
    ran = piped(tmp_path, "q\n", "feature", "--answers", "given.json")
    assert "2 answers taken over." in ran.stdout
    assert set(spec_in(tmp_path / "feature.raicheck.yaml").answers) == {"product.technique", "deployment.setting"}


def test_broken_answers_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "given.yaml").write_text("product: {technique: [lerned]}\n")
    ran = piped(tmp_path, "", "feature", "--answers", "given.yaml")
    assert ran.returncode == 2
    assert "given.yaml:1:" in ran.stderr
    assert "did you mean 'learned'" in ran.stderr
    assert not (tmp_path / "feature.raicheck.yaml").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bad.raicheck.yaml", "raicheck: 1\nanswer: {}\n", "RC202"),
        ("a/b.raicheck.yaml", None, "RC100"),
        (".", None, "RC100"),
    ],
)
def test_a_broken_spec_is_refused(tmp_path: Path, name: str, content: str | None, code: str) -> None:
    if content:
        (tmp_path / name).write_text(content)
    ran = piped(tmp_path, "1\n", name)
    assert ran.returncode == 2
    assert code in ran.stderr
    assert [p.name for p in tmp_path.iterdir()] == ([name] if content else [])


def test_a_read_only_file_is_said_and_the_answers_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\n")
    path.chmod(0o444)
    ran = piped(tmp_path, "1\n1\nq\n", str(path))
    assert ran.returncode == 2
    assert "RC121" in ran.stderr
    assert path.read_text() == "raicheck: 1\n"
    (kept,) = tmp_path.glob("*.recovered-1.raicheck.yaml")
    assert len(spec_in(kept).answers) == 2


def test_where_nothing_can_be_written_the_answers_are_shown(tmp_path: Path) -> None:
    def full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    ran = subprocess.run(
        [*ASK, *ONE_LAW, "feature"], cwd=tmp_path, env={**ENV, "PYTHONDONTWRITEBYTECODE": "1"}, input="1\nq\n",
        capture_output=True, text=True, timeout=60, check=False, preexec_fn=full_disk,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "RC121" in ran.stderr
    assert "technique: [learned]" in ran.stdout
    assert not list(tmp_path.iterdir())


def test_two_sittings_on_one_file_keep_both_answers(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\n")
    first, second = (terminal(tmp_path, "--plain", str(path)) for _ in range(2))
    for child in (first, second):
        child.expect(PROMPT)
    answer_one(first)
    first.expect(PROMPT)
    second.sendline("2")
    second.expect("changed by somebody else meanwhile: 1 of their answers")
    second.expect("Which answer counts")
    second.expect(PROMPT)
    second.sendline("1")
    second.expect(PROMPT)
    answer_one(second)
    second.expect(PROMPT)
    answer_one(first)
    first.expect("changed by somebody else meanwhile")
    for child in (first, second):
        child.close(force=True)
    time.sleep(0.1)
    spec = spec_in(path)
    assert len(spec.answers) >= 2
    (technique,) = [a for f, a in spec.answers.items() if f == next(iter(spec.answers))]
    assert not technique.unsure


def test_a_comment_written_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "feature.raicheck.yaml"
    path.write_text("raicheck: 1\n")
    child = terminal(tmp_path, "--plain", str(path))
    child.expect(PROMPT)
    path.write_text("# agreed on Monday\nraicheck: 1\n")
    answer_one(child)
    child.expect(PROMPT)
    child.close(force=True)
    assert path.read_text().startswith("# agreed on Monday\nraicheck: 1\nanswers:\n")


# The file on disk


def test_a_write_notices_another_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one\n")
    file = SpecFile(path)
    path.write_text("two\n")
    with pytest.raises(Changed) as changed:
        file.write("three\n")
    assert changed.value.text == "two\n"
    assert path.read_text() == "two\n"
    file.write("three\n")
    assert path.read_text() == "three\n"


def test_mode_marks_and_links_survive_a_write(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbfone\r\n")
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    SpecFile(link).write("two\r\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"\xef\xbb\xbftwo\r\n"
    assert real.stat().st_mode & 0o777 == 0o640


def test_recovery_files_do_not_overwrite_each_other(tmp_path: Path) -> None:
    made = [recovery_file(tmp_path / "a.raicheck.yaml", text) for text in ("one", "two")]
    assert [m.path.name for m in made if m] == ["a.recovered-1.raicheck.yaml", "a.recovered-2.raicheck.yaml"]
    assert [m.path.read_text() for m in made if m] == ["one", "two"]


def test_back_goes_further_back_and_quitting_works_in_a_question_asked_again(tmp_path: Path) -> None:
    ran = piped(tmp_path, "1\n1\nb\nh\nb\n2\nb\nq\n1\n", "feature")
    assert ran.returncode == 0
    assert ran.stdout.count("The answer stays as it was.") == 2
    assert ran.stdout.count("w what we know so far") == 2
    answers = spec_in(tmp_path / "feature.raicheck.yaml").answers
    assert sorted(answers) == ["product.technique", "purpose.areas"]
    assert getattr(answers["product.technique"].known, "has", ()) == {"knowledge"}
