"""Mutated input never breaks a check; the full count is in benchmarks/fuzz.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from raicheck.cli import main
from raicheck.files import read_text

_FILE = Path(__file__).resolve().parent.parent / "benchmarks" / "fuzz.py"
_SPEC = importlib.util.spec_from_file_location("fuzz", _FILE)
assert _SPEC
assert _SPEC.loader
fuzz = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(fuzz)


@pytest.mark.parametrize("first", [0, 1_000, 2_000])
def test_mutated_specs_and_settings(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "LIMIT", 10.0)  # other tests run beside
    assert fuzz.fuzz(60, first) == 0


def test_a_file_without_end_is_read_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "x.raicheck.yaml").symlink_to("/dev/zero")
    text, findings = read_text(tmp_path / "x.raicheck.yaml")
    assert text == ""
    assert [f.code for f in findings] == ["RC102"]


def test_many_mistakes_stop_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "raicheck: 1\n" + "".join(f"k{n}: 1\n" for n in range(50_000))
    Path("x.raicheck.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "--format", "github"]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 51
    assert "RC115" in lines[-1]
