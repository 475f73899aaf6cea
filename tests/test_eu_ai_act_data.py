"""Traps of the AI Act that only the data of the ruleset can show: tiers, retention periods, clocks, citations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from raicheck import Rulesets
from raicheck.model import Rule, Ruleset


@pytest.fixture(scope="module")
def law(shipped: Rulesets) -> Ruleset:
    return shipped.by_id["eu_ai_act"]


def _rules(rules: tuple[Rule, ...]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from _rules(rule.unless)


def _citations(law: Ruleset) -> set[str]:
    found = {c for rule in _rules(tuple(law.rules.values())) for c in (*rule.cites, *rule.see)}
    for owed in law.obligations.values():
        found.update(owed.cites, owed.see, owed.breach.cites if owed.breach else ())
        found.update(c for rule in _rules(owed.unless) for c in (*rule.cites, *rule.see))
    return found


# Traps 18, 84: what Article 99(4) does not list is punished by national rules.
@pytest.mark.parametrize(
    "name",
    ["ai-literacy", "bias-data-high-risk", "document-exemption", "register-exemption", "fria", "post-market-monitoring",
     "incident-15-days", "explain-decision"],
)  # fmt: skip
def test_unlisted_duties_have_national_penalties(law: Ruleset, name: str) -> None:
    breach = law.obligations[name].breach
    assert breach is not None
    assert breach.tier == "national_rules"


@pytest.mark.parametrize("name", ["risk-management", "supplier-agreement", "assign-oversight", "mark-content"])
def test_listed_duties_have_the_second_tier(law: Ruleset, name: str) -> None:
    breach = law.obligations[name].breach
    assert breach is not None
    assert breach.tier == "tier_15m"


def test_every_tier_exists(law: Ruleset) -> None:
    tiers = {o.breach.tier for o in law.obligations.values() if o.breach}
    assert tiers <= set(law.penalties)
    assert all(o.breach for o in law.obligations.values() if o.kind == "duty")


def test_size_reliefs_of_fines(law: Ruleset) -> None:
    """Traps 81, 85: no relief for mid-caps in Article 5 fines, none for anybody in Article 101."""
    assert law.penalties["tier_35m"].sme.startswith("the lower")
    assert law.penalties["tier_35m"].smc.startswith("the higher")
    assert law.penalties["tier_15m"].smc.startswith("the lower")
    assert law.penalties["gpai"].sme == law.penalties["gpai"].smc == "no cap"


def test_retention_and_clocks(law: Ruleset) -> None:
    """Traps 66, 67."""
    owed = law.obligations
    assert owed["keep-documents"].due.within == owed["importer-records"].due.within == "10 years"
    assert all("six months" in owed[name].what for name in ("keep-logs-provider", "keep-logs-deployer"))
    clocks = [owed[f"incident-{n}-days"].due.within for n in (15, 2, 10)]
    assert clocks == ["15 days", "2 days", "10 days"]


def test_citations(law: Ruleset) -> None:
    """Traps 19, 39, 97, 99: nothing deleted is cited; recitals of the amending act are its own."""
    cites = _citations(law)
    deleted = {"ai_act/art-10-par-5", "ai_act/annex-viii-sec-b-pt-7", "ai_act/annex-viii-sec-b-pt-9"}
    assert not cites & deleted
    assert "omn/rec-39" in cites
    override = law.rules["art-6-3"].unless[0]
    assert override.id == "profiling"
    assert override.cites == ("ai_act/art-6-par-3-subpar-3",)


def test_section_5_dates_show_the_literal_reading(law: Ruleset) -> None:
    """Trap 9: both dates are shown where Chapter III, Section 5, and Articles 72, 73 and 86 are concerned."""
    for name in ("ce-marking", "register-system", "incident-15-days", "post-market-monitoring", "explain-decision"):
        readings = law.obligations[name].readings
        assert readings
        assert "2 August 2026" in readings[0].text
    assert {r.id for p in law.open_points if p.id == "section-5-dates" for r in p.readings} == {"route-date", "literal"}
