"""UCDP deaths by country and month as they were known in mid-2021, from the files of the VIEWS prediction competition.

The only public record of an earlier state of these counts, and so the measure of how much they grow. It is
the same count as of another release: the subjects are those of UCDP, read as of 2021.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import resolve, states
from forefend.sources.contract import Files, Parsed, check_columns, reject

COUNTS = "views_ged_cm_postpatch.parquet"
COUNTRIES = "views_country.parquet"
MONTHS = "views_month.parquet"
KINDS = ("sb", "ns", "os")
READ = ("month_id", "country_id", *(f"ged_best_{kind}" for kind in KINDS), *(f"ged_count_{kind}" for kind in KINDS))
COLUMNS = {COUNTS: READ, COUNTRIES: ("name", "isoab", "country_id"), MONTHS: ("year", "month", "month_id")}
NO_COUNTRY = "a country id that the list of countries does not have (it ended before the list was made)"


def read(files: Files) -> Parsed:
    """Read the three files together: counts by country and month id, and what the ids mean."""
    frames = {name: _table(files, name) for name in COLUMNS}
    counts = frames[COUNTS].with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    dated = counts.join(frames[MONTHS], on="month_id", how="left")
    if (unknown := dated.filter(pl.col("year").is_null())).height:
        raise UnexpectedData(f"{COUNTS}, row {unknown['row'][0]}: month_id {unknown['month_id'][0]} is not in {MONTHS}.")
    placed = dated.join(_placed(frames[COUNTRIES]), on="country_id", how="left")
    counted = pl.any_horizontal(pl.col(name).is_not_null() for name in READ[2:])
    lost = placed.filter(pl.col("iso3").is_null() & counted).select("row", "month_id", "country_id", *READ[2:5])
    return Parsed(
        tables={"observations": _observations(placed.filter(pl.col("iso3").is_not_null() & counted))},
        rejected=reject(lost.filter(pl.sum_horizontal(READ[2:5]) > 0), reason=NO_COUNTRY),
        vintage="2021-07",
    )


def _table(files: Files, name: str) -> pl.DataFrame:
    path = files.get(name)
    if path is None:
        raise UnexpectedData(f"{name} is missing. This source is three files: {', '.join(COLUMNS)}. Give them together.")
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise UnexpectedData(f"{name} is not a whole Parquet file. Get it again.") from None
    check_columns(frame.columns, read=COLUMNS[name], file=name)
    return frame


def _placed(countries: pl.DataFrame) -> pl.DataFrame:
    """Countries with their code of today; those without one in the file are found by their name."""
    codes = [code if code in states() else resolve(name) for name, code in countries.select("name", "isoab").iter_rows()]
    return countries.select("country_id", iso3=pl.Series(codes, dtype=pl.String))


def _observations(placed: pl.DataFrame) -> pl.DataFrame:
    """One row per state, month and count where events are recorded, as in the other releases."""
    start = pl.date("year", "month", 1)
    parts = [
        placed.filter(pl.col(f"ged_count_{kind}") > 0).select(
            "iso3",
            indicator=pl.lit(f"ucdp_{kind}_{what}"),
            start=start,
            end=start.dt.month_end(),
            value=pl.col(f"ged_{column}_{kind}").cast(pl.Float64),
            row=pl.col("row"),
        )
        for kind in KINDS
        for what, column in (("deaths", "best"), ("events", "count"))
    ]
    summed = pl.concat(parts).group_by("iso3", "indicator", "start", "end").agg(pl.col("value").sum(), pl.col("row").min())
    return summed.sort("indicator", "iso3", "start")
