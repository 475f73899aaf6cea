"""`raicheck init`: settings, hook entry, schema and a first spec."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from pathlib import Path

import click

from raicheck.cli.schema import schema_of
from raicheck.cli.write import write_text
from raicheck.config import find_config
from raicheck.discover import find_specs
from raicheck.splice import SCHEMA, SCHEMA_LINE

_SETTINGS = """\
# Settings of raicheck; see: raicheck schema config
rulesets = ["eu_ai_act", "gdpr", "dpdpa"]
# paths = ["specs"]
# fail-on = ["error"]          # or a class: ["high"]
"""
_HOOK = """\
- repo: local
  hooks:
    - id: raicheck
      name: raicheck
      entry: raicheck check
      language: system
      files: '(\\.raicheck\\.yaml|(^|/)raicheck\\.(yaml|toml)|(^|/)pyproject\\.toml|\\.md)$'
      pass_filenames: false
"""
_SPEC = """\
{schema}
# Facts about one feature with one purpose. Go on with: raicheck ask {file}
raicheck: 1
feature: {{id: my-feature, name: My feature, owner: "", stage: idea}}
"""


@click.command(help="Set up a project: settings, pre-commit hook, first spec.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
def command(folder: Path) -> int:
    """Nothing that exists is changed, but for the schema, which is ours, and the hook entry that is added."""
    schema = schema_of("spec")
    if schema is None:
        return 2
    (folder / SCHEMA).parent.mkdir(exist_ok=True)
    _renew(folder / SCHEMA, json.dumps(schema, ensure_ascii=False, separators=(",", ":")) + "\n")
    config = find_config(folder.resolve())
    if config is None:
        _create(folder / "raicheck.toml", _SETTINGS)
    else:
        _say("kept", config, folder)
    _add_hook(folder / ".pre-commit-config.yaml")
    specs = find_specs([folder])[0]
    spec = folder / "my-feature.raicheck.yaml"
    if not specs:
        _create(spec, _SPEC.format(schema=SCHEMA_LINE, file=spec.name))
    click.echo("next:    pre-commit install     (once in each clone, for the hook)")
    click.echo(f"         raicheck ask {shlex.quote(str(spec))}" if not specs else "         raicheck check")
    return 0


def _say(what: str, path: Path, folder: Path) -> None:
    inside = path.is_relative_to(folder.resolve())
    click.echo(f"{what:8} {folder / path.relative_to(folder.resolve()) if inside else path}")


def _renew(path: Path, text: str) -> None:
    """What is generated follows the version of raicheck."""
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") == text:
        click.echo(f"kept     {path}")
        return
    said = "renewed" if path.exists() else "written"
    write_text(path, text)
    click.echo(f"{said:8} {path}")


def _create(path: Path, text: str) -> None:
    if path.exists():
        click.echo(f"kept     {path}")
        return
    write_text(path, text)
    click.echo(f"written  {path}")


def _add_hook(path: Path) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else "repos:\n"
    first = re.search(r"^( *)- repo:", before, re.MULTILINE)
    entry = textwrap.indent(_HOOK, first[1] if first else "  ")
    if "id: raicheck" in before:
        click.echo(f"kept     {path}")
    elif _ends_in_repos(before):
        write_text(path, before.rstrip("\n") + "\n" + entry)
        click.echo(f"hook in  {path}")
    else:
        click.echo(f"add this under 'repos:' in {path}:\n{entry}", nl=False)


def _ends_in_repos(text: str) -> bool:
    """Whether what is added at the end belongs to the list `repos:`."""
    _, found, rest = text.rpartition("repos:\n")
    return bool(found) and all(line.startswith((" ", "-", "#")) or not line for line in rest.splitlines())
