"""The risk-factor profile: the worst direct indicator leads, nothing is averaged, silence is not a number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forefend.assess.profile import FactorLevel, profile
from forefend.catalog import load_catalog
from forefend.store import Store, recompute
from forefend.store.opening import EMBEDDED

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


@pytest.fixture(scope="module")
def sudan(store: Store) -> tuple[FactorLevel, ...]:
    return profile(store, load_catalog(), "SDN", today=TODAY)


def test_fourteen_factors_in_order(sudan: tuple[FactorLevel, ...]) -> None:
    assert [level.factor for level in sudan] == [f"RF{n}" for n in range(1, 15)]


def test_the_level_is_the_highest_direct_percentile(sudan: tuple[FactorLevel, ...]) -> None:
    for level in sudan:
        direct = [r.percentile.value for r in level.readings if r.strength == "direct" and r.percentile.value is not None]
        if direct:
            assert level.percentile.value == max(direct)
            assert level.leading is not None
            assert level.leading.strength == "direct"
        else:
            assert level.percentile.value is None
            assert level.percentile.missing


def test_a_factor_no_series_measures_is_not_monitored(sudan: tuple[FactorLevel, ...]) -> None:
    by_id = {level.factor: level for level in sudan}
    for factor in ("RF5", "RF8", "RF13", "RF14"):  # the starter holds none of the series that measure these
        missing = by_id[factor].percentile.missing
        assert missing == "not monitored" or missing.startswith("not loaded: fetch ")


def test_sudan_is_among_the_worst_for_attacks_on_civilians(sudan: tuple[FactorLevel, ...]) -> None:
    level = next(level for level in sudan if level.factor == "RF11")
    assert level.percentile.value is not None
    assert level.percentile.value > 95
    assert level.leading is not None
    assert level.leading.indicator == "ucdp_os_deaths"


def test_percentiles_come_out_the_same_again(store: Store, sudan: tuple[FactorLevel, ...]) -> None:
    for level in sudan:
        for reading in level.readings:
            assert recompute(store, reading.percentile) == reading.percentile.value
            assert recompute(store, reading.value) == reading.value.value


def test_a_state_outside_a_universe_has_no_place_in_it(store: Store) -> None:
    levels = {level.factor: level for level in profile(store, load_catalog(), "TUV", today=TODAY)}
    reading = next(r for r in levels["RF11"].readings if r.indicator == "ucdp_os_deaths")
    assert reading.value.missing == "outside coverage"
    assert levels["RF11"].percentile.value is None


def test_an_empty_store_says_what_to_fetch(tmp_path: Path) -> None:
    levels = profile(Store(tmp_path), load_catalog(), "SDN", today=TODAY)
    assert all(level.percentile.value is None for level in levels)
    assert any(level.percentile.missing.startswith("not loaded: fetch ") for level in levels)
