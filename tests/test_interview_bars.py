"""The interview stays short: benchmarks/interview.py, with its bars."""

from __future__ import annotations

import importlib.util
import statistics
from pathlib import Path
from types import ModuleType

import pytest

from raicheck.ask import PHASES
from raicheck.files import CORE_LAWS
from raicheck.load import load_rulesets
from raicheck.shipped import rulesets_dir

BENCHMARK = Path(__file__).resolve().parent.parent / "benchmarks" / "interview.py"


def benchmark() -> ModuleType:
    found = importlib.util.spec_from_file_location("interview_benchmark", BENCHMARK)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_few_questions_until_no_binding_label_is_open() -> None:
    measure = benchmark().measure
    rulesets, _ = load_rulesets(rulesets_dir(), CORE_LAWS)
    phases = PHASES[:1]
    core = [s.costs[PHASES[0]] for s in measure(rulesets, CORE_LAWS, phases)]
    assert len(core) == 50
    assert statistics.median(core) <= 30
    assert max(core) <= 60
    alone = [s.costs[PHASES[0]] for s in measure(rulesets, CORE_LAWS[:1], phases)]
    assert statistics.median(alone) <= 25
