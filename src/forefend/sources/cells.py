"""Cells of publishers' text tables: numbers and years for whole columns, and the split into usable and rejected rows.

What cannot be read becomes null, so that the row can be rejected with its reason instead of stopping the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import reject
from forefend.store.tables import REJECTED, TIES

FIRST_YEAR, LAST_YEAR = 1800, 2100
LARGEST = 1e15  # no publisher counts more of anything; beyond it a value is a slip
NO_YEAR = "the year cannot be read"
NO_NUMBER = "the value is not a number"


Encoding = Literal["utf8", "utf8 or latin1"]


def read_text(path: Path, *, name: str, encoding: Encoding = "utf8", separator: str = ",") -> pl.DataFrame:
    """Read a table as text, blanks as null, with the number of each ``row``; raises UnexpectedData for what is no table."""
    try:
        frame = pl.read_csv(decoded(path, name=name, encoding=encoding).encode(), infer_schema=False, separator=separator)
        return frame.with_columns(pl.all().replace("", None)).with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        raise UnexpectedData(f"{name} cannot be read as a table: {' '.join(str(error).split())[:200]}") from None


def decoded(path: Path, *, name: str, encoding: Encoding = "utf8") -> str:
    """Return a file's text; raises UnexpectedData where it is not in the encoding."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if encoding == "utf8 or latin1":
            return content.decode("latin-1")
        raise UnexpectedData(f"{name} is not text in UTF-8 (byte {error.start}). Get the file from the publisher again.") from None


def number(column: str) -> pl.Expr:
    """Return a text column as numbers; null where it is blank, no number, or absurdly large."""
    value = pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(value.is_finite() & (value.abs() <= LARGEST)).then(value)


def year(column: str) -> pl.Expr:
    """Return a text column of years (2014, 2014.0) as whole numbers; null where it is none or out of any reach."""
    value = number(column)
    return pl.when((value == value.floor()) & value.is_between(FIRST_YEAR, LAST_YEAR)).then(value).cast(pl.Int32)


def split(frame: pl.DataFrame, *, unusable: Sequence[tuple[pl.Expr, str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part a table into usable rows and rejected ones, each with the first reason that holds."""
    left: list[pl.DataFrame] = [REJECTED.to_frame()]
    for condition, reason in unusable:
        holds = condition.fill_null(value=True)
        left.append(reject(frame.filter(holds), reason=reason))
        frame = frame.filter(~holds)
    return frame, pl.concat(left).sort("row")


def check_states(frame: pl.DataFrame, *, columns: Iterable[str], file: str) -> None:
    """Refuse ISO codes that are no state's; a blank is left to be rejected."""
    for column in columns:
        strange = set(frame[column].drop_nulls().unique()) - set(states())
        if strange:
            raise UnexpectedData(f"{column} has codes new to this connector in {file}: {', '.join(sorted(strange)[:5])}.")


def yearly_ties(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn ``row``, ``channel``, ``from_iso3``, ``to_iso3``, ``year``, ``value`` and ``unit`` into ties of whole years.

    Rows of one channel, pair and year are added up.
    """
    summed = frame.group_by("channel", "from_iso3", "to_iso3", "year", "unit", maintain_order=True).agg(
        pl.col("value").sum(), pl.col("row").min()
    )
    return (
        summed.with_columns(start=pl.date(pl.col("year"), 1, 1), end=pl.date(pl.col("year"), 12, 31))
        .select(list(TIES))
        .cast(TIES)
        .sort("channel", "from_iso3", "to_iso3", "start")
    )
