"""Every code has its page, and the example on the page produces the code."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from raicheck.cli import main
from raicheck.codes import codes, page, title

SOURCE = Path(__file__).resolve().parent.parent / "src" / "raicheck"
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_NO_EXAMPLE = {"RC114", "RC120", "RC121", "RC508", "RC601"}  # do not come from a check; their own tests produce them


def used_codes() -> set[str]:
    return {c for p in SOURCE.rglob("*.py") for c in re.findall(r'"(RC[1-9]\d\d)"', p.read_text(encoding="utf-8"))}


def example(code: str) -> Iterator[tuple[str, str, str]]:
    part = page(code).partition("## Example")[2].partition("## Instead")[0]
    for kind, name, text in _FENCE.findall(part):
        yield kind, name.strip(), text


@pytest.mark.parametrize("code", sorted(used_codes()))
def test_every_code_has_a_page(code: str) -> None:
    text = page(code)
    assert text.startswith(f"# {code}: {title(code)}\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## What",
        "## Why",
        "## Example",
        "## Instead",
    ]


def test_no_page_about_a_code_that_is_gone() -> None:
    assert set(codes()) <= used_codes()


@pytest.mark.parametrize("code", [c for c in codes() if not c.startswith("RC5") and c not in _NO_EXAMPLE])
def test_the_example_produces_the_code(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code in {f["code"] for f in found(code, tmp_path, monkeypatch, capsys)}


@pytest.mark.parametrize(
    "code", [c for c in codes() if c in ("RC501", "RC502", "RC503", "RC504", "RC505", "RC506", "RC507", "RC509")]
)
def test_the_example_of_a_company_ruleset_produces_the_code(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code in {f["code"] for f in found(code, tmp_path, monkeypatch, capsys)}


def found(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, str]]:
    """Lay out the files of an example, run its commands (`raicheck check` by default), give the findings."""
    monkeypatch.chdir(tmp_path)
    commands = ["raicheck check"]
    for kind, name, text in example(code):
        if name:
            Path(name).write_text(text, encoding="utf-8")
        elif kind == "sh":
            commands = text.splitlines()
    output = ""
    for command in commands:
        if command.startswith("raicheck check"):
            argv = shlex.split(command)[1:]
            main([*argv, "--format", "json", *([] if "--as-of" in argv else ["--as-of", "2026-11-20"])])
            output = capsys.readouterr().out
        else:
            subprocess.run(["/bin/sh", "-c", command], check=True, env=dict(os.environ))
    findings: list[dict[str, str]] = json.loads(output)["findings"]
    return findings
