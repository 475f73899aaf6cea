"""`raicheck rulesets`: list, show, lint, test, coverage, diff, new."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

from raicheck.cases import Case, CaseRun, load_cases, run_case
from raicheck.cli.common import has_errors, printable, project_overlays, rulesets_or_none, show_findings
from raicheck.cli.rulesets_diff import diff
from raicheck.cli.rulesets_new import new
from raicheck.coverage import coverage
from raicheck.files import read_nodes
from raicheck.lint import lint
from raicheck.load import load_rulesets
from raicheck.logic import Program
from raicheck.model import Finding, Rulesets
from raicheck.mutate import Mutant, Mutation, MutationResult, mutants
from raicheck.provisions import load_provisions
from raicheck.read import nearest
from raicheck.shipped import rulesets_dir

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group(help="List, show, check and test the rulesets.")
def command() -> None: ...


@command.command("list")
def list_() -> int:
    """The rulesets in use, with those of this project."""
    rulesets = rulesets_or_none(None)
    if rulesets is None:
        return 2
    for law in rulesets.by_id.values():
        counts = f"{_counted(len(law.rules), 'rule')}, {_counted(len(law.obligations), 'obligation')}"
        click.echo(printable(f"{law.id:24} {law.kind:10} checked {law.checked}  {law.title} ({counts})"))
    return 0


@command.command("show", short_help="Print a ruleset, or one rule of it, as text.")
@click.argument("ruleset")
@click.argument("rule", required=False)
def show(ruleset: str, rule: str | None) -> int:
    """Print RULESET, or one RULE of it, as text: conditions as sentences, exceptions, dates, cases."""
    from raicheck.render import render_rule, render_ruleset

    rulesets = rulesets_or_none([ruleset])
    if rulesets is None:
        return 2
    law = rulesets.by_id[ruleset]
    cases = case_suites(rulesets_dir(), rulesets, project_overlays()[0], [ruleset])[ruleset]
    provisions = load_provisions(rulesets_dir())
    if rule is None:
        click.echo(printable(render_ruleset(Program(rulesets), law, provisions, cases)))
        return 0
    if rule not in law.rules and rule not in law.obligations:
        hint = nearest(rule, [*law.rules, *law.obligations]) or f"raicheck rulesets show {ruleset} names them all"
        click.echo(f"no rule or obligation '{printable(rule)}' in {ruleset}: {hint}", err=True)
        return 2
    click.echo(printable(render_rule(Program(rulesets), law, rule, provisions, cases)))
    return 0


@command.command("lint", short_help="Check rulesets.")
@click.argument("path", type=click.Path(path_type=Path, exists=True), required=False)
def lint_(path: Path | None) -> int:
    """Check rulesets: PATH is a folder like rulesets/, or a ruleset file of your own [the shipped and your own]."""
    folder = path if path is not None and path.is_dir() else rulesets_dir()
    overlays, findings = project_overlays() if path is None else ([path] if path.is_file() else [], [])
    rulesets, more = load_rulesets(folder, None, overlays)
    findings += more
    if not has_errors(findings):
        found = lint(rulesets, load_provisions(folder), case_suites(folder, rulesets, overlays))
        findings += _about(found, path) if path is not None and path.is_file() else found
    show_findings(findings)
    errors = sum(f.severity == "error" for f in findings)
    counts = (
        _counted(len(rulesets.by_id), "ruleset"),
        f"{_counted(len(rulesets.bank.questions), 'question')}: {_counted(errors, 'error')}",
    )
    click.echo(", ".join(counts))
    return 1 if errors else 0


def _about(findings: list[Finding], file: Path) -> list[Finding]:
    """The findings of one file: what is shipped is not for its author to mend."""
    return [f for f in findings if f.place is None or Path(f.place.file).resolve() == file.resolve()]


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file about one ruleset."""

    ruleset: str
    file: Path
    cases: tuple[Case, ...]
    findings: tuple[Finding, ...]


def suites(path: Path, rulesets: Rulesets, only: list[str] | None = None) -> Iterator[Suite]:
    """The case files at or below `path`; the folder a file is in names its ruleset."""
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    for file in files:
        ruleset = ruleset_of(file, rulesets)
        if ruleset is None or (only is not None and ruleset not in only):
            continue
        root, findings = read_nodes(file)
        cases: list[Case] = []
        if root is not None:
            cases, more = load_cases(root, rulesets, ruleset, str(file))
            findings += more
        yield Suite(ruleset, file, tuple(cases), tuple(findings))


def ruleset_of(file: Path, rulesets: Rulesets) -> str | None:
    """The nearest folder above a case file that is named like a ruleset."""
    return next((p.name for p in file.resolve().parents if p.name in rulesets.by_id), None)


def case_suites(
    folder: Path, rulesets: Rulesets, overlays: list[Path], only: list[str] | None = None
) -> dict[str, list[Case]]:
    """All cases by ruleset: of `folder` and of the `cases/` folders beside overlays."""
    found: dict[str, list[Case]] = {i: [] for i in rulesets.by_id}
    for place in (folder / "cases", *(o.parent / "cases" for o in overlays)):
        for suite in suites(place, rulesets, only) if place.is_dir() else ():
            found[suite.ruleset] += suite.cases
    return found


@command.command("test", short_help="Run the cases of rulesets.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--verbose", "-v", is_flag=True, help="Say more about published cases that are open.")
@click.option("--mutate", is_flag=True, help="Change one thing at a time and say which changes no case notices.")
@click.option("--jobs", "-j", type=click.IntRange(1), default=2, help="Processes for --mutate [2].")
def test(paths: tuple[Path, ...], verbose: bool, mutate: bool, jobs: int) -> int:
    """Run case files: PATHS are files or folders below one named like their ruleset [all shipped cases]."""
    rulesets = rulesets_or_none(None, more=[o for p in paths for o in _beside(p)])
    if rulesets is None:
        return 2
    found = [s for p in paths or (rulesets_dir() / "cases",) for s in suites(p, rulesets)]
    findings = [f for s in found for f in s.findings]
    show_findings(findings)
    if has_errors(findings) or not found:
        if not found:
            click.echo("no case files here: they lie in a folder named like their ruleset", err=True)
        return 2
    return _mutate(rulesets, found, jobs) if mutate else _run(rulesets, found, verbose)


def _beside(path: Path) -> Iterator[Path]:
    """The ruleset file of one's own that cases belong to: `x.yaml` beside the folder `cases/x`."""
    for folder in (path.resolve(), *path.resolve().parents):
        own = folder.parent.parent / f"{folder.name}.yaml"
        if folder.parent.name == "cases" and own.is_file() and own.parent != rulesets_dir():
            yield own


def _run(rulesets: Rulesets, found: list[Suite], verbose: bool) -> int:
    program = Program(rulesets)
    runs: list[CaseRun] = []
    for suite in found:
        for case in suite.cases:
            done = run_case(case, program, suite.ruleset)
            runs += done
            _show(done, verbose)
    return _summary(runs)


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


def _mutate(rulesets: Rulesets, found: list[Suite], jobs: int) -> int:
    lowest = 1.0
    for id_ in sorted({s.ruleset for s in found}):
        cases = tuple(c for s in found if s.ruleset == id_ for c in s.cases)
        result = _try(rulesets, id_, cases, jobs)
        lowest = min(lowest, result.share)
        click.echo(
            f"{id_}: {result.noticed} noticed, {len(result.survivors)} not, {result.equal} equal: {result.share:.1%}"
        )
        for mutant in result.survivors:
            click.echo(printable(f"  not noticed: {mutant.kind} {mutant.id}: {mutant.change}"))
    return 0 if lowest >= 0.95 else 1


def _try(rulesets: Rulesets, id_: str, cases: tuple[Case, ...], jobs: int) -> MutationResult:
    every = list(mutants(rulesets, rulesets.by_id[id_]))
    chunks = [range(i, min(i + 40, len(every))) for i in range(0, len(every), 40)]
    noticed = equal = 0
    survivors: list[Mutant] = []
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(rulesets, id_, cases)) as pool:
        parts = pool.map(_chunk, chunks)
        with click.progressbar(parts, length=len(chunks), label=id_, file=sys.stderr) as results:
            for chunk, (some, same, missed) in zip(chunks, results, strict=True):
                noticed, equal = noticed + some, equal + same
                survivors += [every[i] for i in chunk if i in missed]
    return MutationResult(noticed, equal, tuple(survivors))


_worker: dict[str, tuple[Mutation, list[Mutant]]] = {}  # of this process; mutants are made here: they are large to send


def _start(rulesets: Rulesets, id_: str, cases: tuple[Case, ...]) -> None:
    _worker["mutation"] = (Mutation(rulesets, id_, cases), list(mutants(rulesets, rulesets.by_id[id_])))


def _chunk(chunk: range) -> tuple[int, int, frozenset[int]]:
    mutation, every = _worker["mutation"]
    result = mutation.run(every[chunk.start : chunk.stop])
    missed = {id(m) for m in result.survivors}
    return result.noticed, result.equal, frozenset(i for i in chunk if id(every[i]) in missed)


@command.command("coverage", short_help="Which rules lack a case for, against or open.")
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also what has a case of each sort.")
def coverage_(ids: tuple[str, ...], everything: bool) -> int:
    """Which rules, exceptions and obligations lack a case for, against or open [all rulesets]."""
    rulesets = rulesets_or_none(ids)
    if rulesets is None:
        return 2
    cases = case_suites(rulesets_dir(), rulesets, project_overlays()[0])
    for id_ in ids or rulesets.by_id:
        found = coverage(rulesets.by_id[id_], cases[id_])
        full = sum(not c.lacks for c in found)
        click.echo(f"{id_}: {full} of {len(found)} have a case for, one against and one where it is open")
        for covered in found:
            if covered.lacks or everything:
                counts = f"{len(covered.for_)} for, {len(covered.against)} against, {len(covered.unknown)} open"
                click.echo(printable(f"  {covered.name:50} {counts}"))
    return 0


command.add_command(diff)
command.add_command(new)


def _counted(count: int, noun: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
