"""What a check found before is used for exactly the same, and never in the way."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from raicheck import Rulesets
from raicheck.checked import Checked
from raicheck.cli import check as command
from raicheck.cli import main
from raicheck.files import read_text
from raicheck.remembered import Remembered, code_hash, forget_old, results_for
from raicheck.runner import Checker, Order

DAY = "2026-11-20"
EXAMPLES = sorted((Path(__file__).resolve().parent.parent / "examples").glob("*.raicheck.yaml"))
BROKEN = "raicheck: 1\nanswers: {data: {personal: perhaps}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The examples and a broken file, with a cache of their own that is used however few there are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(command, "_WORTH_KEEPING", 1)
    here = tmp_path / "specs"
    here.mkdir()
    for path in EXAMPLES:
        shutil.copy(path, here)
    (here / "broken.raicheck.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.chdir(here)
    return here


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    code = main(["check", "--as-of", DAY, *argv])
    return code, capsys.readouterr().out


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "raicheck").glob("*.checks"))


def only_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("checked anew")

    monkeypatch.setattr("raicheck.runner.load_document_text", refuse)


@pytest.mark.parametrize("options", [(), ("-v",), ("--format", "sarif"), ("--format", "markdown"), ("--jobs", "2")])
def test_a_second_run_says_the_same_without_checking(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    first = run(capsys, *options)
    assert first == run(capsys, *options, "--no-cache")
    only_remembered(monkeypatch)
    assert run(capsys, *options) == first


@pytest.mark.parametrize(
    ("options", "change"),
    [
        (("--as-of", "2026-11-21"), ""),
        (("-v",), ""),
        (("--ruleset", "gdpr"), ""),
        (("--diff", "HEAD"), ""),
        (("--format", "json"), ""),
        (("--no-cache",), ""),
        ((), "# another line\n"),
    ],
)
def test_another_day_text_or_question_is_checked_anew(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    change: str,
) -> None:
    monkeypatch.setattr("raicheck.cli.check.is_commit", lambda *_: True)
    run(capsys)
    only_remembered(monkeypatch)
    run(capsys)
    if change:
        with (folder / EXAMPLES[0].name).open("a", encoding="utf-8") as stream:
            stream.write(change)
    with pytest.raises(AssertionError, match="checked anew"):
        run(capsys, *options)


def test_other_code_or_rules_have_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before = code_hash("rules")
    assert before is not None
    assert before == code_hash("rules") != code_hash("others")
    assert results_for(before, 1) == results_for(before, 1) != results_for(before, 2)
    code = tmp_path / "code"
    code.mkdir()
    monkeypatch.setattr("raicheck.remembered.PACKAGE", code)
    assert code_hash("rules") is None  # nothing to tell versions apart by
    (code / "code.py").write_text("x = 1\n", encoding="utf-8")
    one = code_hash("rules")
    (code / "code.py").write_text("x = 2\n", encoding="utf-8")
    assert one is not None
    assert code_hash("rules") != one


def test_rules_that_change_while_they_are_read_are_not_kept_by(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hashes = iter(("before", "after"))
    monkeypatch.setattr("raicheck.remembered.code_hash", lambda _: next(hashes))
    run(capsys)
    assert not kept(tmp_path)


def test_a_spec_with_evidence_is_never_remembered(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = folder / "evidence.raicheck.yaml"
    done = "obligations: {eu_ai_act.ai-literacy: {progress: done, owner: x, evidence: [{path: proof.pdf}]}}\n"
    spec.write_text(f"raicheck: 1\nanswers: {{data: {{personal: no}}}}\n{done}", encoding="utf-8")
    assert "proof.pdf does not exist" in run(capsys, str(spec))[1]
    (folder / "proof.pdf").write_text("signed", encoding="utf-8")
    assert "proof.pdf" not in run(capsys, str(spec))[1]


def other_shapes(raw: bytes) -> Iterator[bytes]:
    """The lines with the right hash of something that is no result."""
    bodies = (
        b"[" * 100_000,
        b'{"a": 1}',
        b'{"file": "x", "name": "", "findings": [], "rows": [], "notes": []}',
        b"[[]]",
    )
    for line, body in zip(raw.split(b"\n"), cycle(bodies), strict=False):
        packed = b64encode(zlib.compress(body))
        yield b" ".join((line[:32], hashlib.sha256(packed).hexdigest()[:32].encode(), packed))


@pytest.mark.parametrize("damage", ["bit", "cut", "junk", "other", "folder", "pipe"])
def test_what_is_damaged_is_checked_anew(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    first = run(capsys)
    (file,) = kept(tmp_path)
    raw = file.read_bytes()
    match damage:
        case "bit":
            file.write_bytes(b"\n".join(line[:-9] + b"A" + line[-8:] for line in raw.split(b"\n") if line))
        case "cut":
            file.write_bytes(raw[: len(raw) // 2])
        case "junk":
            file.write_bytes(os.urandom(5_000))
        case "other":
            file.write_bytes(b"\n".join(other_shapes(raw)))
        case "folder":
            file.unlink()
            file.mkdir()
        case _:
            file.unlink()
            os.mkfifo(file)
            reader = os.open(file, os.O_RDONLY | os.O_NONBLOCK)  # else whoever writes waits for one
    assert run(capsys) == first
    if damage == "pipe":
        os.close(reader)


def test_results_are_the_users_own(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys)
    (file,) = kept(tmp_path)
    assert file.stat().st_mode & 0o077 == 0


def test_a_full_file_grows_no_more(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("raicheck.remembered._MOST", 100)
    first = run(capsys)
    assert kept(tmp_path)[0].stat().st_size == 0
    assert run(capsys) == first


def test_a_name_that_is_no_text_is_looked_up_as_any(tmp_path: Path) -> None:
    assert Remembered(tmp_path, "x").find("a\ud800.raicheck.yaml", "t") is None


def test_a_cache_that_cannot_be_written_is_no_problem(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    first = run(capsys, "--no-cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert run(capsys) == first


def test_others_may_not_write_the_results(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys)
    cache = tmp_path / "cache" / "raicheck"
    cache.chmod(0o777)
    for file in kept(tmp_path):
        file.unlink()
    run(capsys)
    assert not kept(tmp_path)


def test_few_files_are_not_looked_up(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_WORTH_KEEPING", 100)
    run(capsys)
    assert not kept(tmp_path)


def test_old_results_go(tmp_path: Path) -> None:
    for number in range(7):
        file = tmp_path / f"{number}.checks"
        file.write_text("", encoding="utf-8")
        os.utime(file, (number, number))
    forget_old(tmp_path)
    assert [f.name for f in sorted(tmp_path.iterdir())] == ["3.checks", "4.checks", "5.checks", "6.checks"]


@pytest.mark.parametrize("notes", [False, True])
def test_results_come_back_as_they_were(shipped: Rulesets, tmp_path: Path, notes: bool) -> None:
    laws = tuple(i for i, law in shipped.by_id.items() if law.kind == "law")
    checker = Checker(shipped, Order(date(2026, 11, 20), laws, notes=notes))
    results: list[tuple[str, Checked]] = [(read_text(p)[0], checker.check_all([p])[0]) for p in EXAMPLES]
    Remembered(tmp_path, "x" * 64).add(results)
    again = Remembered(tmp_path, "x" * 64)
    assert [again.find(one.file, text) for text, one in results] == [one for _, one in results]
    assert again.find("elsewhere.yaml", results[0][0]) is None
    assert Remembered(tmp_path, "y" * 64).find(results[0][1].file, results[0][0]) is None
