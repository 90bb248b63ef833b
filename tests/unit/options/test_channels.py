"""Channels shown by ties: every share recomputed by hand from the publishers' files, and what is said where none is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.catalog import load_catalog
from forefend.options.channels import CHANNELS
from forefend.options.lever import Lever
from forefend.options.leverage import leverage
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source, sources
from forefend.store import Store, recompute

TODAY = date(2026, 11, 24)
FILES = {
    "factbook_trade": "state/factbook/world_factbook_json_2026.zip",
    "sipri_arms": "dyads/sipri_tiv_dyads_1950_2021.csv",
    "cow_trade": "dyads/cow_trade_dyads_2014.csv",
    "atop": "dyads/atop_alliance.rda",
    "aiddata_gcdf": "dyads/china_gcdf_recipient_year.csv",
    "us_troops": "dyads/us_troops_by_host_latest.csv",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Store:
    found = Store(tmp_path_factory.mktemp("store"))
    for name, file in FILES.items():
        vintage = None if name in ("cow_trade", "atop", "aiddata_gcdf") else "2026"
        import_files(found, find_source(name), [data / file], today=TODAY, vintage=vintage)
    return found


@pytest.fixture
def samples(tmp_path: Path) -> Store:
    """A store with the samples of sources of which no whole file is at hand."""
    found = Store(tmp_path / "store")
    for name in ("fts", "baci"):
        source = find_source(name)
        loose = source.metadata.expect.model_copy(update={"rows_at_least": 1, "states_at_least": 1})
        small = type(source)(
            metadata=source.metadata.model_copy(update={"expect": loose}), folder=source.folder, module_name=source.module_name
        )
        import_files(found, small, list(source.samples().values()), today=TODAY, vintage="202601" if name == "baci" else "2025")
    return found


def levers(store: Store, actor: str, target: str, *, today: date = TODAY) -> dict[str, Lever]:
    return {lever.channel: lever for lever in leverage(store, load_catalog(), actor, target, today=today)}


def test_every_channel_is_of_the_catalog_and_every_tie_of_a_source() -> None:
    assert set(CHANNELS) <= set(load_catalog().leverage_types)
    provided = {subject for source in sources().values() for subject in source.metadata.indicators}
    assert {subject for supplies in CHANNELS.values() for supply in supplies for subject in supply.subjects} <= provided


def test_arms_are_a_share_of_five_years(store: Store, data: Path) -> None:
    with (data / FILES["sipri_arms"]).open() as stream:
        rows = [
            row for row in csv.DictReader(stream) if row["recipient_iso3"] == "TCD" and int(row["year"]) >= 2017 and row["supplier_iso3"]
        ]
    total = sum(float(row["tiv_millions"]) for row in rows)
    french = sum(float(row["tiv_millions"]) for row in rows if row["supplier_iso3"] == "FRA")
    lever = levers(store, "FRA", "TCD")["arms_supply"]
    assert lever.figure.value == pytest.approx(french / total)
    assert lever.figure.period == "2017–2021"
    assert lever.amount is not None
    assert (lever.amount.value, lever.amount.unit) == (french, "million TIV")
    assert recompute(store, lever.figure) == lever.figure.value


def test_a_target_without_deliveries_lately_shows_none(store: Store) -> None:
    """China's last delivery to Sudan was in 2018: inside 2017 to 2021, but Libya's of 1980 is not."""
    assert levers(store, "CHN", "SDN")["arms_supply"].is_held is True
    assert levers(store, "LBY", "SDN")["arms_supply"].figure.missing == "no record"


def test_trade_is_the_publishers_share_for_a_main_partner(store: Store) -> None:
    found = levers(store, "CHN", "SDN")
    assert (found["trade_exports"].figure.value, found["trade_exports"].figure.period) == (0.17, "2023")
    assert found["trade"].figure.value == max(found["trade_exports"].figure.value or 0, found["trade_imports"].figure.value or 0)
    assert [iso3 for iso3, _ in found["trade_exports"].holders] == ["ARE", "CHN", "SAU"]


def test_another_partner_has_the_share_of_an_older_source_with_its_year(store: Store, data: Path) -> None:
    with (data / FILES["cow_trade"]).open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["iso3_2"] == "BFA" and row["flow1"]]
    bought = {row["iso3_1"]: float(row["flow1"]) for row in rows}
    lever = levers(store, "GHA", "BFA")["trade_exports"]
    assert lever.figure.value == pytest.approx(bought["GHA"] / sum(bought.values()))
    assert lever.figure.period == "2014"
    assert [figure.period for _, figure in lever.holders] == ["2023"] * 3


def test_a_pledge_counts_its_kinds_and_is_nobodys_share(store: Store) -> None:
    lever = levers(store, "GHA", "BFA")["alliance"]
    assert (lever.figure.value, lever.figure.unit, lever.figure.period) == (1.0, "pledges", "2018")
    assert lever.holders == ()
    assert levers(store, "FRA", "TCD")["alliance"].is_held is None
    assert levers(store, "USA", "JPN")["alliance"].is_held is True


def test_an_amount_without_a_total_has_no_strength(store: Store, data: Path) -> None:
    rows = pl.read_csv(data / FILES["aiddata_gcdf"]).filter(pl.col("recipient_iso3") == "SDN", pl.col("year") >= 2017)
    amount = sum(float(rows[column].sum()) for column in ("oda_adj", "oof_adj", "vof_adj")) / 1e6
    lever = levers(store, "CHN", "SDN")["chinese_finance"]
    assert lever.figure.value == pytest.approx(amount)
    assert lever.strength is None
    assert lever.is_held is True
    assert levers(store, "FRA", "SDN")["chinese_finance"].figure.missing == "no record"


def test_forces_are_those_of_the_newest_report(store: Store, data: Path) -> None:
    with (data / FILES["us_troops"]).open() as stream:
        (row,) = [row for row in csv.DictReader(stream) if row["iso3c"] == "DJI" and row["month"] == "December"]
    assert levers(store, "USA", "DJI")["troops_hosted"].figure.value == float(row["troops_ad"])
    french = levers(store, "FRA", "DJI")["troops_hosted"]
    assert french.figure.missing == "not monitored", "France has a base there, which this source does not tell"
    assert [iso3 for iso3, _ in french.holders] == ["USA"]


def test_what_is_too_old_is_not_shown(store: Store) -> None:
    later = date(2035, 1, 1)
    found = levers(store, "FRA", "TCD", today=later)
    assert found["arms_supply"].figure.missing == "too old"
    assert found["alliance"].figure.missing == "too old"
    assert found["trade_exports"].figure.value is not None, "2023 is within the fifteen years of trade"


def test_money_of_the_running_years_and_goods_by_value(samples: Store) -> None:
    funding = levers(samples, "DEU", "SDN")["humanitarian_funding"]
    assert (funding.figure.value, funding.figure.period) == (0.25, "2025")
    trade = levers(samples, "GHA", "BFA")
    assert trade["trade_exports"].figure.value == 1.0, "Ghana is the only buyer in the sample"
    assert trade["trade_imports"].figure.value == 1.0
    assert trade["trade"].amount is not None
    assert trade["trade"].amount.unit == "current USD million"


def test_without_data_each_channel_says_what_to_fetch(tmp_path: Path) -> None:
    found = levers(Store(tmp_path), "FRA", "TCD")
    for channel in CHANNELS:
        assert found[channel].figure.missing.startswith("not loaded: fetch "), channel
        assert found[channel].is_held is None


def test_a_power_never_seen_in_use_is_not_denied(store: Store, tmp_path: Path) -> None:
    assert levers(store, "GHA", "BFA")["sanctions_power"].figure.missing == "not monitored"
    other = Store(tmp_path / "other")
    source = find_source("gsdb")
    import_files(other, source, list(source.samples().values()), today=TODAY, vintage="test")
    assert levers(other, "NOR", "SDN")["sanctions_power"].is_held is True
    assert levers(other, "GHA", "SDN")["sanctions_power"].is_held is None
