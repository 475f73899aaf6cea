"""Adopting the check: pre-commit, init, schemas, what changed since a commit."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from raicheck import Rulesets
from raicheck.cli import main
from raicheck.config import KEYS
from raicheck.schema import config_schema, ruleset_schema, spec_schema

ROOT = Path(__file__).resolve().parent.parent
PROHIBITED = """\
raicheck: 1
answers:
  product: {technique: [learned]}
  origin: {we: [use]}
  market: {seat: [eu]}
  deployment: {setting: organised}
  purpose: {areas: [biometrics]}
  biometrics: {functions: [reads_feelings]}
  emotion: {whose: [staff], reason: []}
"""
SETTINGS = 'rulesets = ["eu_ai_act"]\nas-of = 2026-11-20\n'


def git(*argv: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    done = subprocess.run(["git", *who, *argv], check=True, capture_output=True, text=True, env=env)
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A throwaway git repository, and `raicheck` on the path."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    script = bin_ / "raicheck"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m raicheck "$@"\n', encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{bin_}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "-q")
    Path("raicheck.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def pre_commit() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"], capture_output=True, text=True
    )


def hooks_repository(folder: Path) -> str:
    """A repository that offers our hooks, and its revision."""
    folder.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", folder)
    git("-C", str(folder), "init", "-q")
    git("-C", str(folder), "add", ".")
    git("-C", str(folder), "commit", "-qm", "hooks")
    return git("-C", str(folder), "rev-parse", "HEAD").strip()


def test_our_hook_under_the_real_pre_commit(repository: Path, tmp_path: Path) -> None:
    revision = hooks_repository(tmp_path / "hooks")
    config = (
        f"repos: [{{repo: '{tmp_path / 'hooks'}', rev: {revision}, hooks: [{{id: raicheck, language: system}}]}}]\n"
    )
    Path(".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    Path("mood.raicheck.yaml").write_text(PROHIBITED, encoding="utf-8")
    git("add", ".")
    ran = pre_commit()
    assert ran.returncode == 1, ran.stderr
    assert "error RC301" in ran.stdout
    Path("mood.raicheck.yaml").write_text(PROHIBITED.replace("[learned]", "[fixed_rules]"), encoding="utf-8")
    Path("prd.md").write_text("---\nraicheck: 1\nanswer: 1\n---\n", encoding="utf-8")
    git("add", ".")
    ran = pre_commit()
    assert "exit code: 2" in ran.stdout
    assert "prd.md:3:1: error RC202" in ran.stdout


def test_init_makes_a_project_that_pre_commit_checks(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    made = {p.name for p in repository.iterdir()} - {".git"}
    assert made == {"raicheck.toml", ".raicheck", ".pre-commit-config.yaml", "my-feature.raicheck.yaml"}
    assert Path("raicheck.toml").read_text(encoding="utf-8") == SETTINGS  # was there
    git("add", ".")
    ran = pre_commit()
    assert ran.returncode == 1
    assert "my-feature.raicheck.yaml:4:1: error RC302: nothing is described yet" in ran.stdout
    assert "help: run: raicheck ask my-feature.raicheck.yaml" in ran.stdout
    assert ": 1 error\n" in ran.stdout
    before = {p: p.read_bytes() for p in repository.iterdir() if p.is_file()}
    assert main(["init"]) == 0
    assert {p: p.read_bytes() for p in repository.iterdir() if p.is_file()} == before


def test_init_again_names_every_file_and_renews_the_schema(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init"])
    assert "pre-commit install" in capsys.readouterr().out
    schema = repository / ".raicheck" / "schema.json"
    now = schema.read_text(encoding="utf-8")
    assert now.count("\n") == 1
    schema.write_text("{}", encoding="utf-8")  # of an older raicheck
    main(["init"])
    said = capsys.readouterr().out
    assert "renewed  .raicheck/schema.json" in said
    assert "kept     raicheck.toml" in said
    assert schema.read_text(encoding="utf-8") == now


@pytest.mark.parametrize("indent", ["", "  "])
def test_init_adds_a_hook_to_those_there(indent: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = f"# ours\nrepos:\n{indent}- repo: local\n{indent}  hooks: []\n"
    Path(".pre-commit-config.yaml").write_text(there, encoding="utf-8")
    main(["init"])
    text = Path(".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert text.startswith(there)
    assert [h["id"] for r in yaml.safe_load(text)["repos"] for h in r["hooks"]] == ["raicheck"]


@pytest.mark.parametrize(
    "there", ["repos: []\n", "repos:\n  - repo: local\n    hooks: []\ndefault_stages: [pre-push]\n"]
)
def test_init_says_what_to_add_where_it_cannot(
    there: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".pre-commit-config.yaml").write_text(there, encoding="utf-8")
    main(["init"])
    assert Path(".pre-commit-config.yaml").read_text(encoding="utf-8") == there
    assert "- id: raicheck" in capsys.readouterr().out


# Changes


def test_what_changed_since_a_commit(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mood.raicheck.yaml").write_text(PROHIBITED.replace("[staff]", "[customers]"), encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "one")
    Path("mood.raicheck.yaml").write_text(PROHIBITED, encoding="utf-8")
    Path("new.raicheck.yaml").write_text("raicheck: 1\n", encoding="utf-8")
    main(["check", "--diff", "HEAD", "--format", "json"])
    mood, new = (a["changes"] for a in json.loads(capsys.readouterr().out)["assessments"])
    assert mood[0].startswith("answer emotion.whose: ")
    assert "EU AI Act: label “Prohibited practice”: does not hold → holds" in mood
    assert any("obligation" in line for line in mood)
    assert new == ["not there at HEAD"]
    main(["check", "--diff", "HEAD"])
    assert "changed: answer emotion.whose" in capsys.readouterr().out
    main(["check", "--diff", "HEAD", "--format", "markdown"])
    assert "#### Changed" in capsys.readouterr().out


@pytest.mark.parametrize("ref", ["nowhere", "--all", ""])
def test_a_commit_that_is_none(ref: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mood.raicheck.yaml").write_text(PROHIBITED, encoding="utf-8")
    assert main(["check", f"--diff={ref}"]) == (2 if ref else 1)


# Schemas


class _Core(yaml.SafeLoader):
    """YAML as editors read it: dates and yes/no are text."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in kinds if tag.endswith((":int", ":float", ":null"))]
    for first, kinds in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def core(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Core)


def test_the_examples_fit_the_schema_of_specs(shipped: Rulesets) -> None:
    schema = spec_schema(shipped)
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in sorted((ROOT / "examples").glob("*.raicheck.yaml")):
        jsonschema.Draft202012Validator(schema).validate(core(path))


@pytest.mark.parametrize(
    "text",
    [
        "raicheck: 1\nanswer: {}",
        "raicheck: 1\nanswers: {origin: {build_by: us}}",
        "raicheck: 1\nanswers: {origin: {built_by: them}}",
        "raicheck: 1\nplacements: [{market: eu, first: soon}]",
        "raicheck: 1\nobligations: {eu_ai_act.ai-literacy: {progress: finished}}",
        "feature: {}",
    ],
)
def test_the_schema_of_specs_catches_what_the_check_refuses(text: str, shipped: Rulesets) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(spec_schema(shipped)).validate(yaml.load(text, Loader=_Core))


def test_the_rulesets_fit_the_schema_of_rulesets() -> None:
    schema = ruleset_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in sorted((ROOT / "rulesets").glob("*.yaml")):
        jsonschema.Draft202012Validator(schema).validate(core(path))


def test_the_schema_of_settings_knows_every_setting() -> None:
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(KEYS)
    jsonschema.Draft202012Validator(schema).validate({"rulesets": ["gdpr"], "fail-on": ["high", "RC401"]})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({"fail-on": ["eror"]})


@pytest.mark.parametrize("format_", ["spec", "config", "ruleset", "output"])
def test_the_command_prints_a_schema(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", format_]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].endswith("2020-12/schema")
