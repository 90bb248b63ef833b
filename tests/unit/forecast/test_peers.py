"""Others' forecasts beside ours: the newest known on the day, its window, issue, rank and licence, and nothing mixed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from forefend.forecast.peers import PEERS, peer_forecasts
from forefend.sources.intake import import_files
from forefend.sources.registry import Source, find_source
from forefend.store import Store, recompute

TODAY = date(2026, 11, 1)
Import = Callable[..., None]


@pytest.fixture
def load(store: Store) -> Import:
    """Import files of a peer; samples are smaller than a whole release."""

    def take(name: str, *paths: Path, published: date | None = None) -> None:
        source = find_source(name)
        expect = source.metadata.expect.model_copy(update={"rows_at_least": 1, "states_at_least": 1, "rejected_share_at_most": 1.0})
        small = Source(metadata=source.metadata.model_copy(update={"expect": expect}), folder=source.folder, module_name=source.module_name)
        files = list(paths) or list(source.samples().values())
        import_files(store, small, files, today=TODAY, published=published, allow_older=True)

    return take


def test_without_data_every_peer_says_what_to_fetch(store: Store) -> None:
    found = peer_forecasts(store, iso3="SDN", today=TODAY)
    assert [entry.peer for entry in found] == list(PEERS)
    for entry in found:
        assert entry.value.missing == entry.rank.missing == f"not loaded: fetch {entry.peer.source}"
        assert entry.issued is None
        assert entry.horizon_months is None


def test_an_edition_has_window_issue_rank_and_licence(store: Store, load: Import) -> None:
    load("ewp")
    entry = next(e for e in peer_forecasts(store, iso3="SDN", today=TODAY) if e.peer.series == "ewp_new_mass_killing_probability")
    assert (entry.value.value, entry.value.period) == (0.08, "2025–2026")
    assert (entry.issued, entry.end, entry.horizon_months) == (date(2025, 9, 3), date(2026, 12, 31), 15)
    assert (entry.rank.value, entry.states.value) == (3, 6)
    assert entry.licence == "None stated"
    assert recompute(store, entry.value) == entry.value.value


def test_a_day_sees_only_what_was_out(store: Store, load: Import) -> None:
    folder = find_source("ewp").folder / "sample"
    load("ewp", folder / "base2021-run-synthetic.csv")
    load("ewp", folder / "final_forecasts_data_synthetic.csv")
    by_day = {day: peer_forecasts(store, iso3="SDN", today=day)[0] for day in (date(2022, 1, 1), date(2023, 1, 1), TODAY)}
    assert [entry.value.missing or entry.value.period for entry in by_day.values()] == [
        "not published by this day", "2022–2023", "2025–2026",
    ]  # fmt: skip


def test_expected_deaths_add_up_and_chances_do_not(store: Store, load: Import) -> None:
    load("views_api", published=date(2026, 8, 1))
    by_series = {e.peer.series: e for e in peer_forecasts(store, iso3="SDN", today=TODAY)}
    deaths, chance = by_series["views_sb_expected_deaths"], by_series["views_sb_25_deaths_probability"]
    assert deaths.value.value is not None
    assert deaths.value.value > 100
    assert chance.value.value is not None
    assert chance.value.value <= 1
    assert deaths.value.period == "2026-07–2026-12"
    assert deaths.issued == date(2026, 8, 1)
    assert (deaths.rank.value, deaths.states.value) == (1, 4)
    assert recompute(store, deaths.rank) == 1


def test_only_the_forecast_month_of_conflictforecast_is_told(store: Store, load: Import) -> None:
    load("conflictforecast", published=date(2026, 8, 3))
    entry = next(e for e in peer_forecasts(store, iso3="UKR", today=TODAY) if e.peer.series.endswith("conflict_probability_3m"))
    assert (entry.value.period, entry.horizon_months) == ("2026-08–2026-10", 2)


def test_an_alert_is_no_forecast_and_has_no_rank(store: Store, load: Import) -> None:
    load("hdx_signals")
    by_series = {e.peer.series: e for e in peer_forecasts(store, iso3="SDN", today=TODAY)}
    alert = by_series["hdx_signals_acled_conflict"]
    assert (alert.value.value, alert.issued, alert.horizon_months, alert.rank.missing) == (2, date(2026, 6, 10), None, "not ranked")
    assert by_series["hdx_signals_idmc_displacement_conflict"].value.missing == "no alert"


def test_a_state_the_peer_leaves_out_is_outside_coverage(store: Store, load: Import) -> None:
    load("inform_risk")
    by_series = {e.peer.series: e for e in peer_forecasts(store, iso3="VAT", today=TODAY)}
    assert by_series["inform_risk"].value.missing == "outside coverage"
    mali = {e.peer.series: e for e in peer_forecasts(store, iso3="MLI", today=TODAY)}["inform_risk"]
    assert mali.value.value is not None
    assert mali.value.period == "2024"
    assert mali.horizon_months is None
