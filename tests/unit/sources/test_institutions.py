"""Organised crime, inequality, elections, coups and IHL treaties: what is odd in each publisher's file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import find_source


def read(source: str, *paths: Path) -> Parsed:
    return find_source(source).read({path.name: path for path in paths})


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def value(parsed: Parsed, indicator: str, iso3: str, year: int) -> list[float]:
    rows = parsed.tables["observations"].filter(pl.col("indicator") == indicator, pl.col("iso3") == iso3, pl.col("start").dt.year() == year)
    return rows["value"].to_list()


# Global Organized Crime Index


def test_both_editions_of_the_workbook_are_read(data: Path) -> None:
    """The heads of 2023 end in a comma (``Criminality avg,``); those of 2021 do not, and it scores fewer actors."""
    parsed = read("oc_index", data / "state" / "governance" / "global_oc_index.xlsx")
    assert value(parsed, "goci_criminality", "AFG", 2023) == [7.1]
    assert value(parsed, "goci_criminality", "TUR", 2021) == [6.89]
    assert value(parsed, "goci_state_embedded_actors", "TUR", 2021) == [9.0]
    assert value(parsed, "goci_private_sector_actors", "TUR", 2021) == []
    assert len(value(parsed, "goci_private_sector_actors", "TUR", 2023)) == 1
    assert parsed.tables["observations"]["iso3"].n_unique() == 193
    assert parsed.rejected.is_empty()


def changed(folder: Path, change: object) -> Path:
    book = openpyxl.load_workbook(find_source("oc_index").samples()["sample.xlsx"])
    change(book)  # type: ignore[operator]
    path = folder / "global_oc_index.xlsx"
    book.save(path)
    return path


def test_a_workbook_that_has_changed_is_refused(tmp_path: Path) -> None:
    def new_column(book: openpyxl.Workbook) -> None:
        book["2023_dataset"].cell(row=1, column=40, value="brand_new")

    def new_sheet(book: openpyxl.Workbook) -> None:
        book.create_sheet("2025_scores")

    def formula(book: openpyxl.Workbook) -> None:
        book["2023_dataset"].cell(row=2, column=4, value="=1+1")

    def no_data(book: openpyxl.Workbook) -> None:
        del book["2023_dataset"], book["2021_dataset"]

    changes = (
        (new_column, "brand_new"),
        (new_sheet, "2025_scores"),
        (no_data, "no sheet of scores"),
        (formula, "formulas without their results"),
    )
    for change, said in changes:
        with pytest.raises(UnexpectedData, match=said):
            read("oc_index", changed(tmp_path, change))
    with pytest.raises(UnexpectedData, match="not the publisher's xlsx"):
        read("oc_index", written(tmp_path, "global.csv", "a\n"))


def test_a_score_off_the_scale_is_rejected(tmp_path: Path) -> None:
    parsed = read("oc_index", changed(tmp_path, lambda book: book["2023_dataset"].cell(row=2, column=4, value=71)))
    assert parsed.rejected["reason"].to_list() == ["Criminality lies outside 1 to 10"]


# Inequality


def test_korea_alone_is_the_republic_and_the_soviet_union_is_not_counted_twice(data: Path) -> None:
    parsed = read("swiid", data / "state" / "governance" / "swiid_summary.csv")
    assert len(value(parsed, "swiid_gini_disp", "KOR", 2015)) == 1
    assert parsed.tables["observations"].filter(pl.col("iso3") == "PRK").is_empty()
    assert len(value(parsed, "swiid_gini_disp", "RUS", 1989)) == 1
    assert "a second row of the same state and year" in parsed.rejected["reason"].to_list()
    row = parsed.tables["observations"].filter(pl.col("iso3") == "AFG", pl.col("start").dt.year() == 2007)
    assert row.select("low", "value", "high").rows() == [(pytest.approx(28.92), 31.4, pytest.approx(33.88))]


# Elections


def test_the_lexical_index_of_a_collection_and_of_the_publisher(data: Path, tmp_path: Path) -> None:
    parsed = read("lied", data / "state" / "governance" / "lexical_index_electoral_democracy_1970_2024.csv")
    assert value(parsed, "lied_lexical_index", "USA", 1970) == [6.0]
    assert value(parsed, "lied_lexical_index", "SDN", 2024) == [0.0]
    own = written(
        tmp_path, "lied_v7.csv",
        "countryn,cow,vdem,year,male_suffrage,female_suffrage,executive_elections,legislative_elections,multi-party_legislative_elections,"
        "competitive_elections,lexical_index,political_liberties,turnover_event,two_turnover_period\n"
        "Ghana,452,7,2023,1,1,1,1,1,1,6,0,1,1\n",
    )  # fmt: skip
    assert value(read("lied", own), "lied_competition", "GHA", 2023) == [1.0]


def test_old_years_of_the_lexical_index_are_left_out_and_what_is_no_year_is_rejected(tmp_path: Path) -> None:
    head = "lied_country,lied_cow,year,lexical_index,competition,opposition,political_liberties\n"
    rows = "".join(f"Ghana,452,{year},6,1,1,1\n" for year in ("1959", "2023", "-1"))
    parsed = read("lied", written(tmp_path, "lied.csv", head + rows))
    assert value(parsed, "lied_lexical_index", "GHA", 2023) == [6.0]
    assert parsed.rejected.height == 1


# Coups

LIST = "country\tccode\tyear\tmonth\tday\tcoup\tversion\n"


def test_the_list_of_attempts_gives_days_and_counts_by_month(tmp_path: Path) -> None:
    text = LIST + "Sudan\t625\t2021\t10\t25\t2\t1\nSudan\t625\t2021\t10\t2\t1\t1\nYemen\t678\t1978\t6\t0\t2\t1\n"
    parsed = read("coups", written(tmp_path, "powell_thyne_coups_final.txt", text))
    counts = parsed.tables["observations"].filter(pl.col("iso3") == "SDN").select("indicator", "start", "value").rows()
    assert sorted(counts) == [("coup_attempts", date(2021, 10, 1), 2.0), ("coup_successes", date(2021, 10, 1), 1.0)]
    facts = parsed.tables["facts"].select("iso3", "status", "date_text").rows()
    assert facts == [("SDN", "successful", "2021-10-25"), ("SDN", "failed", "2021-10-02"), ("YEM", "successful", "1978-06-01")]


def test_what_the_list_cannot_say_is_rejected_or_refused(tmp_path: Path) -> None:
    text = (
        LIST
        + "Sudan\t625\t2021\t2\t30\t2\t1\nAtlantis\t999\t2021\t2\t3\t2\t1\nSudan\t625\t2021\t10\t2\t1\t1\nSudan\t625\t2021\t10\t2\t1\t1\n"
    )
    parsed = read("coups", written(tmp_path, "list.txt", text))
    assert sorted(parsed.rejected["reason"]) == [
        "a second row of the same attempt", "no state of today continues it", "the day cannot be read",
    ]  # fmt: skip
    with pytest.raises(UnexpectedData, match=r"coup has codes new .* '3'"):
        read("coups", written(tmp_path, "list.txt", LIST + "Sudan\t625\t2021\t2\t3\t3\t1\n"))


def test_counts_by_year_write_noughts_and_counts_by_month_do_not(data: Path) -> None:
    yearly = read("coups", data / "structural" / "coup.csv.gz")
    assert value(yearly, "coup_attempts", "CHE", 2024) == [0.0]
    assert value(yearly, "coup_successes", "SDN", 2021) == [1.0]
    monthly = read("coups", data / "structural" / "powell_thyne_coups_monthly.csv")
    assert value(monthly, "coup_attempts", "SDN", 2021) == [1.0, 1.0]
    assert value(monthly, "coup_attempts", "CHE", 2024) == []
    # Two attempts in a month stand as failed 1 and count 2: the flag says that one failed, the count how many.
    assert value(monthly, "coup_attempts", "HTI", 1989) == [2.0]


def test_the_same_attempts_are_not_counted_from_two_tables(data: Path) -> None:
    with pytest.raises(UnexpectedData, match="Import one of them by itself"):
        read("coups", data / "structural" / "coup.csv.gz", data / "structural" / "powell_thyne_coups_monthly.csv")


def test_more_coups_than_attempts_cannot_be(tmp_path: Path) -> None:
    text = "country_iso3,year_month,pt_coup_successful,pt_coup_failed,pt_coup_count\nSDN,2021-10,2,0,1\n"
    with pytest.raises(UnexpectedData, match="row 1: 2 successful of 1 attempts"):
        read("coups", written(tmp_path, "m.csv", text))


# IHL treaties

HEAD = "Country,GC I-IV 1949,AP I 1977,AP II 1977,CCW Prot. I 1980\n"


def test_an_overview_under_a_title_with_days_in_any_form(tmp_path: Path) -> None:
    text = (
        "IHL and other related treaties,,,,\n"
        + HEAD
        + 'Ghana,1958-08-02,28.02.1978 R/D,"28/02/1978",\nSudan,23.09.1957,,soon,x\nNowhere,,,,\n'
    )
    parsed = read("icrc_treaties", written(tmp_path, "IHL_and_other_related_Treaties.csv", text))
    assert parsed.tables["facts"].select("iso3", "key", "status", "start").rows() == [
        ("GHA", "geneva_conventions", "party", date(1958, 8, 2)),
        ("SDN", "geneva_conventions", "party", date(1957, 9, 23)),
        ("GHA", "additional_protocol_1", "party", date(1978, 2, 28)),
        ("SDN", "additional_protocol_1", "not party", None),
        ("GHA", "additional_protocol_2", "party", date(1978, 2, 28)),
    ]
    assert sorted(parsed.rejected["reason"]) == ["not a state", "the date cannot be read"]


def test_the_overview_as_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["IHL"], HEAD.strip().split(","), ["Ghana", date(1958, 8, 2), "", date(1978, 2, 28), ""]):
        sheet.append(row)
    path = tmp_path / "IHL_and_other_related_Treaties.xlsx"
    book.save(path)
    statuses = dict(read("icrc_treaties", path).tables["facts"].select("key", "status").rows())
    assert statuses == {"geneva_conventions": "party", "additional_protocol_1": "not party", "additional_protocol_2": "party"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("old.xls", "x", "save it as xlsx or csv"),
        ("a.csv", HEAD.replace("AP II 1977", "brand_new") + "Ghana,,,,\n", "AP II 1977"),
        ("a.csv", HEAD.replace("CCW Prot. I 1980", "brand_new") + "Ghana,,,,\n", "brand_new"),
        ("a.csv", HEAD.replace("Country", "State") + "Ghana,,,,\n", "Country"),
    ],
)
def test_another_overview_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        read("icrc_treaties", written(tmp_path, name, text))
