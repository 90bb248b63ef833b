"""Bertelsmann Transformation Index: the edition is not the data's year, group 13 runs the other way, two layouts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source

SOURCE = find_source("bti")
LIST, BOOK = SOURCE.samples()["bti_2006_2022.csv"], SOURCE.samples()["BTI_2006-2024_Scores.xlsx"]


def read(*paths: Path) -> Parsed:
    return SOURCE.read({path.name: path for path in paths})


def value(parsed: Parsed, iso3: str, indicator: str, year: int) -> float:
    found = parsed.tables["observations"].filter(pl.col("iso3") == iso3, pl.col("indicator") == indicator, pl.col("end").dt.year() == year)
    return float(found["value"].item())


@pytest.fixture(scope="module")
def editions(data: Path) -> Parsed:
    return read(data / "state" / "governance" / "bti_2006_2022.csv")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    def change(old: str, new: str) -> Path:
        text = LIST.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / LIST.name
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return change


def test_an_edition_is_dated_by_the_january_before_its_year() -> None:
    """The edition of 2022 reports on the two years to 31 January 2021, whichever file it is read from."""
    for parsed in (read(LIST), read(BOOK)):
        periods = parsed.tables["observations"].select("start", "end").unique().sort("end").rows()
        assert (date(2021, 1, 1), date(2021, 1, 31)) in periods
    assert read(BOOK).vintage == "2024"
    assert read(BOOK).tables["observations"]["end"].max() == date(2023, 1, 31)


def test_the_lists_own_year_must_be_two_less_than_the_edition(changed: Callable[[str, str], Path]) -> None:
    with pytest.raises(UnexpectedData, match=r"row 1: year is 2019\.0 in the edition 2020\.0"):
        read(changed("Ghana,2018.0", "Ghana,2019.0"))


def test_unrated_answers_are_no_values_and_notes_are_rejected() -> None:
    parsed = read(BOOK)
    bolivia = parsed.tables["observations"].filter(pl.col("iso3") == "BOL", pl.col("end").dt.year() == 2023)
    assert bolivia.height == 25 - 2, "one answer is a dash, one n/a"
    assert parsed.rejected["reason"].unique().to_list() == ["a note, not a country"]


def test_names_of_the_publisher_are_found() -> None:
    assert {"COD", "CIV", "TUR", "KOR", "BOL"} == set(read(BOOK).tables["observations"]["iso3"])
    assert "XKX" in set(read(LIST).tables["observations"]["iso3"])


def test_a_rated_country_of_unknown_name_is_refused(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BOOK)
    book["BTI 2024"]["A2"] = "Atlantis"
    path = tmp_path / "changed.xlsx"
    book.save(path)
    with pytest.raises(UnexpectedData, match="'Atlantis' is a name new"):
        read(path)


def test_a_question_given_twice_with_other_values_is_refused(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BOOK)
    sheet = book["BTI 2024"]
    sheet.cell(1, sheet.max_column + 1, "Q10.2 | Equal opportunity")
    sheet.cell(2, sheet.max_column, 10)
    path = tmp_path / "changed.xlsx"
    book.save(path)
    with pytest.raises(UnexpectedData, match=r"Q10\.2 twice"):
        read(path)


def test_a_new_heading_is_refused_by_name(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BOOK)
    sheet = book["BTI 2024"]
    sheet.cell(1, sheet.max_column + 1, "Brand new")
    path = tmp_path / "changed.xlsx"
    book.save(path)
    with pytest.raises(UnexpectedData, match="Brand new"):
        read(path)


def test_a_value_off_the_scale_is_rejected(changed: Callable[[str, str], Path]) -> None:
    text = LIST.read_text(encoding="utf-8").splitlines()
    first = text[1].split(",")
    place = text[0].split(",").index("Q10.2_Equal_opportunity")
    first[place] = "11.0"
    parsed = read(changed(text[1], ",".join(first)))
    assert parsed.rejected["reason"].to_list() == ["Q10.2 lies outside 1 to 10"]


def test_the_same_edition_in_two_files_counts_once(tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    shutil.copy(LIST, again)
    parsed = read(LIST, again)
    assert parsed.tables["observations"].height == read(LIST).tables["observations"].height == parsed.rejected.height


def test_all_editions_of_the_list(editions: Parsed) -> None:
    table = editions.tables["observations"]
    assert editions.vintage == "2024"
    assert editions.rejected.is_empty()
    assert table["iso3"].n_unique() == 137
    assert table["end"].min() == date(2005, 1, 31)
    assert value(editions, "AFG", "bti_q16_3", 2023) == 3


def test_conflict_intensity_runs_the_other_way(editions: Parsed) -> None:
    """10 is civil war: the worst conflicts score high there and low on force and integration."""
    assert value(editions, "SYR", "bti_q13_3", 2023) > value(editions, "URY", "bti_q13_3", 2023)
    assert value(editions, "SYR", "bti_q1_1", 2023) < value(editions, "URY", "bti_q1_1", 2023)
