"""Ties of pairs of states, added up to whole years."""

from __future__ import annotations

import polars as pl

from forefend.store.tables import TIES


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
