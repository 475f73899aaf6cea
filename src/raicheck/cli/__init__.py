"""The command line: parse, call one core function, print, return an exit code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

# name → (module, help): commands are imported when used, so that `check` starts fast
_COMMANDS = {
    "ask": ("ask", "Describe a feature by answering questions, or go on with it."),
    "check": ("check", "Check specs: what blocks, what is open, what is broken."),
    "report": ("report", "Write the report for legal review."),
    "sign": ("sign", "Sign a report."),
    "verify": ("verify", "Check a report: its signatures, and its results computed again."),
    "explain": ("explain", "Show why a rule applies or not, and what would change it."),
    "questions": ("questions", "List the questions that a spec answers, or explain one."),
    "crosswalk": ("crosswalk", "Show which work serves several laws and frameworks, and what it leaves out."),
    "init": ("init", "Set up a project: settings, pre-commit hook, first spec."),
    "schema": ("schema", "Print the JSON Schema of a file format, for editors."),
    "codes": ("codes", "List the codes of findings, or explain one."),
    "rulesets": ("rulesets", "List, show, check and test the rulesets."),
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"raicheck.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from raicheck.read import nearest

            hint = nearest(args[0], _COMMANDS)
            ctx.fail(f"no command '{args[0]}'" + (f": {hint}" if hint else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="raicheck", message="raicheck %(version)s")
def cli() -> None:
    """Which AI and privacy laws apply to your feature, what they ask, and what is still unknown.

    Start with: raicheck ask my-feature.raicheck.yaml
    """


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0 clean, 1 findings, 2 broken input or call, 130 interrupted."""
    try:
        result = cli.main(args=None if argv is None else list(argv), prog_name="raicheck", standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except click.ClickException as error:
        error.show(sys.stderr)
        return 2
    except OSError as error:  # a full disk, a file that vanished, standard output closed
        click.echo(f"raicheck: {error}", err=True)
        return 2
    return result if isinstance(result, int) else 0
