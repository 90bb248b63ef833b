"""GDELT 1.0 by country and month, as a third party summed it on BigQuery and published it as one csv.

Its conflict is CAMEO 18 to 20 (assault, fight, mass violence), its protest CAMEO 14; months without events are
filled with 0. It gives no number of all events, so no share can be made of it.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Parsed, check_columns, reject
from forefend.sources.reading.tables import text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.store.tables import OBSERVATIONS

SERIES = {"gdelt_conflict_event_count": "gdelt1_conflict_events", "gdelt_protest_event_count": "gdelt1_protest_events"}
# A mean over conflict and protest only, and over several places' means: not the scale of all events.
OUT_OF_SCOPE = {"gdelt_goldstein_mean"}
MOST = 10_000_000  # events of one state in one month; more is no count


def read_mirror(path: Path) -> Parsed:
    """Read the csv, packed or not."""
    table = text_table(unpacked(path), name=path.name)
    columns = [column for column in table.columns if column != "row"]
    check_columns(columns, read=["country_iso3", "year_month", *SERIES], out_of_scope=OUT_OF_SCOPE, file=path.name)
    month = (pl.col("year_month") + "-01").str.to_date("%Y-%m-%d", strict=False)
    rows = table.with_columns(month=pl.when(pl.col("year_month").str.contains(r"^(19|20)\d\d-\d\d$")).then(month))
    is_good = pl.col("country_iso3").is_in(list(states())) & pl.col("month").is_not_null()
    good = rows.filter(is_good.fill_null(value=False))
    is_first = good.select(first=pl.struct("country_iso3", "month").is_first_distinct())["first"]
    shown = ["row", "country_iso3", "year_month"]
    bad = rows.filter(~is_good.fill_null(value=False)).select(shown)
    again, good = good.filter(~is_first).select(shown), good.filter(is_first)
    tables = [_series(good, column, indicator=indicator, name=path.name) for column, indicator in SERIES.items()]
    return Parsed(
        tables={"observations": pl.concat(tables).cast(OBSERVATIONS)},
        rejected=pl.concat([reject(bad, reason="no state, or no month"), reject(again, reason="a second row of the same state and month")]),
    )


def _series(rows: pl.DataFrame, column: str, *, indicator: str, name: str) -> pl.DataFrame:
    value = rows[column].str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    bad = rows.filter(~value.is_between(0, MOST).fill_null(value=False)).head(1)
    if bad.height:
        raise UnexpectedData(
            f"{name}, row {bad['row'][0]}: {column} is {str(bad[column][0])[:60]!r}, not a number of events. Get the file again."
        )
    return rows.select(
        iso3=pl.col("country_iso3"),
        indicator=pl.lit(indicator),
        start=pl.col("month"),
        end=pl.col("month").dt.month_end(),
        value=value.cast(pl.Float64),
        low=pl.lit(None, dtype=pl.Float64),
        high=pl.lit(None, dtype=pl.Float64),
        row=pl.col("row"),
    )
