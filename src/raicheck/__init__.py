"""raicheck: decide what the law asks of an AI feature, from facts, with the proof.

The public interface. Everything else may change.

    rulesets, findings = load_rulesets(rulesets_dir())
    spec, findings = load_spec_file(Path("cv-screening.raicheck.yaml"), rulesets)
    assessment = assess(spec, rulesets, date(2026, 11, 20))
    assessment.results["eu_ai_act"].classification
"""

from raicheck.assess import Assessment, Result, assess
from raicheck.load import load_rulesets, load_spec_file, load_spec_text
from raicheck.logic import Program
from raicheck.model import Finding, Place, Rulesets, Spec
from raicheck.shipped import rulesets_dir

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
