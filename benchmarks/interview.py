"""How many questions an interview asks: over the examples and 40 published cases, answered truthfully.

`unsure` where the source is silent. A multi-select costs one answer per eight options shown. Prints one line per
feature with -v, then medians, maxima, how honest "about n to m left" is, and the time a question takes (of the
processor: a busy machine does not count), each interview begun anew as by its command. Machines
differ: the bar of 20 ms was set on one where yamllint takes 119 ms
for one spec, so what that is here is measured in the same run.

    python benchmarks/interview.py [-v]
"""

from __future__ import annotations

import gc
import random
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from raicheck.answers import nothing_known
from raicheck.ask import PHASES, Interview, Phase, cost
from raicheck.cases import Case, load_cases
from raicheck.files import CORE_LAWS, load_spec_file, read_nodes
from raicheck.frozen import frozen, replace
from raicheck.load import load_rulesets
from raicheck.logic import Program
from raicheck.model import Answer, Rulesets, Spec
from raicheck.shipped import rulesets_dir

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 20)
SEED = 6
DRAWN = 40
YAMLLINT = 0.119  # seconds, on the machine of the bars


@frozen
class Sitting:
    """One interview: what was asked in each phase, what it cost, how the forecast did, how long each step took."""

    name: str
    asked: tuple[str, ...]
    costs: dict[Phase, int]
    forecasts: tuple[bool, ...]
    seconds: tuple[float, ...]
    decides: tuple[str, ...]


def examples(rulesets: Rulesets) -> Iterator[tuple[str, Spec]]:
    """The shipped example specs."""
    for path in sorted((ROOT / "examples").glob("*.raicheck.yaml")):
        spec, findings = load_spec_file(path, rulesets)
        assert spec is not None, findings
        yield path.name.partition(".")[0], spec


def published(rulesets: Rulesets) -> Iterator[tuple[str, Spec]]:
    """Forty published cases: one of each family in turn, in an order fixed by the seed."""
    families: dict[str, list[Case]] = {}
    for path in sorted((ROOT / "rulesets" / "cases").glob("*/published-*.yaml")):
        root, _ = read_nodes(path)
        assert root is not None, path
        for case in load_cases(root, rulesets, path.parent.name, str(path))[0]:
            families.setdefault(f"{path.parent.name} {case.family or path.stem}", []).append(case)
    draw = random.Random(SEED)
    for cases in families.values():
        draw.shuffle(cases)
    rounds = [cases[i] for i in range(DRAWN) for cases in families.values() if i < len(cases)]
    yield from ((case.id, case.spec) for case in rounds[:DRAWN])


def sit(interview: Interview, name: str, truth: Spec, phases: Sequence[Phase] = PHASES) -> Sitting:
    """Answer every question as `truth` does."""
    spec = replace(truth, answers={}, placements=())
    asked: list[str] = []
    costs = dict.fromkeys(phases, 0)
    left: list[tuple[Phase, tuple[int, int]]] = []
    seconds: list[float] = []
    decides: list[str] = []
    view = None
    for phase in phases:
        while True:
            began = time.process_time()
            view = interview.view(spec, DAY, view)
            step = view.step(phase, (), asked[-1].partition(".")[0] if asked else "")
            seconds.append(time.process_time() - began)
            if step is None:
                break
            question = step.question
            decides.append(step.decides)
            left.append((phase, view.remaining(phase)))
            answer = truth.answers.get(question.id) or Answer(nothing_known(question), unsure=True)
            placed = truth.placements if question.id.startswith("placement.") else spec.placements
            spec = replace(spec, answers={**spec.answers, question.id: answer}, placements=placed)
            asked.append(question.id)
            costs[phase] += cost(question)
    return Sitting(name, tuple(asked), costs, tuple(_forecasts(left)), tuple(seconds), tuple(decides))


def _forecasts(left: list[tuple[Phase, tuple[int, int]]]) -> Iterator[bool]:
    for i, (phase, (low, high)) in enumerate(left):
        really = sum(p == phase for p, _ in left[i:])
        yield low <= really <= high


def measure(rulesets: Rulesets, select: Sequence[str], phases: Sequence[Phase]) -> list[Sitting]:
    """All sittings over the examples and the drawn cases."""
    features = (*examples(rulesets), *published(rulesets))
    return [sit(Interview(Program(rulesets), select), n, s, phases) for n, s in features]


def summary(title: str, sittings: Sequence[Sitting], phase: Phase) -> str:
    """Median and maximum of what a phase costs."""
    costs = [s.costs[phase] for s in sittings]
    return f"{title}: {len(costs)} interviews, median {statistics.median(costs):g}, most {max(costs)}"


def yamllint() -> float:
    """Seconds of the processor that yamllint takes for the largest example here."""
    argv = [str(Path(sys.executable).parent / "yamllint"), str(ROOT / "examples" / "cv-screening.raicheck.yaml")]
    took = []
    for _ in range(10):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(argv, stdout=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(took)


def main(verbose: bool) -> None:
    """Measure and print."""
    rulesets, findings = load_rulesets(rulesets_dir(), CORE_LAWS)
    assert not findings, findings[:3]
    gc.disable()  # as `raicheck ask` does
    alone = measure(rulesets, CORE_LAWS[:1], PHASES[:1])
    core = measure(rulesets, CORE_LAWS, PHASES)
    for sitting in core if verbose else ():
        print(f"{sitting.name:24} {sitting.costs}  {' '.join(sitting.asked)}")
    print(summary("EU AI Act alone, until no binding label is open", alone, PHASES[0]))
    print(summary("EU AI Act, GDPR, DPDPA, until no binding label is open", core, PHASES[0]))
    print(summary("then the obligations and their dates", core, PHASES[1]))
    forecasts = [f for s in core for f in s.forecasts]
    print(f"“about n to m left” was right in {sum(forecasts) / len(forecasts):.0%} of {len(forecasts)} steps")
    decides = Counter(d for s in core for d in s.decides)
    print(", ".join(f"{n} questions decide {how}" for how, n in decides.items()))
    first, seconds = [s.seconds[0] for s in core], sorted(t for s in core for t in s.seconds[1:])
    here = 0.02 * yamllint() / YAMLLINT
    slow, slow_here = (sum(t > bar for t in seconds) for bar in (0.02, here))
    print(f"first question: median {1000 * statistics.median(first):.1f} ms, most {1000 * max(first):.1f} ms")
    print(f"next question: median {1000 * statistics.median(seconds):.1f} ms, 95 % under "
          f"{1000 * seconds[int(len(seconds) * 0.95)]:.1f} ms, most {1000 * seconds[-1]:.1f} ms; "
          f"{slow / len(seconds):.1%} over 20 ms, {slow_here / len(seconds):.1%} over {1000 * here:.0f} ms "
          "(20 ms at the speed of the machine where yamllint takes 119 ms)")  # fmt: skip


if __name__ == "__main__":
    main("-v" in sys.argv)
