"""Rules on what states did, in the starter: arrivals taken in, forces sent, women in the forces, civilians killed."""

from __future__ import annotations

from datetime import date

import pytest

from forefend.assess.prefill import Suggestion, apply_rule
from forefend.catalog import load_catalog
from forefend.settings import Settings
from forefend.store import Store, open_store

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(Settings(data_dir=tmp_path_factory.mktemp("starter")))


def suggested(store: Store, rule: str, iso3: str) -> Suggestion:
    catalog = load_catalog()
    return apply_rule(store, catalog, catalog.prefill_rules[f"prefill.{rule}"], iso3=iso3, today=TODAY)


@pytest.mark.parametrize(
    ("rule", "iso3", "level"),
    [
        ("N5.4.civilians_killed", "SDN", 1),
        ("N5.8.communal_fighting", "NGA", 1),
        ("N5.8.communal_fighting", "GHA", 2),
        ("N5.6.women", "ZAF", 2),
        ("N5.6.women", "ECU", 1),
        ("B3.7.new_claims", "DEU", 2),
        ("B3.7.group_arrivals", "POL", 2),
        ("R2.4.group_arrivals_from_neighbours", "TCD", 2),
        ("R2.4.new_claims_from_neighbours", "JOR", 1),
        ("R2.4.group_arrivals_from_region", "DEU", 2),
        ("R3.1.troops_in_the_factbook", "UGA", 2),
        ("M4.8.police_in_the_factbook", "SEN", 2),
    ],
)
def test_a_number_of_the_newest_year_sets_a_level(embedded: Store, rule: str, iso3: str, level: int) -> None:
    found = suggested(embedded, rule, iso3)
    assert (found.score.value, found.sets_level) == (level, True)


@pytest.mark.parametrize(
    ("rule", "iso3"),
    [
        ("N5.4.civilians_killed", "FRA"),
        ("N5.4.civilians_killed", "GTM"),
        ("N5.8.communal_fighting", "FRA"),
        ("N5.6.women", "SDN"),
        ("N5.6.women", "LTU"),
        ("B3.7.group_arrivals", "COL"),
        ("R3.1.troops_in_the_factbook", "FRA"),
        ("M4.8.police_in_the_factbook", "JOR"),
    ],
)
def test_no_number_an_old_one_and_no_death_suggest_nothing(embedded: Store, rule: str, iso3: str) -> None:
    assert suggested(embedded, rule, iso3).score.value is None


@pytest.mark.parametrize(("iso3", "sets"), [("FRA", True), ("CHN", False), ("TUR", False)])
def test_only_a_confirmed_party_to_the_arms_trade_treaty_gets_a_level(embedded: Store, iso3: str, sets: bool) -> None:
    assert suggested(embedded, "B3.2.arms_trade_treaty", iso3).sets_level is sets
