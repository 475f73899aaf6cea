"""One test for each promise of the engine, on the small Shop Act."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import TODAY, spec_of

from raicheck import Rulesets, assess
from raicheck.assess import Result

OPEN = "open: yes, owner: person"


def result(tiny: Rulesets, shop: str, as_of: date = TODAY, rest: str = "") -> Result:
    return assess(spec_of(tiny, f"{{shop: {{{shop}}}}}", rest), tiny, as_of).results["tiny"]


def status(found: Result, rule: str) -> str:
    return next((r.status for r in found.rules if r.id == rule), "absent")


@pytest.mark.parametrize(
    ("shop", "applies"),
    [("open: yes, owner: person", True), ("open: no", False), ("open: yes", None), ("owner: town", False),
     ("open: unsure, owner: person", None), ("", None)],
)  # fmt: skip
def test_gate_is_true_false_or_unknown(tiny: Rulesets, shop: str, applies: bool | None) -> None:
    assert result(tiny, shop).applies is applies


@pytest.mark.parametrize(
    ("shop", "expected"),
    [
        (f"{OPEN}, sells: [beer], licence: no", "fires"),
        (f"{OPEN}, sells: [bread]", "not_firing"),
        (f"{OPEN}, sells: [beer]", "undetermined"),
        (f"{OPEN}, sells: [beer], licence: yes, staff: 3", "not_firing"),
        (f"{OPEN}, sells: [beer], licence: yes, staff: 80", "fires"),
        (f"{OPEN}, sells: [beer], licence: yes, staff: {{at_least: 50}}", "fires"),
        (f"{OPEN}, sells: [beer], licence: yes, staff: {{at_least: 40}}", "undetermined"),
        (f"{OPEN}, sells: [bread, unsure]", "undetermined"),
        (f"{OPEN}, sells: {{has: [bread], not: [beer]}}", "not_firing"),
        ("open: no, sells: [beer], licence: no", "not_firing"),
        ("sells: [beer], licence: no", "undetermined"),
    ],
)
def test_rule_with_nested_exceptions(tiny: Rulesets, shop: str, expected: str) -> None:
    assert status(result(tiny, shop), "art-3") == expected


def test_exception_fires_only_where_its_rule_would(tiny: Rulesets) -> None:
    beer = result(tiny, f"{OPEN}, sells: [beer], licence: yes, staff: 3")
    bread = result(tiny, f"{OPEN}, sells: [bread], staff: 3")
    shown = {r.id: r for r in beer.rules}["art-3"].exceptions[0]
    assert (shown.id, shown.status, shown.exceptions[0].status) == ("licence", "fires", "not_firing")
    assert {r.id: r for r in bread.rules}["art-3"].exceptions[0].status == "not_firing"


def test_question_that_does_not_arise_is_never_open(tiny: Rulesets) -> None:
    found = result(tiny, f"{OPEN}, sells: [bread], noise: silent, staff: 3")
    assert "shop.licence" not in [q.id for q in found.open_questions]


def test_gate_of_a_question_is_asked_first(tiny: Rulesets) -> None:
    found = result(tiny, "open: yes, owner: person, noise: silent")
    ids = [q.id for q in found.open_questions]
    assert "shop.sells" in ids
    assert "shop.licence" not in ids


def test_exact_count(tiny: Rulesets) -> None:
    assert status(result(tiny, f"{OPEN}, sells: [beer, toys], licence: no"), "art-4") == "fires"
    assert status(result(tiny, f"{OPEN}, sells: {{has: [beer], not: [toys, bread]}}"), "art-4") == "not_firing"
    assert status(result(tiny, f"{OPEN}, sells: {{has: [beer], not: [toys]}}"), "art-4") == "undetermined"


def test_rule_not_yet_law_is_absent_and_a_repealed_one_too(tiny: Rulesets) -> None:
    assert status(result(tiny, f"{OPEN}, sells: [beer, toys]", date(2026, 6, 30)), "art-4") == "absent"
    assert status(result(tiny, f"{OPEN}, staff: 15", date(2025, 12, 31)), "art-6") == "fires"
    assert status(result(tiny, f"{OPEN}, staff: 15", date(2026, 1, 1)), "art-6") == "absent"


def test_enacted_but_not_in_force(tiny: Rulesets) -> None:
    found = {r.id: r for r in result(tiny, f"{OPEN}, sells: [beer, toys], licence: no").rules}["art-4"]
    assert (found.status, found.in_force, found.start.earliest) == ("fires", False, date(2026, 12, 2))


def test_dated_value_changes_with_the_law(tiny: Rulesets) -> None:
    shop = f"{OPEN}, sells: [beer], licence: no, staff: 3, opened: 2030-01-01"
    before = {r.id: r for r in result(tiny, shop, date(2025, 6, 1)).rules}["art-3"]
    after = {r.id: r for r in result(tiny, shop, date(2026, 6, 1)).rules}["art-3"]
    assert (before.start.earliest, before.in_force) == (date(2025, 1, 1), True)
    assert (after.start.earliest, after.in_force) == (date(2028, 1, 1), False)


def test_two_readings_are_disputed_between_their_days(tiny: Rulesets) -> None:
    rest = "determinations: [{judgement: tiny.nuisance, answer: yes, by: me, reason: loud, on: 2026-11-01}]"
    shop = f"{OPEN}, noise: loud"
    days = {date(2026, 10, 1): False, TODAY: "disputed", date(2026, 12, 1): True}
    for day, wanted in days.items():
        assert {r.id: r for r in result(tiny, shop, day, rest).rules}["art-5"].in_force == wanted


@pytest.mark.parametrize(
    ("noise", "expected"),
    [("silent", "not_firing"), ("some", "not_firing"), ("loud", "needs_counsel"), ("unsure", "undetermined")],
)
def test_judgement_is_raised_only_by_factors(tiny: Rulesets, noise: str, expected: str) -> None:
    assert status(result(tiny, f"{OPEN}, noise: {noise}"), "art-5") == expected


@pytest.mark.parametrize(("answer", "expected"), [("yes", "fires"), ("no", "not_firing")])
def test_determination_settles_a_judgement(tiny: Rulesets, answer: str, expected: str) -> None:
    rest = f"determinations: [{{judgement: tiny.nuisance, answer: {answer}, by: me, reason: r, on: 2026-11-01}}]"
    assert status(result(tiny, f"{OPEN}, noise: loud", rest=rest), "art-5") == expected


def test_draft_guidance_counts_and_the_text_alone_is_told(tiny: Rulesets) -> None:
    found = result(tiny, f"{OPEN}, sells: [beer, toys], licence: no, staff: 3", date(2026, 6, 1))
    assert found.classification.certain.id == "free"
    assert found.text_alone is not None
    assert found.text_alone.certain.id == "licensed"
    assert {r.id: r for r in found.rules}["art-3"].text_alone == "fires"


def test_obligation_needs_its_role_and_has_its_date(tiny: Rulesets) -> None:
    launch = "placements: [{market: eu, first: 2029-05-01}]"
    shop = f"{OPEN}, sells: [beer], licence: no, opened: 2029-05-01"
    big = {o.id: o for o in result(tiny, f"{shop}, staff: 60", rest=launch).obligations}["register"]
    unknown = {o.id: o for o in result(tiny, shop, rest=launch).obligations}["register"]
    assert (big.applicability, big.rule, big.roles) == ("applies", "art-3", ("keeper",))
    assert (big.start.earliest, big.due.day) == (date(2027, 1, 1), date(2029, 5, 1))
    assert (unknown.start.earliest, unknown.start.latest) == (date(2027, 1, 1), date(2028, 1, 1))


def test_unknown_launch_is_an_open_end(tiny: Rulesets) -> None:
    shop = f"{OPEN}, sells: [beer], licence: no, staff: 60, opened: 2029-05-01"
    due = {o.id: o for o in result(tiny, shop).obligations}["register"].due
    assert (due.earliest, due.latest, due.day) == (date(2027, 1, 1), None, None)


def test_legacy_exception_compares_with_the_date_of_the_day(tiny: Rulesets) -> None:
    shop = f"{OPEN}, sells: [beer], licence: no, staff: 60, opened: 2026-05-01"
    old = {o.id: o for o in result(tiny, shop).obligations}["register"]
    new = {o.id: o for o in result(tiny, shop, date(2025, 6, 1)).obligations}["register"]
    assert (old.applicability, new.applicability) == ("not_applicable", "applies")


def test_implication_makes_known_and_contradiction_is_told(tiny: Rulesets) -> None:
    clear = assess(spec_of(tiny, "{shop: {owner: town}}"), tiny, TODAY)
    clash = assess(spec_of(tiny, "{shop: {owner: town, sells: [beer]}}"), tiny, TODAY)
    assert "shop.sells" in clear.facts.derived
    assert [c.fact for c in clash.facts.contradictions] == ["shop.sells"]


def test_answer_that_does_not_arise_is_unused(tiny: Rulesets) -> None:
    found = assess(spec_of(tiny, "{shop: {sells: [bread], licence: yes}}"), tiny, TODAY)
    assert found.facts.unused == ("shop.licence",)


def test_classification_is_a_range(tiny: Rulesets) -> None:
    found = result(tiny, "owner: person, noise: silent")
    assert (found.classification.certain.id, found.classification.possible.id) == ("out_of_scope", "closed")
    assert result(tiny, "open: no").classification.possible.id == "out_of_scope"


def test_open_point_is_shown_where_it_may_matter(tiny: Rulesets) -> None:
    assert [p.id for p in result(tiny, f"{OPEN}, sells: [bread]").open_points] == ["bread"]
    assert result(tiny, f"{OPEN}, sells: [beer]").open_points == ()
