"""Dates written as a day, a month or a year (2027-08-13, 2027-08, 2027): their first and last day, for whole columns."""

from __future__ import annotations

import polars as pl


def first_day(column: str) -> pl.Expr:
    """Return the first day that a written date may mean; null where nothing, or no date, is written."""
    text = pl.col(column)
    full = pl.when(text.str.len_chars() == 4).then(text + "-01-01").when(text.str.len_chars() == 7).then(text + "-01").otherwise(text)
    return full.str.to_date("%Y-%m-%d", strict=False)


def last_day(column: str) -> pl.Expr:
    """Return the last day that a written date may mean; null where nothing, or no date, is written."""
    letters = pl.col(column).str.len_chars()
    first = first_day(column)
    return (
        pl.when(letters == 4).then(first.dt.offset_by("11mo").dt.month_end()).when(letters == 7).then(first.dt.month_end()).otherwise(first)
    )


def is_misdated(*columns: str) -> pl.Expr:
    """Tell the rows in which one of the columns is written but is no date."""
    return pl.any_horizontal(pl.col(column).is_not_null() & first_day(column).is_null() for column in columns)
