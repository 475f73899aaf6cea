"""The interview's mind: which open question is worth asking next. Pure; the terminal is in raicheck.cli."""

from __future__ import annotations

from collections.abc import Collection

from raicheck.assess import Assessment
from raicheck.model import Question


def next_question(assessment: Assessment, skipped: Collection[str] = (), topic: str = "") -> Question | None:
    """The open question that most outcomes hang on, within `topic` as long as that has one."""
    bank = assessment.program.rulesets.bank
    weight: dict[str, int] = {}
    for result in assessment.results.values():
        for open_question in result.open_questions:
            if not open_question.unsure and open_question.id not in skipped:
                weight[open_question.id] = weight.get(open_question.id, 0) + len(open_question.settles)
    order = {id_: i for i, id_ in enumerate(bank.questions)}
    best = sorted(weight, key=lambda f: (not f.startswith(f"{topic}."), -weight[f], order[f]))
    return bank.questions[best[0]] if best else None
