"""`raicheck schema spec|config|ruleset|output`."""

from __future__ import annotations

import json

import click

from raicheck.cli.common import rulesets_or_none
from raicheck.schema import Schema, config_schema, ruleset_schema, spec_schema


@click.command(
    help="Print the JSON Schema of a FORMAT, for editors: spec, config, ruleset, or output (of check --format json)."
)
@click.argument("format_", metavar="FORMAT", type=click.Choice(["spec", "config", "ruleset", "output"]))
def command(format_: str) -> int:
    """FORMAT is spec, config, ruleset or output (of check --format json)."""
    schema = schema_of(format_)
    if schema is None:
        return 2
    click.echo(schema_text(schema), nl=False)
    return 0


def schema_of(format_: str) -> Schema | None:
    """The schema of a format; none if the rulesets of the project are broken."""
    if format_ == "config":
        return config_schema()
    if format_ == "ruleset":
        return ruleset_schema()
    if format_ == "output":
        from raicheck.record import json_schema  # pydantic

        return json_schema()
    rulesets = rulesets_or_none(None)
    return None if rulesets is None else spec_schema(rulesets)


def schema_text(schema: Schema) -> str:
    """A schema as a file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
