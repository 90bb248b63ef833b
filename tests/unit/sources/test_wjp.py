"""Rule of Law Index: columns known by their number, and editions of two years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("wjp")
((NAME, BOOK),) = SOURCE.samples().items()


def read(path: Path) -> Parsed:
    return SOURCE.read({path.name: path})


def changed(tmp_path: Path, cell: str, content: object) -> Path:
    book = openpyxl.load_workbook(BOOK)
    book["Historical Data"][cell] = content
    path = tmp_path / NAME
    book.save(path)
    return path


def test_editions_of_two_years_are_dated_by_the_later() -> None:
    years = read(BOOK).tables["observations"].filter(pl.col("iso3") == "GHA")["end"].dt.year().unique().sort().to_list()
    assert years == [2013, 2014, 2018, 2023, 2024]
    assert read(BOOK).vintage == "2024"


def test_labels_may_change_but_not_numbers(tmp_path: Path) -> None:
    before = read(BOOK)
    after = read(changed(tmp_path, "F1", "Factor  1:\u00a0Constraints on Powers"))
    assert after.tables["observations"].equals(before.tables["observations"])
    with pytest.raises(UnexpectedData, match=r"Columns missing.*: 1\."):
        read(changed(tmp_path, "F1", "Constraints on Government Powers"))


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match=r"twice: '1\.1'"):
        read(changed(tmp_path, "F1", "1.1 The same again"))


def test_states_by_code() -> None:
    assert set(read(BOOK).tables["observations"]["iso3"]) == {"GHA", "NOR", "COD", "XKX"}


def test_a_value_off_the_scale_is_rejected_and_a_word_refused(tmp_path: Path) -> None:
    assert read(changed(tmp_path, "E2", 43.5)).rejected["reason"].to_list() == ["overall lies outside 0 to 1"]
    with pytest.raises(UnexpectedData, match="row 1: overall is 'high', not a number"):
        read(changed(tmp_path, "E2", "high"))


def test_an_edition_without_a_year_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedData, match="not a number"):
        read(changed(tmp_path, "B2", "latest"))


def test_dates_are_of_whole_years() -> None:
    assert read(BOOK).tables["observations"]["end"].max() == date(2024, 12, 31)
