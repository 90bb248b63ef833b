"""Others' forecasts as observations: the period is the window forecast, so that a forecast never passes for a measurement."""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed, reject
from forefend.sources.reading.measured import MISSING, Range
from forefend.store.tables import OBSERVATIONS

SHOWN = ("row", "place", "indicator", "start", "value")
PROBABILITY: Range = (0.0, 1.0)
RANK: Range = (1.0, 300.0)


def forecast_rows(frame: pl.DataFrame, *, within: Range, name: str, no_state: str = "not a state") -> Parsed:
    """Turn ``row``, ``place``, ``iso3``, ``indicator``, ``start``, ``end`` and ``value`` (text) into observations and rejected rows.

    A blank value is no forecast and makes no row. Raises UnexpectedData naming the row of a value that is no number.
    """
    frame = frame.with_columns(pl.col("value").str.strip_chars())
    frame = frame.filter(pl.col("value").is_not_null() & ~pl.col("value").is_in(list(MISSING)))
    number = frame["value"].cast(pl.Float64, strict=False)
    if number.null_count():
        place = int(number.is_null().arg_max() or 0)
        raise UnexpectedData(
            f"{name}, row {frame['row'][place]}: {frame['indicator'][place]} is {frame['value'][place][:60]!r}, not a number. "
            "Get the file again."
        )
    frame = frame.with_columns(_number=number)
    fits = pl.col("_number").is_finite() & pl.col("_number").is_between(*within)
    dated = pl.col("start").is_not_null() & pl.col("end").is_not_null()
    placed = pl.col("iso3").is_not_null()
    good = frame.filter(fits & dated & placed)
    first = (
        good.select(pl.struct("iso3", "indicator", "start").is_first_distinct()).to_series() if good.height else pl.Series(dtype=pl.Boolean)
    )
    left = (
        (frame.filter(~placed), no_state),
        (frame.filter(placed & ~dated), "the window forecast is not dated"),
        (frame.filter(placed & dated & ~fits), f"the value lies outside {within[0]:g} to {within[1]:g}"),
        (good.filter(~first), "a second row of the same state and window"),
    )
    table = good.filter(first).select("iso3", "indicator", "start", "end", "row", value="_number")
    empty = pl.lit(None, dtype=pl.Float64)
    return Parsed(
        tables={"observations": table.with_columns(low=empty, high=empty).select(OBSERVATIONS.names()).cast(OBSERVATIONS)},
        rejected=pl.concat([reject(rows.select(SHOWN), reason=reason) for rows, reason in left]),
    )


def years(start: pl.Expr, *, count: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the first and last day of so many calendar years from a year on; null where the year is none."""
    sound = start.is_between(1900, 2100)
    year = pl.when(sound).then(start).cast(pl.Int32)
    last = (year + count.cast(pl.Int32) - 1).cast(pl.Int32)
    return pl.date(year, 1, 1), pl.date(last, 12, 31)


def month_of(text: str | None) -> date | None:
    """Read a month written as 202608 or 2026-08; None for anything else."""
    digits = (text or "").strip().replace("-", "")
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    year, month = int(digits[:4]), int(digits[4:])
    return date(year, month, 1) if 1900 <= year <= 2100 and 1 <= month <= 12 else None
