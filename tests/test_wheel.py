"""The wheel, installed into an empty environment, does the main job from any directory."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-20"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the hatchling that is installed: no network."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    [built] = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `raicheck` of an environment that has the wheel, and borrows the dependencies of this one."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin/python")]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    [packages] = home.glob("lib/python*/site-packages")
    # What a .pth file names is searched last, and .pth files in there are not read: no editable raicheck.
    borrowed = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (packages / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return home / "bin/raicheck"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A directory that has nothing but the examples."""
    for spec in (ROOT / "examples").glob("*.raicheck.yaml"):
        (tmp_path / spec.name).write_bytes(spec.read_bytes())
    return tmp_path


def run(program: Path, cwd: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run([program, *args], cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_the_wheel_ships_every_ruleset_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = [path for path in (ROOT / "rulesets").rglob("*") if path.is_file()]
    assert shipped
    assert {f"raicheck/rulesets/{path.relative_to(ROOT / 'rulesets')}" for path in shipped} <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"raicheck"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_installed_code_is_the_one_of_the_wheel(program: Path, elsewhere: Path) -> None:
    python = program.with_name("python")
    done = run(python, elsewhere, "-c", "import raicheck.shipped as s; print(s.__file__); print(s.rulesets_dir())")
    assert done.stderr == ""
    assert all(line.startswith(str(program.parent.parent)) for line in done.stdout.splitlines())


def test_check_from_another_directory(program: Path, elsewhere: Path) -> None:
    only = ("--ruleset", "eu_ai_act", "--as-of", DAY)
    clean = run(program, elsewhere, "check", "spam-filter.raicheck.yaml", *only)
    assert (clean.returncode, clean.stderr) == (0, "")
    prohibited = run(program, elsewhere, "check", "call-centre-emotion.raicheck.yaml", *only)
    assert prohibited.returncode == 1
    assert "Traceback" not in prohibited.stderr
    assert "prohibited" in prohibited.stdout.lower()


@pytest.mark.parametrize(("name", "start"), [("report.pdf", b"%PDF-"), ("report.html", b"<!DOCTYPE html>")])
def test_report_from_another_directory(program: Path, elsewhere: Path, name: str, start: bytes) -> None:
    done = run(program, elsewhere, "report", "cv-screening.raicheck.yaml", "--as-of", DAY, "-o", name)
    assert done.returncode == 0, done.stderr
    assert (elsewhere / name).read_bytes().lower().startswith(start.lower())


def test_explain_from_another_directory(program: Path, elsewhere: Path) -> None:
    done = run(program, elsewhere, "explain", "cv-screening.raicheck.yaml", "--as-of", DAY)
    assert done.returncode == 0, done.stderr
