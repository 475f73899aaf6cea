"""`raicheck rulesets`: list, lint, test."""

from __future__ import annotations

from pathlib import Path

import click

from raicheck.cases import Case, CaseRun, load_cases, run_case
from raicheck.cli.common import has_errors, printable, rulesets_or_none, show_findings
from raicheck.lint import lint
from raicheck.load import load_rulesets, read_nodes, ruleset_files
from raicheck.logic import Program
from raicheck.model import Rulesets
from raicheck.provisions import load_provisions
from raicheck.shipped import rulesets_dir


@click.group(help="List, show, check and test the rulesets.")
def command() -> None: ...


@command.command("list")
def list_() -> int:
    """The shipped rulesets."""
    rulesets = rulesets_or_none(None)
    if rulesets is None:
        return 2
    for law in rulesets.by_id.values():
        counts = f"{len(law.rules)} rules, {len(law.obligations)} obligations"
        click.echo(f"{law.id:24} {law.kind:10} checked {law.checked}  {law.title} ({counts})")
    return 0


@command.command("lint")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
def lint_(folder: Path | None) -> int:
    """Check rulesets: FOLDER holds questions/, *.yaml and provisions/ [the shipped ones]."""
    folder = folder or rulesets_dir()
    rulesets, findings = load_rulesets(folder)
    if not has_errors(findings):
        findings += lint(rulesets, load_provisions(folder))
    show_findings(findings)
    errors = sum(f.severity == "error" for f in findings)
    click.echo(f"{len(rulesets.by_id)} rulesets, {len(rulesets.bank.questions)} questions: {errors} errors")
    return 1 if errors else 0


@command.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--verbose", "-v", is_flag=True, help="Say more about published cases that are open.")
def test(paths: tuple[Path, ...], verbose: bool) -> int:
    """Run the case files of PATHS: files or folders named like their ruleset [all shipped cases]."""
    folder = rulesets_dir()
    files = [f for p in paths or (folder / "cases",) for f in (sorted(p.rglob("*.yaml")) if p.is_dir() else [p])]
    known = ruleset_files(folder)
    ids = {i for f in files if (i := _ruleset_of(f, known))}
    rulesets = rulesets_or_none(sorted(ids))
    if rulesets is None:
        return 2
    program = Program(rulesets)
    runs: list[CaseRun] = []
    for file in files:
        ruleset = _ruleset_of(file, known)
        cases = _read(file, rulesets, ruleset) if ruleset else None
        if ruleset is None or cases is None:
            click.echo(f"{file}: cannot run", err=True)
            return 2
        for case in cases:
            found = run_case(case, program, ruleset)
            runs += found
            _show(found, verbose)
    return _summary(runs)


def _ruleset_of(file: Path, known: dict[str, Path]) -> str | None:
    """The folder below `cases/` names the ruleset."""
    return next((p.name for p in file.resolve().parents if p.name in known), None)


def _read(file: Path, rulesets: Rulesets, ruleset: str) -> list[Case] | None:
    root, findings = read_nodes(file)
    cases: list[Case] = []
    if root is not None:
        cases, more = load_cases(root, rulesets, ruleset, str(file))
        findings += more
    show_findings(findings)
    return None if has_errors(findings) else cases


def _show(runs: list[CaseRun], verbose: bool) -> None:
    for run in runs:
        for failure in run.failures:
            click.echo(printable(f"FAIL {run.case.id} on {run.as_of}: {failure}"))
        if run.verdict == "wrong" or (verbose and run.verdict == "open"):
            click.echo(printable(f"{run.verdict.upper()} {run.case.id}: {'; '.join(run.reasons)}"))
        if verbose and run.verdict == "open":
            click.echo(printable(f"     open: {', '.join(run.open[:8])}"))


def _summary(runs: list[CaseRun]) -> int:
    failed = sum(bool(r.failures) for r in runs)
    click.echo(f"{len(runs) - failed} passed, {failed} failed")
    verdicts = [r.verdict for r in runs if r.verdict]
    if verdicts:
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in ("right", "open", "wrong"))
        click.echo(f"published: {len(verdicts)} cases: {counts}")
    return 1 if failed else 0
