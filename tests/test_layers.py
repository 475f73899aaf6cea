"""Imports run one way, and a check loads nothing it does not need."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "raicheck"
# From low to high: a module imports only what stands before it. `__init__` names the public API.
# fmt: off
ORDER = (
    # words, files
    "shipped", "codes", "frozen", "model", "placements", "compare", "frontmatter", "threshold", "provisions",
    "save", "discover",
    # text with places, three-valued logic
    "nodes", "source", "read", "kleene", "dated", "leaves", "holds", "worlds", "closures", "rests", "logic",
    "facts", "reach", "unknowns", "words", "dates",
    "diagram",
    # the verdict
    "duties", "evaluation", "outcome", "assess",
    # text to model
    "answers", "conditions", "load_bank", "load_ruleset", "load_spec", "files", "references", "load",
    "slim", "compiled",
    # what is made of it
    "explain", "flips", "stakes", "grid", "trials", "joint", "ask",
    "cases", "coverage", "mutate", "lint", "render", "signoff", "undone", "where", "unsettled", "check", "typed",
    "splice", "talk", "prefill", "crosswalk",
    # what leaves
    "assessment_json", "record", "evidence", "history", "changes", "checked", "remembered", "runner",
    "baseline", "config", "schema", "overlays", "output", "report",
    # what is signed
    "verify", "sign",
    "cli", "__main__",
)
# fmt: on
LATE = {"pydantic", "jinja2", "weasyprint", "numpy", "questionary", "docx", "pyhanko"}
# The one module that may import each library.
SITES = {"yaml": "source", "click": "cli", "pydantic": "record", "jinja2": "report", "weasyprint": "report"}
MODULES = sorted(SOURCE.rglob("*.py"))


def relative(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def layer(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every imported module, also those imported late; `from raicheck import x` counts as raicheck.x."""
    for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(part, ast.Import):
            yield from (name.name for name in part.names)
        elif isinstance(part, ast.ImportFrom):
            assert part.level == 0, f"{path}:{part.lineno}: relative import"
            module = part.module or ""
            yield from ((f"raicheck.{name.name}" for name in part.names) if module == "raicheck" else [module])


def test_every_module_has_a_place_in_the_order() -> None:
    found = {layer(path) for path in MODULES} - {"__init__"}
    assert found == set(ORDER), "add a new module to ORDER above, where its imports allow it"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_run_one_way(path: Path) -> None:
    here = layer(path)
    allowed = {here, *(ORDER if here == "__init__" else ORDER[: ORDER.index(here)])}
    own = {name.split(".")[1] for name in imports(path) if name.startswith("raicheck.")}
    assert own <= allowed


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_each_library_has_one_site(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)} & SITES.keys()
    assert {SITES[library] for library in used} <= {layer(path)}


@pytest.mark.parametrize("example", ["spam-filter", "cv-screening"])
def test_a_check_imports_no_heavy_library(example: str) -> None:
    spec = ROOT / "examples" / f"{example}.raicheck.yaml"
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "raicheck",
        "check",
        str(spec),
        "--as-of",
        "2026-11-20",
    ]
    env = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1), done.stdout[-2000:]
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "raicheck" in loaded
    assert not loaded & LATE
