"""Freedom in the World: territories are not states, the edition is a year later than what it reports on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("freedom_house")
LIST, BOOK = SOURCE.samples()["freedom_house_fiw_subscores.csv"], SOURCE.samples()["All_data_FIW_2013-2024.xlsx"]


def read(*paths: Path) -> Parsed:
    return SOURCE.read({path.name: path for path in paths})


@pytest.fixture(scope="module")
def editions(data: Path) -> Parsed:
    return read(data / "state" / "governance" / "freedom_house_fiw_subscores_2012_2024.csv")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = LIST.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / LIST.name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_an_edition_reports_on_the_year_before() -> None:
    """The workbook's name says 2024, its sheet 25, and its rows report on 2024."""
    parsed = read(BOOK)
    assert parsed.vintage == "2025"
    assert set(parsed.tables["observations"]["end"]) == {date(2024, 12, 31)}


def test_territories_are_rejected_in_both_layouts() -> None:
    assert read(BOOK).rejected.height == 1
    rejected = read(LIST).rejected
    assert rejected.height == 6
    assert set(rejected["reason"]) == {"a territory, rated apart from any state"}


def test_a_territory_with_the_code_of_a_state_never_replaces_it() -> None:
    """The list gives the Russian-occupied territories of Ukraine the code of Russia."""
    parsed = read(LIST)
    russia = parsed.tables["observations"].filter(pl.col("iso3") == "RUS", pl.col("indicator") == "fh_total")
    assert russia.height == 2
    rows = LIST.read_text(encoding="utf-8").splitlines()
    assert all(",Russia," in rows[row] for row in russia["row"])
    assert "PSE" not in set(parsed.tables["observations"]["iso3"])


def test_edition_and_year_must_fit(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="row 1: the year is not the one before the edition"):
        read(changed(tmp_path, "c,2023.0,2022.0", "c,2023.0,2023.0"))


def test_a_third_kind_of_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="codes new"):
        read(changed(tmp_path, "Ghana,Somewhere,c", "Ghana,Somewhere,x"))


def test_a_country_without_a_code_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="row 1: name 'Ghana' is new"):
        read(changed(tmp_path, "GHA,Ghana", ",Ghana"))


def test_a_country_of_unknown_name_is_refused(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BOOK)
    book["FIW13-25"]["A3"] = "Atlantis"
    path = tmp_path / "changed.xlsx"
    book.save(path)
    with pytest.raises(UnexpectedData, match="row 1: name 'Atlantis' is new"):
        read(path)


def test_all_editions_of_the_list(editions: Parsed) -> None:
    table = editions.tables["observations"]
    assert table["iso3"].n_unique() == 195
    assert table.filter(pl.col("indicator") == "fh_f4").height == 195 * 13
    assert editions.rejected.height == 188, "the territories of thirteen editions"
    assert (table["end"].min(), table["end"].max()) == (date(2012, 12, 31), date(2024, 12, 31))


def test_territories_of_the_list_never_stand_for_a_state(editions: Parsed) -> None:
    table = editions.tables["observations"]
    assert not {"PSE", "HKG", "ESH", "PRI"} & set(table["iso3"])
    for iso3 in ("IND", "PAK", "CYP", "RUS"):
        assert table.filter(pl.col("iso3") == iso3, pl.col("indicator") == "fh_total").height == 13
    russia = table.filter(pl.col("iso3") == "RUS", pl.col("indicator") == "fh_total", pl.col("end") == date(2024, 12, 31))
    assert russia["value"].item() == 12, "Russia itself, not the territories it occupies, which score below zero"
