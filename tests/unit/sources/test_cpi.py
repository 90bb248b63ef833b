"""Corruption Perceptions Index: values unchanged, one column a year, nothing before 2012."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("cpi")
LIST, BOOK = SOURCE.samples()["corruption_perception_index.csv"], SOURCE.samples()["CPI2023_Global_Results__Trends.xlsx"]
SHEET = "CPI Timeseries 2012 - 2023"


def read(*paths: Path) -> Parsed:
    return SOURCE.read({path.name: path for path in paths})


def test_the_sheet_with_the_most_years_is_read_unchanged() -> None:
    written = openpyxl.load_workbook(BOOK)[SHEET]
    ghana = read(BOOK).tables["observations"].filter(pl.col("iso3") == "GHA").sort("end")
    assert ghana["end"].dt.year().to_list() == [2021, 2022, 2023]
    assert ghana["value"].to_list() == [written["L5"].value, written["H5"].value, written["D5"].value]
    assert ghana["low"].null_count() == 3, "no bound is computed: the licence allows no derivative"
    assert read(BOOK).vintage == "2023"


def test_kosovo_has_a_code_of_the_publishers_own() -> None:
    assert "XKX" in set(read(BOOK).tables["observations"]["iso3"])
    assert "XKX" in set(read(LIST).tables["observations"]["iso3"])


def test_a_state_without_scores_gives_no_value() -> None:
    assert "NRU" not in set(read(BOOK).tables["observations"]["iso3"])


def test_years_on_the_old_scale_are_rejected() -> None:
    assert read(LIST).rejected["reason"].to_list() == ["before 2012, on another scale"]
    assert read(LIST).tables["observations"]["value"].min() == 38


def test_a_new_column_is_refused(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BOOK)
    book[SHEET].cell(4, 16, "Brand new")
    path = tmp_path / "changed.xlsx"
    book.save(path)
    with pytest.raises(UnexpectedData, match="Brand new"):
        read(path)


def test_a_workbook_of_one_year_without_scores_by_year_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Country / Territory", "ISO3", "CPI"])
    path = tmp_path / "other.xlsx"
    book.save(path)
    with pytest.raises(UnexpectedData, match="Get the file with trends"):
        read(path)


def test_the_list_at_hand(data: Path) -> None:
    parsed = read(data / "state" / "governance" / "cpi_ddf.csv")
    assert parsed.tables["observations"].height == 1052
    assert parsed.rejected.is_empty()
    assert parsed.vintage == "2017"
