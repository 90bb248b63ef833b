"""Alliances of the Correlates of War: both ways, once a pair and year, out of a zip of several tables."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.registry import find_source

SOURCE = find_source("cow_alliances")
SAMPLE = SOURCE.folder / "sample.csv"


def test_a_pledge_holds_both_ways_and_once_a_year() -> None:
    ties = SOURCE.read({"sample.csv": SAMPLE}).tables["ties"]
    defense = ties.filter((pl.col("channel") == "cow_alliance_defense") & (pl.col("start") == date(2012, 1, 1)))
    assert set(defense.select("from_iso3", "to_iso3", "value").rows()) == {("NOR", "DNK", 1.0), ("DNK", "NOR", 1.0)}
    assert ties["start"].min() == date(2011, 1, 1)


def test_the_table_is_found_in_the_publishers_zip(tmp_path: Path) -> None:
    path = tmp_path / "version4.1_csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("version4.1_csv/alliance_v4.1_by_member.csv", "x\n1\n")
        archive.writestr("version4.1_csv/alliance_v4.1_by_dyad_yearly.csv", SAMPLE.read_text(encoding="utf-8").replace("Mali", "Maļi"))
    assert SOURCE.read({path.name: path}).tables["ties"].equals(SOURCE.read({"sample.csv": SAMPLE}).tables["ties"])


def test_what_is_no_such_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "version4.1_csv.zip"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(UnexpectedData, match="cut off or damaged"):
        SOURCE.read({path.name: path})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.csv", "x\n")
    with pytest.raises(UnexpectedData, match=r"holds 0 by_dyad_yearly\.csv files"):
        SOURCE.read({path.name: path})
    with pytest.raises(UnexpectedData, match="2 files were given"):
        SOURCE.read({"a.csv": SAMPLE, "b.csv": SAMPLE})


def test_rows_that_cannot_be_used_are_kept_with_their_reason(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "a.csv"
    path.write_text(text.replace("1,0,0,1,2011", "2,0,0,1,2011").replace("432,Mali,436", "432,Mali,432"), encoding="utf-8")
    assert SOURCE.read({"a.csv": path}).rejected["reason"].to_list() == [
        "a code, a year or a mark of a pledge is not a number it can be",
        "a state beside itself",
    ]
    path.write_text(text.replace("385,Norway", "5555,Norway"), encoding="utf-8")
    with pytest.raises(UnexpectedData, match="5555"):
        SOURCE.read({"a.csv": path})
