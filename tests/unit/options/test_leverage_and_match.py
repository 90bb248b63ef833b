"""Leverage channel by channel from the target's side, and options component by component, on the embedded figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forefend.catalog import load_catalog
from forefend.errors import CatalogError
from forefend.options.channels import CHANNELS
from forefend.options.leverage import Lever, leverage
from forefend.options.match import OptionMatch, options_for
from forefend.settings import Settings
from forefend.store import Query, Store, open_store, recompute
from forefend.store.opening import EMBEDDED

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


def levers(store: Store, actor: str, target: str) -> dict[str, Lever]:
    return {lever.channel: lever for lever in leverage(store, load_catalog(), actor, target, today=TODAY)}


def test_every_channel_of_the_catalog_is_listed(store: Store) -> None:
    assert set(levers(store, "GHA", "BFA")) >= set(load_catalog().leverage_types)


def test_aid_is_a_share_of_what_the_target_receives(store: Store) -> None:
    aid = levers(store, "FRA", "BFA")["aid"]
    assert aid.figure.unit == "share"
    assert aid.figure.value is not None
    assert 0 < aid.figure.value < 1
    assert aid.amount is not None
    assert aid.amount.value is not None
    assert aid.amount.value > 0
    assert recompute(store, aid.figure) == pytest.approx(aid.figure.value)


def test_three_states_that_hold_most_are_named_in_order(store: Store) -> None:
    holders = levers(store, "GHA", "SDN")["aid"].holders
    shares = [figure.value for _, figure in holders]
    assert len(holders) == 3
    assert shares == sorted(shares, key=lambda share: -(share or 0))


def test_no_record_is_not_zero(store: Store) -> None:
    aid = levers(store, "GHA", "BFA")["aid"]
    assert aid.figure.value is None
    assert aid.figure.missing == "no record"
    assert aid.is_held is None


def test_a_border_is_held_by_neighbours_only(store: Store) -> None:
    assert levers(store, "GHA", "BFA")["border_access"].is_held is True
    assert levers(store, "FRA", "BFA")["border_access"].is_held is False


def test_a_channel_nobody_measures_is_not_monitored(store: Store) -> None:
    assert levers(store, "GHA", "BFA")["intelligence"].figure.missing == "not monitored"


def test_without_data_it_says_what_to_fetch(tmp_path: Path) -> None:
    aid = levers(Store(tmp_path), "GHA", "BFA")["aid"]
    assert aid.figure.missing.startswith("not loaded: fetch ")


@pytest.fixture(scope="module")
def matches(store: Store) -> tuple[OptionMatch, ...]:
    return options_for(store, load_catalog(), "GHA", "SDN", today=TODAY)


def test_options_are_sorted_by_relevance_then_leverage(matches: tuple[OptionMatch, ...]) -> None:
    keys = [(-(m.relevance.value or 0), -(m.leverage.value or 0), m.id) for m in matches]
    assert keys == sorted(keys)


def test_components_stay_within_bounds_and_recompute(store: Store, matches: tuple[OptionMatch, ...]) -> None:
    for match in matches:
        for figure in (match.relevance, match.leverage):
            assert figure.value is None or 0 <= figure.value <= 1
            assert recompute(store, figure) == figure.value
        assert 0 < match.cost <= 1
        assert 0.2 <= match.evidence <= 1


def test_abroad_no_national_option_and_at_home_only_those(store: Store, matches: tuple[OptionMatch, ...]) -> None:
    assert not any(m.option.sphere == "national" for m in matches)
    at_home = options_for(store, load_catalog(), "GHA", "GHA", today=TODAY)
    assert at_home
    assert all(m.option.sphere == "national" for m in at_home)


def test_a_level_keeps_the_options_of_its_phase(store: Store) -> None:
    found = options_for(store, load_catalog(), "GHA", "SDN", today=TODAY, level=4)
    assert found
    assert all("ongoing" in m.option.phases for m in found)


def test_an_unknown_level_is_refused(store: Store) -> None:
    with pytest.raises(CatalogError, match="Level 9 does not exist"):
        options_for(store, load_catalog(), "GHA", "SDN", today=TODAY, level=9)


def test_listed_levers_are_held_not_held_or_not_known(matches: tuple[OptionMatch, ...]) -> None:
    for match in matches:
        told = {lever.channel for lever in match.held} | set(match.not_held) | set(match.not_known)
        assert told == set(match.option.leverage_types)


def test_only_a_regional_body_is_a_regional_lever(tmp_path: Path) -> None:
    """Ghana and Myanmar share the G77, Ghana and Tuvalu the Commonwealth; neither is a region. Ghana and Sudan share the AU."""
    store = open_store(Settings(data_dir=tmp_path))

    def shared(target: str) -> float | None:
        levers = leverage(store, load_catalog(), "GHA", target, today=date(2026, 11, 24))
        return next(lever.figure.value for lever in levers if lever.channel == "membership_regional")

    assert shared("MMR") is None
    assert shared("TUV") is None
    assert shared("SDN") == 1.0
    assert shared("CIV") == 2.0  # AU and ECOWAS


def test_every_regional_body_is_one_the_register_names(tmp_path: Path) -> None:
    store = open_store(Settings(data_dir=tmp_path))
    known = set(store.read(Query(table="facts", subject="membership")).frame["key"])
    assert set(load_catalog().regional_bodies) <= known


def test_a_party_to_the_genocide_convention_is_not_said_to_have_no_reservation(store: Store) -> None:
    """China and the United States shut out article IX; the data hold no reservations, so the title must not speak of none."""
    assert levers(store, "CHN", "SDN")["treaty_party"].title == "Party to the Genocide Convention; reservations are not in the data"


def test_a_contingent_of_years_ago_is_no_lever_now() -> None:
    """The mission in Darfur closed in 2020; its troops of that year hold nothing over Sudan in 2026."""
    assert all(supply.max_age_years <= 3 for supply in CHANNELS["peacekeepers"])
