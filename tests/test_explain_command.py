"""`raicheck explain` as a person reads it: words, not statuses; lines of a terminal; citations of the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from raicheck.cli import main

EXAMPLE = str(Path(__file__).parent.parent / "examples" / "call-centre-emotion.raicheck.yaml")
ARGUMENTS = ["--as-of", "2026-11-20", "--ruleset", "eu_ai_act", "--ruleset", "dpdpa"]


def explained(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["explain", EXAMPLE, *more, *ARGUMENTS]) == 0
    return capsys.readouterr().out


def test_all_rules_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys)
    assert "EU AI Act applies: Prohibited practice\n" in said
    assert "  applies         art-5-1-f: Emotion recognition at work" in said
    assert "  does not apply  art-5-1-a: " in said
    assert "Do not apply: India's Digital Personal Data Protection Act" in said
    assert "not_firing" not in said


def test_a_reason_is_said_once_for_all_rules_that_it_excludes(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys)
    reason = "Which kinds of content does it make or change?"
    assert said.count(reason) == 1
    assert max(map(said.find, ("art-50-2: ", "art-50-4-deep-fake: "))) < said.find(reason)


def test_one_rule_with_what_would_change_it(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, "art-5-1-a")
    assert said.startswith("no: Manipulation that causes significant harm [Article 5(1), first")
    assert "\nIt would apply with:\n- " in said


def test_of_a_list_only_what_would_be_added_or_gone(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = explained(capsys, "art-5-1-a").partition("It would apply with:\n")[2]
    assert wanted.startswith("- purpose.areas: also “Conversation and choice of content”\n- ")
    assert "(now: not" in wanted


@pytest.mark.parametrize("name", ["eu_ai_act.ai-literacy", "eu_ai_act/ai-literacy", "ai-literacy"])
def test_an_obligation_as_the_check_names_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, name)
    assert said.startswith("applies: Help your staff")
    assert "[Article 4 AI Act]" in said
    assert "  yes: role: " in said


def test_an_obligation_that_does_not_apply_and_one_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained(capsys, "dpdpa.consent-proof").startswith("does not apply: ")
    assert main(["explain", EXAMPLE, "eu_ai_act.ai-litracy", *ARGUMENTS]) == 2
    assert "no rule or obligation 'eu_ai_act.ai-litracy': did you mean 'ai-literacy'?" in capsys.readouterr().err


@pytest.mark.parametrize("rule", [[], ["art-5-1-f"], ["art-5-1-a"], ["ai-literacy"], ["risk-management"]])
def test_lines_fit_a_terminal(rule: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert max(map(len, explained(capsys, *rule).splitlines())) <= 80
