"""What several commands share: options, loading with findings shown, safe text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from raicheck.config import find_config, load_config
from raicheck.files import CORE_LAWS, ruleset_files
from raicheck.frozen import replace
from raicheck.model import Finding, Rulesets, Spec
from raicheck.overlays import installed_overlays
from raicheck.shipped import rulesets_dir

if TYPE_CHECKING:
    from raicheck.assess import Assessment

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """An ISO date."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date, write it as 2026-11-20", param, ctx)


def as_of_option(function: F) -> F:
    """`--as-of DATE`, today by default (the only clock)."""
    return click.option(
        "--as-of", type=Day(), default=date.today, metavar="DATE", help="The day whose law counts [today]."
    )(function)


def ruleset_option(function: F) -> F:
    """`--ruleset ID`, repeatable."""
    return click.option(
        "--ruleset", "ruleset_ids", multiple=True, metavar="ID", help="Only this ruleset (repeatable)."
    )(function)


def printable(text: str) -> str:
    """Text without control characters (a spec must not drive the terminal)."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def show_findings(findings: Iterable[Finding]) -> None:
    """Findings on standard error, one block each."""
    for finding in findings:
        place = finding.place
        at = f"{place.file}:{place.line}:{place.column}: " if place else ""
        click.echo(printable(f"{at}{finding.severity} {finding.code}: {finding.message}"), err=True)
        if finding.help:
            click.echo(printable(f"  help: {finding.help}"), err=True)


def has_errors(findings: Sequence[Finding]) -> bool:
    """Whether anything must not be used."""
    return any(f.severity == "error" for f in findings)


def rulesets_or_none(ids: Sequence[str] | None, more: Sequence[Path] = ()) -> Rulesets | None:
    """The shipped rulesets with the overlays of this project and `more`, or None after showing what is wrong."""
    from raicheck.load import load_rulesets  # slow to import, and a check has a compiled copy

    overlays, findings = project_overlays()
    overlays += [m for m in more if m.resolve() not in {o.resolve() for o in overlays}]
    own = {p.stem for p in overlays}
    shipped = [i for i in ids if i not in own] if ids else None
    rulesets, found = load_rulesets(rulesets_dir(), shipped, overlays)
    show_findings([*findings, *found])
    return None if has_errors([*findings, *found]) else rulesets


def project_overlays() -> tuple[list[Path], list[Finding]]:
    """The ruleset files that the nearest configuration names and installed packages offer."""
    paths, findings = installed_overlays()
    file = find_config(Path.cwd())
    if file is not None:
        config, more = load_config(file)
        paths = [*(config.folder / c for c in config.company), *paths]
        findings += more
    return paths, findings


def wanted_laws(named: Sequence[str], configured: Sequence[str]) -> tuple[str, ...]:
    """The rulesets that every command looks at: those named, else those of the settings, else the core laws."""
    return tuple(named or configured or CORE_LAWS)


def configured_laws() -> tuple[str, ...]:
    """The rulesets that the project's configuration names."""
    file = find_config(Path.cwd())
    return () if file is None else load_config(file)[0].rulesets


def assess_wanted(spec: Spec, rulesets: Rulesets, as_of: date, named: Sequence[str]) -> Assessment:
    """`spec` under the wanted laws, the weightiest first.

    Unless they were named, the project's own rulesets count too, and every other law that may apply;
    voluntary frameworks only when asked for.
    """
    from raicheck.assess import assess
    from raicheck.report.verdict import importance

    shipped = ruleset_files(rulesets_dir())
    wanted = wanted_laws(named, configured_laws())
    assessment = assess(spec, rulesets, as_of, named or None)
    kept = [
        r
        for id_, r in assessment.results.items()
        if id_ in wanted or id_ not in shipped or (r.ruleset.kind == "law" and r.applies is not False)
    ]
    return replace(assessment, results={r.ruleset.id: r for r in sorted(kept, key=importance)})
