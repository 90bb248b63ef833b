"""Incidents and monthly counts of states, summed by month and by whole year."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from forefend.store.tables import OBSERVATIONS

MONTHS = 12


def by_month(frame: pl.DataFrame, *, series: Mapping[str, str]) -> pl.DataFrame:
    """Sum the columns that ``series`` maps to ids by ``iso3`` and the month of ``start``; a month without a row gets none."""
    dated = frame.with_columns(pl.col("start").dt.truncate("1mo"))
    return _long(dated, series=series, end=pl.col("start").dt.month_end())


def whole_years(frame: pl.DataFrame, *, series: Mapping[str, str], among: pl.DataFrame, fill: bool = True) -> pl.DataFrame:
    """Sum by year, for the years of which every month has a row in ``among``: a part of a year never stands for it.

    With ``fill``, every state of ``among`` gets a row for every such year, 0 where it has none: a publisher that
    counts a state at all and reports nothing of it in a year has counted nothing.
    """
    months = among.select(pl.col("start").dt.truncate("1mo")).unique()
    counted = months.group_by(pl.col("start").dt.truncate("1y")).len().filter(pl.col("len") == MONTHS)
    years = counted.select("start").sort("start")
    everyone = among.select(pl.col("iso3").unique(maintain_order=True)).join(years, how="cross")
    nothing = [pl.lit(0, dtype=pl.Int64).alias(column) for column in series]
    empty = everyone.with_columns(pl.lit(None, dtype=pl.Int64).alias("row"), *nothing).select("row", "iso3", "start", *series)
    dated = frame.with_columns(pl.col("start").dt.truncate("1y")).join(years, on="start", how="semi")
    full = pl.concat([dated.select(pl.col("row").cast(pl.Int64), "iso3", "start", *series), *([empty] if fill else [])])
    return _long(full, series=series, end=pl.col("start").dt.offset_by("1y").dt.offset_by("-1d"))


def _long(dated: pl.DataFrame, *, series: Mapping[str, str], end: pl.Expr) -> pl.DataFrame:
    sums = dated.group_by("iso3", "start").agg(*(pl.col(column).sum() for column in series), pl.col("row").min())
    parts = [
        sums.select(
            "iso3",
            indicator=pl.lit(indicator),
            start=pl.col("start"),
            end=end,
            value=pl.col(column).cast(pl.Float64),
            low=pl.lit(None, dtype=pl.Float64),
            high=pl.lit(None, dtype=pl.Float64),
            row=pl.col("row").cast(pl.Int64),
        )
        for column, indicator in series.items()
    ]
    return pl.concat([OBSERVATIONS.to_frame(), *parts]).cast(OBSERVATIONS).sort("indicator", "iso3", "start")
