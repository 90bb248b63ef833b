"""Cells of publishers' text tables: numbers and years for whole columns, and the split into usable and rejected rows.

What cannot be read becomes null, so that the row can be rejected with its reason instead of stopping the file.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import reject
from forefend.store.tables import REJECTED

FIRST_YEAR, LAST_YEAR = 1800, 2100
LARGEST = 1e15  # no publisher counts more of anything; beyond it a value is a slip
MOST = 100_000_000  # people or incidents of one row; beyond it a number is a slip
NO_NUMBERS = ("nan", "inf", "-inf", "+inf", "infinity", "-infinity")
MARKS = ("na", "n/a", "..", "null")  # of missing values, in tables of others
NO_YEAR = "the year cannot be read"
NO_NUMBER = "the value is not a number"


def number(column: str) -> pl.Expr:
    """Return a text column as numbers; null where it is blank, no number, or absurdly large."""
    value = pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(value.is_finite() & (value.abs() <= LARGEST)).then(value)


def year(column: str) -> pl.Expr:
    """Return a text column of years (2014, 2014.0) as whole numbers; null where it is none or out of any reach."""
    value = number(column)
    return pl.when((value == value.floor()) & value.is_between(FIRST_YEAR, LAST_YEAR)).then(value).cast(pl.Int32)


def split(frame: pl.DataFrame, *, unusable: Iterable[tuple[pl.Expr, str]], shown: Iterable[str] = ()) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part a table into usable rows and rejected ones, each with the first reason that holds; ``shown`` is kept of these, else all."""
    left: list[pl.DataFrame] = [REJECTED.to_frame()]
    kept = ["row", *shown]
    for condition, reason in unusable:
        holds = condition.fill_null(value=True)
        refused = frame.filter(holds)
        left.append(reject(refused.select(kept) if len(kept) > 1 else refused, reason=reason))
        frame = frame.filter(~holds)
    return frame, pl.concat(left).sort("row")


def whole_number(column: str) -> pl.Expr:
    """Return a column of text as a count; null where it is blank, negative, no whole number or absurdly large."""
    value = pl.col(column).str.strip_chars().cast(pl.Int64, strict=False)
    return pl.when(value.is_between(0, MOST)).then(value)


def check_cells(frame: pl.DataFrame, *, columns: Iterable[str], name: str, marks: Iterable[str] = ()) -> None:
    """Refuse cells that say "not a number", "infinite" or missing by a mark that is not one of the publisher's ``marks``."""
    strange = {*NO_NUMBERS, *MARKS} - set(marks)
    for column in columns:
        odd = frame.filter(pl.col(column).str.to_lowercase().is_in(sorted(strange)))
        if odd.height:
            raise UnexpectedData(f"{name}, row {odd['row'][0]}: {column} is {odd[column][0]!r}, not a number. Get the file again.")
