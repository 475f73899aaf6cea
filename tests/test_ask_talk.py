"""What the interview says: reasons, who to ask, counsel, the summary."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from raicheck.ask import Interview
from raicheck.assess import assess
from raicheck.cases import load_cases
from raicheck.files import CORE_LAWS, load_spec_file, load_spec_text, read_nodes
from raicheck.frozen import replace
from raicheck.load import load_rulesets
from raicheck.logic import Program
from raicheck.model import Note, Spec
from raicheck.provisions import load_provisions
from raicheck.shipped import rulesets_dir
from raicheck.talk import (
    amount,
    closing,
    contradictions,
    for_counsel,
    known_so_far,
    message_for,
    open_points,
    why_asked,
)
from raicheck.typed import typed_answer

DAY = date(2026, 11, 20)
RULESETS, _ = load_rulesets(rulesets_dir(), CORE_LAWS)
INTERVIEW = Interview(Program(RULESETS), CORE_LAWS)
PROVISIONS = load_provisions(rulesets_dir())
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def example(name: str) -> Spec:
    spec, findings = load_spec_file(EXAMPLES / f"{name}.raicheck.yaml", RULESETS)
    assert spec is not None, findings
    return spec


def written(answers: str) -> Spec:
    spec, findings = load_spec_text(f"raicheck: 1\nfeature: {{name: F}}\nanswers: {answers}\n", "x", RULESETS)
    assert spec is not None
    assert not findings
    return spec


def test_why_names_rule_provision_and_label() -> None:
    view = INTERVIEW.view(Spec(), DAY)
    step = view.step("classification")
    assert step is not None
    said = "\n".join(why_asked(view, step, PROVISIONS))
    assert "hangs on this answer" in said
    assert "Article 5(1)" in said
    assert said.count("→ Prohibited practice") == 1
    assert "other ways to it" in said


def test_why_says_each_result_once_and_four_at_most() -> None:
    view = INTERVIEW.view(Spec(), DAY)
    lines = why_asked(view, view.step_for("product.technique"), PROVISIONS, most=99)
    assert len(lines) == len(set(lines))
    assert not any(" (Article 22(1) GDPR) → Decision" in line for line in lines)
    short = why_asked(view, view.step_for("product.technique"), PROVISIONS)
    assert len(short) == 6
    assert short[-1] == f"  and {len(lines) - 5} more results"


def test_what_is_known_is_a_range_per_law() -> None:
    spec = written("{deployment: {setting: organised}, product: {technique: unsure}}")
    lines = known_so_far(assess(spec, INTERVIEW.program, DAY, CORE_LAWS), INTERVIEW.view(spec, DAY))
    assert lines[0] == "2 answers, 1 of them not (quite) sure."
    assert any("EU AI Act: open: at least" in line for line in lines)


def test_open_points_go_to_whoever_the_note_names() -> None:
    spec = written("{product: {technique: unsure}, market: {places: unsure}}")
    spec = replace(spec, notes={"product.technique": Note("see the wiki", "ml@acme.example")})
    points = open_points(assess(spec, INTERVIEW.program, DAY, CORE_LAWS))
    assert [p.question.id for p in points["ml@acme.example"]] == ["product.technique"]
    message = "\n".join(message_for("ml@acme.example", "F", points["ml@acme.example"]))
    assert RULESETS.bank.questions["product.technique"].ask in message
    assert "[note: see the wiki]" in message
    assert RULESETS.bank.questions["market.places"].who in points


@pytest.mark.parametrize("name", sorted(p.name.partition(".")[0] for p in EXAMPLES.glob("*.raicheck.yaml")))
def test_the_summary_of_an_example_says_where_it_stands(name: str) -> None:
    spec = example(name)
    assessment = assess(spec, INTERVIEW.program, DAY, CORE_LAWS)
    lines = closing(assessment, PROVISIONS, (0, 0))
    for result in assessment.results.values():
        assert any(line.startswith(f"  {result.ruleset.title}: ") for line in lines)
    urgent = lines[lines.index("Most urgent obligations:") + 1 :][:5]
    assert all(line.startswith("  - ") for line in urgent if line)
    assert not any("Not asked yet" in line for line in lines)


def test_the_summary_of_high_risk_names_the_day_it_begins() -> None:
    lines = closing(assess(example("cv-screening"), INTERVIEW.program, DAY, CORE_LAWS), PROVISIONS, (2, 5))
    assert any("2027-12-02  EU AI Act: " in line and "obligations start" in line for line in lines)
    assert "Not asked yet: about 2 to 5 questions." in lines


def test_what_waits_for_an_event_is_less_urgent_than_what_has_a_day() -> None:
    lines = closing(assess(example("cv-screening"), INTERVIEW.program, DAY, CORE_LAWS), PROVISIONS, (0, 0))
    urgent = lines[lines.index("Most urgent obligations:") + 1 :][:5]
    assert not any("after a request" in line for line in urgent)


def test_a_day_is_not_said_twice_in_other_words() -> None:
    spec = written(
        "{product: {technique: [learned]}, market: {places: [eu]}, deployment: {setting: organised}, "
        "purpose: {areas: [employment]}, employment: {functions: [hiring]}, decision: {role: [evaluates]}, "
        "origin: {we: [use]}}"
    )
    lines = closing(assess(spec, INTERVIEW.program, DAY, CORE_LAWS), PROVISIONS, (0, 0))
    assert "  2027-12-02  EU AI Act: High-risk by its use (Annex III)" in lines


def test_colleagues_see_what_they_can_answer() -> None:
    spec = written("{purpose: {areas: [physical_product]}, regulated_product: {kinds: unsure}}")
    points = open_points(assess(spec, INTERVIEW.program, DAY, CORE_LAWS))
    message = "\n".join(message_for("x", "F", next(iter(points.values()))))
    for option in RULESETS.bank.questions["regulated_product.kinds"].options:
        assert option.text.partition(" - ")[0] in message


def test_counsel_gets_the_facts_and_the_provision() -> None:
    root, _ = read_nodes(rulesets_dir() / "cases" / "gdpr" / "traps.yaml")
    assert root is not None
    cases, _ = load_cases(root, RULESETS, "gdpr", "traps.yaml")
    seen = 0
    for case in cases:
        assessment = assess(case.spec, INTERVIEW.program, DAY, CORE_LAWS)
        said = "\n".join(for_counsel(assessment, PROVISIONS))
        for name in {j for r in assessment.results.values() for j in r.open_judgements}:
            law, _, id_ = name.partition(".")
            judgement = RULESETS.by_id[law].judgements[id_]
            assert f"{judgement.ask} (" in said
            assert PROVISIONS[judgement.cites[0]].citation in said
            assert any(RULESETS.bank.questions[f].ask in said for f in case.spec.answers)
            seen += 1
    assert seen


def test_answers_that_exclude_each_other_are_named() -> None:
    spec = written("{data: {personal: yes, offered_to_children: yes}, people: {groups: [staff]}}")
    said = contradictions(INTERVIEW.view(spec, DAY))
    assert said
    assert all("do not fit together" in line for line in said)


@pytest.mark.parametrize(
    ("left", "words"), [((1, 1), "1 question"), ((6, 11), "6 to 11 questions"), ((3, 3), "3 questions")]
)
def test_amounts(left: tuple[int, int], words: str) -> None:
    assert amount(left) == words


@pytest.mark.parametrize(
    ("fact", "typed", "words"),
    [
        ("organisation.staff", "1,200", "1200"),
        ("organisation.staff", "5k", "5000"),
        ("organisation.staff", "from 10 to 20", "10..20"),
        ("organisation.staff", "at least 50", "50..None"),
        ("placement.eu_first", "2027-q1", "2027-01-01..2027-03-31"),
        ("placement.eu_first", "2027", "2027-01-01..2027-12-31"),
        ("placement.eu_first", "until 2027-02", "None..2027-02-28"),
    ],
)
def test_typed_ranges(fact: str, typed: str, words: str) -> None:
    answer = typed_answer(RULESETS.bank.questions[fact], typed)
    assert not isinstance(answer, str), answer
    low, high = getattr(answer.known, "low"), getattr(answer.known, "high")  # noqa: B009
    assert (f"{low}" if low == high else f"{low}..{high}") == words
    assert answer.unsure is (low is None or low != high)


@pytest.mark.parametrize(
    ("fact", "typed", "said"),
    [
        ("organisation.staff", "many", "'many' is no number"),
        ("organisation.staff", "from 20 to 10", "ends before it begins"),
        ("organisation.staff", "1e999", "is no number"),
        ("placement.eu_first", "2027-02-30", "is no date"),
        ("placement.eu_first", "soon", "is no date"),
        ("decision.overrule", "", "type y, n or u"),
        ("purpose.areas", "", "0 for none"),
        ("purpose.areas", "employement", "did you mean 'employment'"),
    ],
)
def test_impossible_words_are_explained(fact: str, typed: str, said: str) -> None:
    answer = typed_answer(RULESETS.bank.questions[fact], typed)
    assert isinstance(answer, str)
    assert said in answer


@pytest.mark.parametrize(("typed", "numbers"), [("1-3", (1, 2, 3)), ("2, 5-6", (2, 5, 6)), ("4-4", (4,))])
def test_numbers_of_a_list_from_one_to_another(typed: str, numbers: tuple[int, ...]) -> None:
    question = RULESETS.bank.questions["purpose.areas"]
    answer = typed_answer(question, typed)
    assert not isinstance(answer, str), answer
    assert getattr(answer.known, "has") == {question.options[n - 1].id for n in numbers}  # noqa: B009


@pytest.mark.parametrize("typed", ["3-1", "1-999", "0-2", "1-"])
def test_numbers_that_are_not_on_the_list(typed: str) -> None:
    assert isinstance(typed_answer(RULESETS.bank.questions["purpose.areas"], typed), str)
