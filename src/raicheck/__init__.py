"""raicheck: decide what the law asks of an AI feature, from facts, with the proof.

The public interface. Everything else may change.

    rulesets, findings = load_rulesets(rulesets_dir())
    spec, findings = load_spec_file(Path("cv-screening.raicheck.yaml"), rulesets)
    assessment = assess(spec, rulesets, date(2026, 11, 20))
    assessment.results["eu_ai_act"].classification
"""

from typing import TYPE_CHECKING, Any

from raicheck.assess import Assessment, Result, assess
from raicheck.files import load_spec_file, load_spec_text
from raicheck.logic import Program
from raicheck.model import Finding, Place, Rulesets, Spec
from raicheck.shipped import rulesets_dir

if TYPE_CHECKING:
    from raicheck.load import load_rulesets

__all__ = [
    "Assessment",
    "Finding",
    "Place",
    "Program",
    "Result",
    "Rulesets",
    "Spec",
    "assess",
    "load_rulesets",
    "load_spec_file",
    "load_spec_text",
    "rulesets_dir",
]


def __getattr__(name: str) -> Any:
    """The loader of YAML rulesets is imported when used: a check has a compiled copy."""
    if name == "load_rulesets":
        from raicheck.load import load_rulesets

        return load_rulesets
    raise AttributeError(f"module 'raicheck' has no attribute '{name}'")
