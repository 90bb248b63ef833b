"""Records that stand in a file twice: counted once, unless they differ, which nobody can repair."""

from __future__ import annotations

import polars as pl
import pytest

from forefend.errors import UnexpectedData
from forefend.sources.contract import TWICE, unique_rows

ROWS = pl.DataFrame({"row": [1, 2, 3], "id": ["a", "b", "a"], "n": ["1", "2", "1"]})


def test_the_first_of_identical_records_is_kept_and_the_others_are_rejected_with_their_row() -> None:
    unique, again = unique_rows(ROWS, key=("id",))
    assert unique["row"].to_list() == [1, 2]
    assert again.select("row", "reason").rows() == [(3, TWICE)]


def test_different_records_with_one_key_are_refused_by_file_row_and_key() -> None:
    rows = ROWS.with_columns(n=pl.Series(["1", "2", "3"]))
    with pytest.raises(UnexpectedData, match=r"cases\.csv, row 3: id 'a' came before with other values"):
        unique_rows(rows, key=("id",), file="cases.csv")
    assert unique_rows(rows)[0].height == 3


def test_blank_cells_are_alike() -> None:
    rows = pl.DataFrame({"row": [1, 2], "id": [None, None]}, schema={"row": pl.Int64, "id": pl.String})
    assert unique_rows(rows)[1]["row"].to_list() == [2]


def test_records_that_the_publisher_itself_writes_alike_are_kept_until_they_are_too_many() -> None:
    rows = pl.DataFrame({"row": range(1, 101), "n": [*map(str, range(99)), "0"]})
    assert unique_rows(rows, alike_at_most=0.01)[0].height == 100
    doubled = pl.concat([rows, rows]).with_columns(row=pl.Series(range(1, 201)))
    assert unique_rows(doubled, alike_at_most=0.01)[0].height == 99


def test_an_empty_table_and_one_of_rows_only_stay_as_they_are() -> None:
    assert unique_rows(ROWS.clear(), key=("id",))[0].is_empty()
    assert unique_rows(ROWS.select("row"))[0].height == 3
