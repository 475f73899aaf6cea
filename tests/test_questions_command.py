"""`raicheck questions`: topics, the questions of one, one question with its options."""

from __future__ import annotations

import pytest

from raicheck import Rulesets
from raicheck.cli import main


def listed(capsys: pytest.CaptureFixture[str], *name: str) -> str:
    assert main(["questions", *name]) == 0
    return capsys.readouterr().out


def test_every_topic_is_listed(shipped: Rulesets, capsys: pytest.CaptureFixture[str]) -> None:
    said = listed(capsys).splitlines()
    assert [line.split()[0] for line in said] == [t.id for t in shipped.bank.topics]
    assert said[-1].endswith(f"({len(shipped.bank.topics[-1].questions)})")


def test_the_questions_of_a_topic(shipped: Rulesets, capsys: pytest.CaptureFixture[str]) -> None:
    said = listed(capsys, "decision")
    assert all(id_ in said for id_ in shipped.bank.questions if id_.startswith("decision."))
    assert max(map(len, said.splitlines())) <= 80


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("decision.overrule", "answers: {decision: {overrule: ...}} with yes, no or unsure"),
        ("decision.role", "\n  evaluates "),
        ("organisation.turnover", "(million EUR)"),
        ("placement.in_first", "placements: [{market: in, first: ...}] with a day"),
        ("data.kinds", "Asked only if “Does the feature, when it runs"),
    ],
)
def test_a_question_and_how_its_answer_is_written(id_: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = listed(capsys, id_)
    assert said.startswith(f"{id_}: ")
    assert says in said


def test_a_question_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", "decision.overule"]) == 2
    assert "did you mean 'decision.overrule'?" in capsys.readouterr().err
