"""Tables that a person exports or copies from a publisher's page: csv or xlsx, under documented column names.

Names of columns are taken without regard to case and blanks. A list of what stands on one day carries that day
in ``as_of``; its values run from the first day of that year to the day of the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import check_columns
from forefend.sources.reading.measured import FIRST_YEAR, LAST_YEAR
from forefend.sources.reading.tables import framed, index_table
from forefend.sources.reading.workbook import below_header, worksheets
from forefend.store.tables import OBSERVATIONS

NOT_A_STATE = "not a state"
NOT_A_DAY = "no day in the form 2026-08-31"


def listed(path: Path, *, name: str, read: Iterable[str], optional: Iterable[str] = (), anchor: str = "") -> pl.DataFrame:
    """Return the table as text with ``row``; raises UnexpectedData for an unknown or missing column.

    ``anchor`` is a cell by which the header is found in a workbook, the first of ``read`` unless given. An optional
    column that is not there is added, empty.
    """
    read, optional = list(read), list(optional)
    frame = _sheet(path, name=name, anchor=anchor or read[0]) if path.suffix == ".xlsx" else _csv(path, name=name)
    check_columns(frame.columns[1:], read=read, optional=optional, file=name)
    return frame.with_columns(pl.lit("").alias(column) for column in optional if column not in frame.columns)


def day_of(frame: pl.DataFrame, *, name: str) -> date:
    """Return the one day on which the list stood; raises UnexpectedData where it has none, or more than one."""
    written = sorted(set(frame["as_of"].to_list()))
    days = frame["as_of"].str.to_date("%Y-%m-%d", strict=False).unique().to_list()
    if len(days) != 1 or days[0] is None or not FIRST_YEAR <= days[0].year <= LAST_YEAR:
        shown = ", ".join(repr(day[:40]) for day in written[:3]) or "nothing"
        raise UnexpectedData(f"{name}: as_of must be one day in the form 2026-08-31 in every row, and is {shown}.")
    day: date = days[0]
    return day


def day(column: str) -> pl.Expr:
    """Return a column of days in the form 2026-08-31; null where nothing, or something else, is written."""
    found = pl.col(column).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(found.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(found)


def standing(frame: pl.DataFrame, *, indicator: str, on: date) -> pl.DataFrame:
    """Turn ``row``, ``iso3`` and ``value`` into observations of the year of a list, up to its day."""
    return _observations(frame, indicator=indicator, start=pl.lit(date(on.year, 1, 1)), end=pl.lit(on))


def yearly(frame: pl.DataFrame, *, indicator: str) -> pl.DataFrame:
    """Turn ``row``, ``iso3``, ``year`` and ``value`` into observations of whole years."""
    return _observations(frame, indicator=indicator, start=pl.date(pl.col("year"), 1, 1), end=pl.date(pl.col("year"), 12, 31))


def _observations(frame: pl.DataFrame, *, indicator: str, start: pl.Expr, end: pl.Expr) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.Float64)
    return (
        frame.select("iso3", indicator=pl.lit(indicator), start=start, end=end, value="value", low=nothing, high=nothing, row="row")
        .cast(OBSERVATIONS)
        .sort("iso3", "start")
    )


def _csv(path: Path, *, name: str) -> pl.DataFrame:
    return _renamed(index_table(path.read_bytes(), name=name), name=name)


def _sheet(path: Path, *, name: str, anchor: str) -> pl.DataFrame:
    for rows in worksheets(path).values():
        plain = [[_plain(cell) for cell in row] if place < 30 else row for place, row in enumerate(rows)]
        head = next((place for place, row in enumerate(plain[:30]) if anchor in row), None)
        if head is not None and (found := below_header([plain[head], *rows[head + 1 :]], anchor=anchor)):
            return framed(found[0], found[1], name=name)
    raise UnexpectedData(f"{name} has no sheet with a column {anchor}. Give the table as the documentation says.")


def _renamed(frame: pl.DataFrame, *, name: str) -> pl.DataFrame:
    plain = [_plain(column) for column in frame.columns]
    if len(set(plain)) != len(plain):
        raise UnexpectedData(f"{name} has columns twice that differ only in case or blanks. Give each once.")
    return frame.rename(dict(zip(frame.columns, plain, strict=True)))


def _plain(text: str) -> str:
    return "_".join(text.lower().split())
