"""Yearly values of states in a wide table: one row a state and year, one column a series."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Parsed, reject
from forefend.store.tables import OBSERVATIONS

NOT_A_STATE = "a region, an income group or another aggregate, not a state"


def observations_of(frame: pl.DataFrame, *, indicators: Mapping[str, str], aggregates: frozenset[str] = frozenset()) -> Parsed:
    """Turn columns ``row``, ``iso3``, ``year`` and one column per series into observations.

    ``indicators`` maps column to indicator id. Codes in ``aggregates`` are rejected with their reason; any
    other code that is no state is refused by name.
    """
    known = set(states())
    strange = set(frame["iso3"].drop_nulls().unique()) - known - aggregates
    if strange:
        raise UnexpectedData(f"iso3 has codes new to this connector: {', '.join(sorted(strange)[:5])}.")
    is_state = pl.col("iso3").is_in(list(known))
    good = frame.filter(is_state)
    tables = [
        good.filter(pl.col(column).is_not_null()).select(
            "iso3",
            indicator=pl.lit(indicator),
            start=pl.date(pl.col("year"), 1, 1),
            end=pl.date(pl.col("year"), 12, 31),
            value=pl.col(column).cast(pl.Float64),
            low=pl.lit(None, dtype=pl.Float64),
            high=pl.lit(None, dtype=pl.Float64),
            row=pl.col("row").cast(pl.Int64),
        )
        for column, indicator in indicators.items()
    ]
    left = frame.filter(~is_state | pl.col("iso3").is_null()).select("row", "iso3", "year")
    return Parsed(tables={"observations": pl.concat(tables).cast(OBSERVATIONS)}, rejected=reject(left, reason=NOT_A_STATE))
