"""Yearly values of states from a table of text: every value is checked, and what cannot be used is rejected with its reason."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed, reject
from forefend.store.tables import OBSERVATIONS

MISSING = ("", "NA", "N/A", "NaN", "nan", "..", "null")
FIRST_YEAR, LAST_YEAR = 1700, 2100
Range = tuple[float, float]


def measured(
    frame: pl.DataFrame,
    *,
    series: Mapping[str, str],
    year: str = "year",
    place: str = "iso3",
    within: Mapping[str, Range] | None = None,
    errors: Mapping[str, str] | None = None,
    lows: Mapping[str, str] | None = None,
    highs: Mapping[str, str] | None = None,
    name: str,
    no_state: str = "not a state",
) -> Parsed:
    """Turn a frame of text with ``row`` and ``iso3`` into observations and rejected rows.

    ``series`` maps columns to ids, ``within`` to the range a value must lie in, ``errors`` to the column with
    its standard error, ``lows`` and ``highs`` to the columns with its bounds. ``place`` is the column shown in
    rejected rows. Raises UnexpectedData naming row and column where a value is no number.
    """
    frame = frame.with_columns(_year=_number(frame, year, name=name))
    whole = frame["_year"].is_between(FIRST_YEAR, LAST_YEAR) & (frame["_year"] == frame["_year"].floor())
    frame = frame.with_columns(_dated=whole.fill_null(value=False))
    shown = [column for column in dict.fromkeys(("row", place, year)) if column in frame.columns]
    undated = frame.filter(~pl.col("_dated")).select(shown)
    dated = frame.filter(pl.col("_dated"))
    stateless = dated.filter(pl.col("iso3").is_null()).select(shown)
    placed = dated.filter(pl.col("iso3").is_not_null())
    first = placed.select(pl.struct("iso3", "_year").is_first_distinct()).to_series() if placed.height else pl.Series([], dtype=pl.Boolean)
    again, good = placed.filter(~first).select(shown), placed.filter(first)
    tables, rejected = [], []
    for column, indicator in series.items():
        table, outside = _one(
            good, column, indicator=indicator, within=(within or {}).get(column), error=(errors or {}).get(column, ""),
            low=(lows or {}).get(column, ""), high=(highs or {}).get(column, ""), shown=shown, name=name,
        )  # fmt: skip
        tables.append(table)
        rejected.append(outside)
    return Parsed(
        tables={"observations": pl.concat(tables) if tables else OBSERVATIONS.to_frame()},
        rejected=pl.concat(
            [
                reject(undated, reason="not dated by a year"),
                reject(stateless, reason=no_state),
                reject(again, reason="a second row of the same state and year"),
                *rejected,
            ]
        ),
    )


def joined(parts: list[Parsed]) -> Parsed:
    """Put the observations of several files together; what an earlier file already says is rejected, not doubled."""
    table = pl.concat([part.tables["observations"] for part in parts])
    rejected = pl.concat([part.rejected for part in parts])
    if len(parts) > 1 and table.height:
        first = table.select(pl.struct("iso3", "indicator", "start").is_first_distinct()).to_series()
        again = table.filter(~first).select("row", "iso3", "indicator", "start", "value")
        table, rejected = table.filter(first), pl.concat([rejected, reject(again, reason="already in another of the files")])
    return Parsed(tables={"observations": table}, rejected=rejected)


def _one(
    frame: pl.DataFrame, column: str, *, indicator: str, within: Range | None, error: str, low: str, high: str, shown: list[str], name: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    value = _number(frame, column, name=name)
    bounds = {"low": _number(frame, low, name=name), "high": _number(frame, high, name=name)}
    if error:
        spread = _number(frame, error, name=name)
        bounds = {"low": value - spread, "high": value + spread}
    frame = frame.with_columns(_value=value, **bounds).filter(pl.col("_value").is_not_null())
    least, most = within or (float("-inf"), float("inf"))
    fits = pl.col("_value").is_between(least, most) & pl.col("_value").is_finite()
    outside = frame.filter(~fits).select(list(dict.fromkeys([*shown, column])))
    table = frame.filter(fits).select(
        "iso3",
        indicator=pl.lit(indicator),
        start=pl.date(pl.col("_year").cast(pl.Int32), 1, 1),
        end=pl.date(pl.col("_year").cast(pl.Int32), 12, 31),
        value=pl.col("_value"),
        low=pl.col("low"),
        high=pl.col("high"),
        row=pl.col("row"),
    )
    return table.cast(OBSERVATIONS), reject(outside, reason=f"{column} lies outside {least:g} to {most:g}")


def _number(frame: pl.DataFrame, column: str, *, name: str) -> pl.Series:
    """A column of text as numbers; null where nothing is written."""
    if not column:
        return pl.Series([None] * frame.height, dtype=pl.Float64)
    written = frame[column].cast(pl.String).str.strip_chars()
    number = written.cast(pl.Float64, strict=False)
    bad = written.is_not_null() & ~written.is_in(list(MISSING)) & number.is_null()
    if bad.any():
        place = int(bad.arg_max() or 0)
        raise UnexpectedData(f"{name}, row {frame['row'][place]}: {column} is {written[place][:60]!r}, not a number. Get the file again.")
    return number.fill_nan(None)


def newest_year(parsed: Parsed) -> int | None:
    """Return the last year that is measured, or None where nothing is."""
    years = parsed.tables["observations"]["end"].dt.year()
    return max(years.unique().to_list(), default=None)
