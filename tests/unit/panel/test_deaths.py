"""The monthly panel of deaths: quiet months are 0, other states are absent, and nothing later than asked is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from deaths_release import Row, write_events, write_real, write_release
from forefend.errors import NotLoaded
from forefend.panel.deaths import country_months, first_years, months_before, months_old, months_query, newest_month, year_deaths
from forefend.places import universe
from forefend.store import Query, Snapshot, Store, recompute

Release = Callable[..., Snapshot]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def release(store: Store, tmp_path: Path) -> Release:
    """Write a release of made deaths: rows are (iso3, kind, month as 2020-01, deaths)."""

    def write(rows: list[Row], **given: Any) -> Snapshot:
        return write_release(store, tmp_path / "made.csv", rows, **given)

    return write


def test_every_covered_state_stands_in_every_month_since_it_is_counted(store: Store, release: Release) -> None:
    release([("SDN", "os", "1990-03", 7), ("SSD", "os", "2012-02", 3), ("MLI", "sb", "2012-04", 9)])
    panel = country_months(store)
    assert set(panel["iso3"]) == universe("ucdp")
    assert panel["deaths"].sum() == 10
    sudan = panel.filter(iso3="SDN")
    assert (sudan["month"][0], sudan["month"][-1], sudan.height) == (date(1989, 1, 1), date(2012, 4, 1), 23 * 12 + 4)
    assert sudan.filter(month=date(1990, 3, 1))["deaths"].item() == 7
    assert panel.filter(iso3="SSD")["month"][0] == date(2011, 1, 1), "a state is counted from January of its first year"


def test_events_are_counted_beside_deaths(store: Store, data: Path) -> None:
    """Of civilians' deaths an event counts where it killed one."""
    write_real(store, data)
    panel = country_months(store, counted="events")
    assert panel.columns == ["iso3", "month", "events"]
    assert panel.height == country_months(store).height
    assert panel.filter(iso3="COD", month=date(2024, 12, 1))["events"].item() == 58
    write_events(store, data)
    events = store.read(Query(table="events", subject=("os", "sb", "ns"))).frame
    found = country_months(store, "civilians", counted="events")
    assert found["events"].sum() == events.filter(pl.col("deaths_civilians") > 0).height > 0


def test_states_that_the_source_does_not_cover_are_absent_not_zero(store: Store, release: Release) -> None:
    release([("SDN", "os", "1990-03", 7)])
    assert not {"TUV", "NRU", "MCO"} & set(country_months(store)["iso3"])
    assert year_deaths(store, "TUV", year=1990).missing == "outside coverage"


def test_the_newest_month_is_the_releases_not_the_kinds(store: Store, release: Release) -> None:
    release([("SDN", "os", "2020-03", 7), ("SDN", "ns", "2020-12", 1)])
    assert newest_month(store, "os") == date(2020, 12, 1)
    assert country_months(store, "os")["month"].max() == date(2020, 12, 1)


def test_nothing_dated_later_is_seen(store: Store, release: Release) -> None:
    release([("SDN", "os", "2019-11", 5), ("SDN", "os", "2020-01", 9)])
    without = country_months(store, as_of=date(2019, 12, 31))
    release([("SDN", "os", "2019-11", 5), ("SDN", "os", "2020-01", 70_000), ("FRA", "os", "2020-06", 70_000)], vintage="27.1")
    assert country_months(store, as_of=date(2019, 12, 31)).equals(without)
    assert without["month"].max() == date(2019, 12, 1)
    assert without["deaths"].sum() == 5


def test_a_month_that_has_not_ended_is_not_counted(store: Store, release: Release) -> None:
    release([("SDN", "os", "2020-01", 9), ("SDN", "os", "2020-02", 4)])
    assert newest_month(store, as_of=date(2020, 2, 28)) == date(2020, 1, 1)
    assert newest_month(store, as_of=date(2020, 2, 29)) == date(2020, 2, 1)


def test_an_older_day_reads_the_release_of_its_time(store: Store, release: Release) -> None:
    release([("SDN", "os", "2018-05", 100)], vintage="19.1", published=date(2019, 6, 1))
    release([("SDN", "os", "2018-05", 113), ("SDN", "os", "2019-05", 50)], vintage="20.1", published=date(2020, 6, 1))
    assert year_deaths(store, "SDN", year=2018, as_of=date(2019, 12, 31)).missing == "not monitored", "2018 ends in May there"
    assert country_months(store, as_of=date(2019, 12, 31))["deaths"].sum() == 100
    assert country_months(store, as_of=date(2020, 12, 31))["deaths"].sum() == 163


def test_values_from_a_younger_release_are_marked_revised(store: Store, release: Release) -> None:
    release([("SDN", "os", "2018-05", 113), ("SDN", "os", "2018-12", 1)])
    assert year_deaths(store, "SDN", year=2018, as_of=date(2018, 12, 31)).is_revised
    now = [year_deaths(store, "SDN", year=2018, as_of=day) for day in (date(2026, 7, 1), date(2026, 7, 2), None)]
    assert not any(figure.is_revised for figure in now)
    assert len({figure.id for figure in now}) == 1, "the same rows asked for on two days are one number"


def test_the_deaths_of_a_year_are_a_number_that_opens(store: Store, release: Release) -> None:
    release([("SDN", "os", "2018-01", 3), ("SDN", "os", "2018-12", 4), ("SDN", "os", "2019-12", 9), ("SDN", "sb", "2019-12", 1)])
    figure = year_deaths(store, "SDN", year=2018)
    assert (figure.value, figure.period, recompute(store, figure)) == (7, "2018", 7)
    assert year_deaths(store, "FRA", year=2018).value == 0
    assert year_deaths(store, "SDN", year=2020).missing == "not monitored"
    assert year_deaths(store, "SSD", year=2010).missing == "not monitored"


def test_the_window_ends_with_the_newest_month(store: Store, release: Release) -> None:
    release([("SDN", "os", "2018-12", 3), ("SDN", "os", "2019-01", 4), ("SDN", "os", "2019-12", 9)])
    assert store.read(months_query(store, "SDN")).frame["value"].to_list() == [4, 9]
    assert store.read(months_query(store, "SDN", months=13)).frame["value"].to_list() == [3, 4, 9]


def test_an_empty_store_says_what_to_fetch(store: Store) -> None:
    with pytest.raises(NotLoaded):
        country_months(store)
    assert year_deaths(store, "SDN", year=2018).missing.startswith("not loaded: fetch")


def test_age_is_counted_in_calendar_months() -> None:
    assert months_old(date(2024, 12, 1), today=date(2026, 11, 22)) == 23
    assert months_before(date(2024, 1, 1), 1) == date(2023, 12, 1)
    assert months_before(date(2024, 12, 1), -1) == date(2025, 1, 1)
    assert first_years()["SSD"] == 2011


def test_the_panel_equals_the_one_made_from_the_publishers_events(store: Store, data: Path) -> None:
    """Against a panel made from UCDP GED 26.1 by others: same states, same months, same deaths."""
    write_real(store, data)
    theirs = pl.read_parquet(data / "ucdp" / "cm_panel.parquet")
    ended = ["CSK", "DDR", "YMD"]
    for kind in ("os", "sb", "ns"):
        expected = theirs.filter(~pl.col("iso3").is_in(ended)).select(
            "iso3", pl.col("month").cast(pl.Date), deaths=pl.col(f"{kind}_deaths").cast(pl.Float64)
        )
        assert country_months(store, kind).equals(expected.sort("iso3", "month"))
