"""The bars of the check, measured in one run: start-up beside yamllint, many specs, memory, several processes.

python benchmarks/speed.py [--specs 10000] [--fuzz 5000]
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
RUN = "from raicheck.__main__ import run; run()"
ROUNDS = 15
YAMLLINT = 0.119  # seconds, on the machine of the bars
DAY = "2026-11-20"


def spec_text(number: int) -> str:
    """A spec of about a hundred lines: the largest example, answers one per line, numbered."""
    return _template().replace("feature-0", f"feature-{number}").replace("'1000'", f"'{1_000 + number}'")


@cache
def _template() -> str:
    import yaml

    text = (HERE.parent / "examples" / "cv-screening.raicheck.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.BaseLoader)
    data["feature"]["id"] = "feature-0"
    data["answers"]["organisation"]["staff"] = "1000"
    return yaml.safe_dump(data, default_flow_style=None, sort_keys=False, width=100)


def process(argv: list[str], cwd: Path) -> tuple[float, float]:
    """Seconds a process takes: on the clock, and on the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(argv, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def environment() -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPATH": str(SOURCE)}


def start_up(folder: Path) -> None:
    (folder / "one.raicheck.yaml").write_text(spec_text(1), encoding="utf-8")
    check = [sys.executable, "-c", RUN, "check", "one.raicheck.yaml", "--as-of", DAY]
    lint = [yamllint(), "one.raicheck.yaml"]
    process(check, folder)  # writes the compiled rulesets
    pairs = [(process(check, folder), process(lint, folder)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(pair[i][0] for pair in pairs) for i in (0, 1))
    our_cpu, their_cpu = (statistics.median(pair[i][1] for pair in pairs) for i in (0, 1))
    print(f"one spec, three laws: {ours * 1e3:.0f} ms; yamllint {theirs * 1e3:.0f} ms", end="; ")
    print(f"ratio {ours / theirs:.2f} (processor {our_cpu / their_cpu:.2f}); bar 1.20")


def many(folder: Path, count: int) -> None:
    for part, first, last in (("quarter", 0, count // 4), ("rest", count // 4, count)):
        (folder / part).mkdir()
        for number in range(first, last):
            (folder / part / f"{number:05}.raicheck.yaml").write_text(spec_text(number), encoding="utf-8")
    lint = statistics.median(process([yamllint(), "quarter/00000.raicheck.yaml"], folder)[1] for _ in range(9))
    here = lint / YAMLLINT
    print(f"1 ms where yamllint takes {YAMLLINT * 1e3:.0f} ms is {here:.2f} ms here (it takes {lint * 1e3:.0f} ms)")
    for jobs in (1, os.cpu_count() or 1):
        for name, options in (("anew", ["--no-cache"]), ("again", [])):
            run_many(folder, ".", jobs, options)  # so that "again" finds what was found
            small, small_memory = run_many(folder, "quarter", jobs, options)
            large, memory = run_many(folder, ".", jobs, options)
            each = (large - small) / (count - count // 4) * 1e3 * jobs
            print(f"{count} specs {name}, {jobs} processes: {large:.1f} s, {each:.2f} ms each per core", end=" ")
            print(f"({each / here:.2f} there; bar 1)", end="; ")
            print(f"memory {memory / 1024:.0f} MB (a quarter: {small_memory / 1024:.0f}); bar 80")


def run_many(folder: Path, part: str, jobs: int, options: list[str]) -> tuple[float, int]:
    """Seconds and peak memory (KB) of one check of many specs."""
    program = (
        "import resource, sys, time; from raicheck.cli import main; start = time.perf_counter(); "
        "main(sys.argv[1:]); took = time.perf_counter() - start; "
        "print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    argv = [sys.executable, "-c", program, "check", part, "--as-of", DAY, "--jobs", str(jobs), *options]
    env = {**environment(), "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(argv, cwd=folder, env=env, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    seconds, memory = done.stderr.split()[-2:]
    return float(seconds), int(memory)


def yamllint() -> str:
    return shutil.which("yamllint", path=str(Path(sys.executable).parent)) or "yamllint"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=10_000)
    parser.add_argument("--fuzz", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        start_up(Path(name))
    with tempfile.TemporaryDirectory() as name:
        many(Path(name), options.specs)
    if options.fuzz:
        subprocess.run([sys.executable, str(HERE / "fuzz.py"), str(options.fuzz)], env=environment(), check=False)


if __name__ == "__main__":
    main()
