"""`raicheck check [PATH...]`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import click

from raicheck.baseline import Baseline, baseline_text, load_baseline
from raicheck.check import check_rulesets
from raicheck.checked import Checked, only_prohibitions
from raicheck.cli.common import Day, ruleset_option, wanted_laws
from raicheck.cli.progress import Progress
from raicheck.cli.write import write_text
from raicheck.codes import page
from raicheck.compiled import Shelf, compiled_name, load_compiled, read_shelf
from raicheck.config import Config, find_config, load_config, threshold_problem
from raicheck.discover import find_specs, is_excluded
from raicheck.files import read_text
from raicheck.frozen import frozen, replace
from raicheck.history import is_commit
from raicheck.model import Finding, Place, Rulesets
from raicheck.output import FORMATS, SUFFIXES, Context, Output, make_output
from raicheck.overlays import installed_overlays
from raicheck.provisions import Provision, find_provision
from raicheck.runner import Checker, Order, check_in_worker, start_worker
from raicheck.shipped import rulesets_dir
from raicheck.threshold import DEFAULT, Threshold, may_be_set_aside

_CHUNK = 120
_WORTH_KEEPING = 100  # files: fewer are checked as fast as looked up
_COLLECT = 100_000  # objects made before the collector of cycles looks for some


@click.command(help="Check specs: what blocks, what is open, what is broken.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--as-of", type=Day(), metavar="DATE", help="The day whose law counts [today].")
@ruleset_option
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", help="How to print [text].")
@click.option(
    "--output",
    "-o",
    "outputs",
    multiple=True,
    metavar="[FORMAT:]FILE",
    help="Also write to FILE (repeatable); its ending tells the format: .json .sarif .xml .md .txt.",
)
@click.option("--fail-on", multiple=True, metavar="WORD", help="What fails the check: error, warning, high, RC401 ...")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave files out (repeatable).")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Report only what is not in FILE.")
@click.option("--write-baseline", is_flag=True, help="Write all findings of now to the baseline.")
@click.option("--diff", metavar="REF", default="", help="Also show what changed since a commit.")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings [the nearest raicheck.toml].")
@click.option("--no-config", is_flag=True, help="Read no settings.")
@click.option("--jobs", "-j", type=click.IntRange(0), default=1, metavar="N", help="Processes, 0: one per core [1].")
@click.option("--no-cache", is_flag=True, help="Keep no results, and check anew what has not changed.")
@click.option("--verbose", "-v", is_flag=True, help="Show notes too.")
def command(**options: Any) -> int:
    """PATH is a spec, a Markdown document with a spec as front matter, a folder or a pattern [the current folder]."""
    return _Run(_Options(**options)).run()


@frozen
class _Options:
    paths: tuple[Path, ...]
    as_of: date | None
    ruleset_ids: tuple[str, ...]
    format_: str
    outputs: tuple[str, ...]
    fail_on: tuple[str, ...]
    exclude: tuple[str, ...]
    baseline: Path | None
    write_baseline: bool
    diff: str
    config: Path | None
    no_config: bool
    jobs: int
    no_cache: bool
    verbose: bool


class _Run:
    """One call of the command: options over settings over defaults."""

    def __init__(self, options: _Options) -> None:
        self._options = options
        self._config, self._broken = _settings(options)
        self._as_of = options.as_of or self._config.as_of or date.today()
        self._fail_on = options.fail_on or self._config.fail_on or DEFAULT
        self._threshold = Threshold(self._fail_on)
        self._excluded = (*options.exclude, *self._config.exclude)
        self._folder = Path.cwd().as_posix()
        self._all: list[Finding] = []
        self._code = 0

    def run(self) -> int:
        for word in self._options.fail_on:
            if problem := threshold_problem(word):
                raise click.UsageError(f"--fail-on: '{word[:40]}' is not possible. {problem}")
        if self._options.diff and not is_commit(self._options.diff, Path.cwd()):
            raise click.UsageError(f"--diff: '{self._options.diff[:60]}' is no commit here")
        writers = self._writers()
        files, lost = self._files()
        rulesets, order = self._load(len(files))
        baseline = self._baseline()
        self._broken += lost
        for writer in writers:
            writer.write(writer.output.begin())
        if rulesets is not None:
            with Progress(len(files)) as progress:
                for checked in _check_all(files, rulesets, order, self._options.jobs):
                    progress.clear()
                    self._add(checked, writers, baseline)
                    progress.step()
        rest = self._take(self._broken, baseline)
        for writer in writers:
            writer.write(writer.output.end(rest))
        self._save_baseline()
        return max(self._code, *(w.close() for w in writers))

    def _load(self, files: int) -> tuple[Rulesets | None, Order]:
        shelf = read_shelf(rulesets_dir())
        chosen = wanted_laws(self._options.ruleset_ids, self._config.rulesets)
        watched = tuple(i for i in shelf.laws if i not in chosen)  # what nobody asked about
        installed, unloadable = installed_overlays()
        overlays = [*(self._config.folder / c for c in self._config.company), *installed]
        gc.disable()  # rulesets are many objects that stay, and what a file needs goes without a collection
        rules, keeps = ((*chosen, "", *watched), overlays), self._keeps_results(files)
        before = _rules_and_code(shelf, *rules) if keeps else None
        rulesets, findings = load_compiled(shelf, chosen, watched, overlays)
        gc.freeze()
        gc.set_threshold(_COLLECT)
        gc.enable()
        findings += unloadable
        own = tuple(i for i in rulesets.by_id if i not in shelf.ids)
        order = Order(
            as_of=self._as_of,
            chosen=(*chosen, *own),
            watched=watched,
            notes=self._wants_notes(),
            with_json=self._wants_json(),
            since=self._options.diff,
            today=self._today(),
            known=(*shelf.ids, *own),
        )
        self._broken += findings
        if any(f.severity == "error" for f in findings):
            return None, order
        if before is not None and before == _rules_and_code(read_shelf(rulesets_dir()), *rules):
            order = _with_results(before, order)
        self._broken += check_rulesets((rulesets.by_id[i] for i in order.chosen), self._as_of)
        return rulesets, order

    def _keeps_results(self, files: int) -> bool:
        """Whether results are kept: not of few files, nor if more is asked for than is kept."""
        options = self._options
        return files >= _WORTH_KEEPING and not (options.no_cache or options.diff or self._wants_json())

    def _today(self) -> date | None:
        """Today, if the settings (not the command) pin an earlier day."""
        today = date.today()
        return today if self._options.as_of is None and self._as_of < today else None

    def _wants_notes(self) -> bool:
        """Whether notes are shown, written, compared or may fail the check; text only counts them."""
        options = self._options
        only_text = options.format_ == "text" and not options.outputs
        quiet = only_text and not options.verbose and self._baseline_file() is None
        return not quiet or not set(self._fail_on) <= {"error", "warning", "never"}

    def _wants_json(self) -> bool:
        return "json" in (self._options.format_, *(_target(o, self._options.format_)[0] for o in self._options.outputs))

    def _files(self) -> tuple[list[Path], list[Finding]]:
        settled = tuple(self._config.folder / p for p in self._config.paths)
        return find_specs(self._options.paths or settled or (Path(),))

    def _baseline(self) -> Baseline:
        path = self._baseline_file()
        if path is None or self._options.write_baseline:
            return Baseline((), self._folder)
        baseline, findings = load_baseline(path, self._folder)
        self._broken += findings
        return baseline

    def _baseline_file(self) -> Path | None:
        if self._options.baseline:
            return self._options.baseline
        return self._config.folder / self._config.baseline if self._config.baseline else None

    def _save_baseline(self) -> None:
        path = self._baseline_file()
        if not self._options.write_baseline:
            return
        if path is None:
            raise click.UsageError("--write-baseline needs --baseline FILE")
        write_text(path, baseline_text(self._all, self._folder))

    def _add(self, checked: Checked, writers: Sequence[_Writer], baseline: Baseline) -> None:
        if self._excluded and is_excluded(Path(checked.file), self._excluded, self._top()):
            checked = only_prohibitions(checked)
            if not checked.findings:
                return
        notes = {code: n for code, n in checked.notes.items() if code not in self._config.ignore}
        kept = replace(checked, findings=self._take(checked.findings, baseline), notes=notes)
        for writer in writers:
            writer.write(writer.output.add(kept))

    def _top(self) -> Path:
        return Path(os.path.abspath(self._config.folder))

    def _take(self, findings: Iterable[Finding], baseline: Baseline) -> tuple[Finding, ...]:
        ignored = self._config.ignore
        kept = [f for f in findings if f.code not in ignored or not may_be_set_aside(f)]
        if self._options.write_baseline:
            self._all += kept
        new = baseline.new(kept)
        self._code = max(self._code, self._threshold.exit_code(new))
        return new

    def _writers(self) -> list[_Writer]:
        targets = [("", self._options.format_)]
        targets += [
            (file, format_) for format_, file in (_target(o, self._options.format_) for o in self._options.outputs)
        ]
        return [_Writer(file, make_output(format_, self._context(to_terminal=not file))) for file, format_ in targets]

    def _context(self, to_terminal: bool) -> Context:
        terminal = to_terminal and sys.stdout is not None and sys.stdout.isatty()
        coloured = terminal and "NO_COLOR" not in os.environ
        return Context(
            as_of=self._as_of,
            fails=self._threshold.fails,
            source_line=_Sources().line,
            provision=_provision,
            page=page,
            folder=self._folder,
            paint=_paint if coloured else lambda text, _style: text,
            verbose=self._options.verbose,
        )


def _rules_and_code(shelf: Shelf, ids: Sequence[str], overlays: Sequence[Path]) -> str | None:
    """The hash of the rules and the code that results are kept by; None if that cannot be told."""
    from raicheck.remembered import code_hash  # only for many files

    return code_hash(compiled_name(shelf, ids, overlays))


def _with_results(rules_and_code: str, order: Order) -> Order:
    """The order with what was found before."""
    from raicheck.remembered import results_for

    return replace(order, remembered=results_for(rules_and_code, order))


class _Writer:
    """An output and where it goes: a file, written at the end and whole, or standard output."""

    def __init__(self, file: str, output: Output) -> None:
        self.output = output
        self._file = file
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        if self._file:
            self._parts.append(text)
        elif text:
            click.echo(text, nl=False)

    def close(self) -> int:
        if not self._file:
            return 0
        try:
            write_text(Path(self._file), "".join(self._parts))
        except OSError as error:
            raise click.UsageError(f"cannot write {self._file}: {error.strerror}") from error
        return 0


def _target(output: str, default: str) -> tuple[str, str]:
    """`sarif:x.sarif`, `x.sarif` or any file in the format printed."""
    format_, colon, file = output.partition(":")
    if colon and format_ in FORMATS:
        return format_, file
    return SUFFIXES.get(Path(output).suffix.lower(), default), output


def _settings(options: _Options) -> tuple[Config, list[Finding]]:
    if options.no_config:
        return Config(), []
    path = options.config or find_config(Path.cwd())
    return load_config(path) if path else (Config(), [])


def _check_all(files: Sequence[Path], rulesets: Rulesets, order: Order, jobs: int) -> Iterator[Checked]:
    jobs = jobs or os.cpu_count() or 1
    chunks = [files[i : i + _CHUNK] for i in range(0, len(files), _CHUNK)]
    if jobs == 1 or len(chunks) <= 1:
        checker = Checker(rulesets, order)
        yield from (checked for chunk in chunks for checked in checker.check_all(chunk))
        return
    from concurrent.futures import ProcessPoolExecutor  # only when asked for
    from concurrent.futures.process import BrokenProcessPool

    try:
        with ProcessPoolExecutor(jobs, initializer=start_worker, initargs=(rulesets, order)) as pool:
            for several in pool.map(check_in_worker, chunks):
                yield from several
    except BrokenProcessPool as error:
        raise click.UsageError("a process of the check was killed; try again with --jobs 1") from error


class _Sources:
    """Lines of files, of the last file only: findings come file by file."""

    def __init__(self) -> None:
        self._file = ""
        self._lines: list[str] = []

    def line(self, place: Place) -> str:
        """The line where a place begins; empty if it is not there any more."""
        if place.file != self._file:
            text, findings = read_text(Path(place.file))
            self._file, self._lines = place.file, [] if findings else text.splitlines()
        return self._lines[place.line - 1] if 0 < place.line <= len(self._lines) else ""


@cache
def _provision(cite: str) -> Provision | None:
    return find_provision(rulesets_dir(), cite)


def _paint(text: str, style: str) -> str:
    return click.style(text, bold=True) if style == "bold" else click.style(text, fg=style, bold=True)
