"""Compiled copies of rulesets are the rulesets, or are not used."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from raicheck import Rulesets, assess, compiled, load_spec_file
from raicheck.check import check
from raicheck.compiled import compiled_text, load_compiled, read_compiled, read_shelf
from raicheck.frozen import fields
from raicheck.load import load_rulesets
from raicheck.model import Place
from raicheck.shipped import rulesets_dir
from raicheck.slim import slim

IDS = ("common",)


def same(a: object, b: object) -> bool:
    """Equal but for places, which a copy leaves out."""
    if isinstance(a, Place):
        return b is None
    if type(a) is not type(b):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if hasattr(a, "__match_args__"):
        return all(same(getattr(a, n), getattr(b, n)) for n in fields(a))
    return a == b


def test_a_copy_of_all_rulesets_is_the_same() -> None:
    rulesets, findings = load_rulesets(rulesets_dir())
    assert not findings
    copy = read_compiled(compiled_text(rulesets))
    assert same(rulesets, copy)


def test_the_copy_is_used_once_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    shelf = read_shelf(rulesets_dir())
    first, _ = load_compiled(shelf, IDS)
    (copy,) = (tmp_path / "raicheck").iterdir()
    second, findings = load_compiled(shelf, IDS)
    assert not findings
    assert same(first, second)
    assert second.bank.topics == first.bank.topics
    assert next(iter(second.bank.questions.values())).place is None  # from the copy
    assert read_compiled(copy.read_text(encoding="utf-8")) == second


@pytest.mark.parametrize("damage", ["", "{}", "x" * 50, "0\n[]"])
def test_a_damaged_copy_is_not_used(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    shelf = read_shelf(rulesets_dir())
    load_compiled(shelf, IDS)
    (copy,) = (tmp_path / "raicheck").iterdir()
    copy.write_text(damage, encoding="utf-8")
    rulesets, findings = load_compiled(shelf, IDS)
    assert not findings
    assert "common" in rulesets.by_id


def test_one_changed_letter_is_noticed() -> None:
    rulesets, _ = load_rulesets(rulesets_dir(), IDS)
    text = compiled_text(rulesets)
    assert read_compiled(text.replace("common", "commom", 1)) is None


def test_without_a_place_to_write_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    rulesets, findings = load_compiled(read_shelf(rulesets_dir()), IDS)
    assert not findings
    assert rulesets.by_id


def test_a_folder_that_others_can_write_to_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "raicheck").mkdir()
    os.chmod(tmp_path / "raicheck", 0o777)
    load_compiled(read_shelf(rulesets_dir()), IDS)
    assert not list((tmp_path / "raicheck").iterdir())


def test_any_change_of_a_file_makes_another_key(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    law = tmp_path / "law.yaml"
    law.write_text("format: 1\nkind: law\n", encoding="utf-8")
    before = read_shelf(tmp_path)
    assert before.laws == ("law",)
    law.write_text("format: 1\nkind: company\n", encoding="utf-8")
    after = read_shelf(tmp_path)
    assert after.laws == ()
    assert compiled.compiled_name(before, IDS) != compiled.compiled_name(after, IDS)


def test_watched_laws_are_cut_down_and_say_the_same(shipped: Rulesets) -> None:
    watched = ["dpdpa", "ccpa", "india_synthetic_media"]
    small = slim(shipped, watched)
    assert not small.by_id["dpdpa"].obligations
    assert len(small.by_id["dpdpa"].rules) < len(shipped.by_id["dpdpa"].rules)
    assert small.by_id["gdpr"] == shipped.by_id["gdpr"]
    codes: set[str] = set()
    for path in sorted((rulesets_dir().parent / "examples").glob("*.raicheck.yaml")):
        spec, _ = load_spec_file(path, shipped)
        assert spec is not None
        found = [
            check(assess(spec, r, date(2026, 11, 20), ["gdpr"]), [r.by_id[i] for i in watched])
            for r in (small, shipped)
        ]
        assert found[0] == found[1]
        codes |= {f.code for f in found[0]}
    assert "RC314" in codes


def test_with_a_copy_nothing_is_imported_that_reads_rulesets(tmp_path: Path) -> None:
    (tmp_path / "x.raicheck.yaml").write_text("raicheck: 1\n", encoding="utf-8")
    program = (
        "import sys; from raicheck.cli import main; main(['check', '--format', 'github']); "
        "print(sorted({'raicheck.load', 'subprocess', 'tempfile', 'difflib'} & set(sys.modules)))"
    )
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(rulesets_dir().parent / "src")}
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert "raicheck.load" in runs[0].stdout.splitlines()[-1]
    assert runs[1].stdout.splitlines()[-1] == "[]"
