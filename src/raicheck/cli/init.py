"""`raicheck init`: settings, hook entry, schema and a first spec."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import click

from raicheck.cli.schema import schema_of, schema_text
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
    """Nothing that exists is changed, but for the hook entry added to .pre-commit-config.yaml."""
    schema = schema_of("spec")
    if schema is None:
        return 2
    (folder / SCHEMA).parent.mkdir(exist_ok=True)
    _create(folder / SCHEMA, schema_text(schema))
    if find_config(folder.resolve()) is None:
        _create(folder / "raicheck.toml", _SETTINGS)
    _add_hook(folder / ".pre-commit-config.yaml")
    if not find_specs([folder])[0]:
        spec = folder / "my-feature.raicheck.yaml"
        _create(spec, _SPEC.format(schema=SCHEMA_LINE, file=spec.name))
        click.echo(f"next: describe your feature with: raicheck ask {spec}")
    return 0


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
