"""Tables of text into yearly values: nothing is lost in silence, nothing unpacks without end."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.reading.measured import joined, measured
from forefend.sources.reading.placing import place_by_code, place_by_name
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.sources.reading.workbook import check_workbook


def parse(text: str, **more: object) -> Parsed:
    frame = place_by_name(text_table(text.encode(), name="t.csv"), column="state", year="year")
    return measured(frame, series={"value": "x"}, place="state", name="t.csv", **more)  # type: ignore[arg-type]


def test_every_row_is_a_value_or_is_rejected_with_its_reason() -> None:
    parsed = parse(
        "state,year,value\nFrance,2020,0.5\nAtlantis,2020,0.5\nFrance,2020,0.6\nGhana,2020,7\nGhana,2021,\nGhana,2022.5,1\nGhana,9999,1\n",
        within={"value": (0.0, 1.0)},
    )
    assert parsed.tables["observations"].select("iso3", "value", "row").rows() == [("FRA", 0.5, 1)]
    assert dict(parsed.rejected.select("row", "reason").rows()) == {
        2: "not a state",
        3: "a second row of the same state and year",
        4: "value lies outside 0 to 1",
        6: "not dated by a year",
        7: "not dated by a year",
    }


def test_a_year_that_is_no_number_is_refused_by_row() -> None:
    with pytest.raises(UnexpectedData, match=r"t\.csv, row 1: year is '20x0'"):
        parse("state,year,value\nGhana,20x0,0.5\n")


def test_a_value_that_is_no_number_is_refused_by_row_and_column() -> None:
    with pytest.raises(UnexpectedData, match=r"row 2: value is '=1\+1', not a number"):
        parse("state,year,value\nFrance,2020,0.5\nGhana,2020,=1+1\n")


def test_endless_values_are_rejected() -> None:
    assert parse("state,year,value\nFrance,2020,inf\n").rejected.height == 1


def test_bounds_are_the_value_plus_and_minus_the_error() -> None:
    frame = place_by_code(text_table(b"code,year,value,se\nFRA,2020,5,0.5\n", name="t.csv"), column="code", scheme="alpha3")
    found = measured(frame, series={"value": "x"}, errors={"value": "se"}, place="code", name="t.csv").tables["observations"]
    assert found.select("low", "value", "high").rows() == [(4.5, 5.0, 5.5)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,a\n1,2\n", "columns twice"),
        (b"a,b\n1\n", "row 1 has 1 cells instead of 2"),
        (b"\xff\xfe,b\n", "not text in UTF-8"),
        (b"", "no header"),
        (b"row,b\n1,2\n", "Unread columns"),
    ],
)
def test_a_table_that_is_none_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UnexpectedData, match=said):
        text_table(content, name="t.csv")


def test_the_same_value_in_two_files_counts_once() -> None:
    part = parse("state,year,value\nFrance,2020,0.5\n")
    both = joined([part, part])
    assert both.tables["observations"].height == 1
    assert both.rejected["reason"].to_list() == ["already in another of the files"]


def test_nothing_unpacks_beyond_the_limit(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.csv.gz"
    packed.write_bytes(gzip.compress(b"0" * 100_000))
    with pytest.raises(UnexpectedData, match="unpacks to more than 1,000 bytes"):
        unpacked(packed, limit=1_000)
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.csv", b"0" * 100_000)
    with pytest.raises(UnexpectedData, match="unpacks to more than 1,000 bytes"):
        unpacked(archive, limit=1_000)
    with pytest.raises(UnexpectedData, match="unpacks to 100,000 bytes"):
        check_workbook(archive, limit=1_000)


def test_damaged_packing_is_refused(tmp_path: Path) -> None:
    for name in ("cut.csv.gz", "cut.zip"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(b"a,b\n1,2\n")[:-6])
        with pytest.raises(UnexpectedData, match="cut off or damaged"):
            unpacked(path)
    with pytest.raises(UnexpectedData, match="not an xlsx"):
        check_workbook(tmp_path / "cut.zip")


def test_a_zip_with_two_tables_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "two.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.csv", "a\n")
        file.writestr("b.csv", "a\n")
    with pytest.raises(UnexpectedData, match=r"holds 2 \.csv files"):
        unpacked(archive)
