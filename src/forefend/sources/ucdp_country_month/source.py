"""UCDP country-months: GED summed by Gleditsch-Ward state, year and month, months with events only."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.sources.reading.placing import with_states

KINDS = ("sb", "ns", "os")
COUNTS = [f"{kind}_{what}" for kind in KINDS for what in ("deaths", "events")]
READ = ["gwno", "year", "month", *COUNTS, "provisional"]


def read(files: Files) -> Parsed:
    """Read the aggregate. Rows marked provisional rest on preliminary figures and are rejected."""
    ((name, path),) = _only(files).items()
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8").with_row_index("row", offset=1)
    check_columns([column for column in frame.columns if column != "row"], read=READ, file=name)
    check_codes(frame, column="provisional", known=("0", "1"), file=name)
    frame, again = unique_rows(frame, key=("gwno", "year", "month", "provisional"), file=name)
    final = frame.filter(pl.col("provisional") == "0")
    numbers = final.with_columns(pl.col("row", *READ).cast(pl.Int64, strict=False))
    usable = pl.all_horizontal(pl.col(READ).is_not_null()) & pl.col("month").is_between(1, 12) & (pl.min_horizontal(COUNTS) >= 0)
    dated = numbers.filter(usable).with_columns(start=pl.date("year", "month", 1))
    placed = with_states(dated, column="gwno", scheme="gw", day="start")
    return Parsed(
        tables={"observations": _observations(placed.filter(pl.col("iso3").is_not_null()))},
        rejected=pl.concat(
            [
                again,
                reject(frame.filter(pl.col("provisional") == "1"), reason="provisional figure, not part of the yearly release"),
                reject(final.join(dated, on="row", how="anti"), reason="a number is missing, negative or not whole"),
                reject(placed.filter(pl.col("iso3").is_null()), reason="no state of today continues this one"),
            ]
        ),
    )


def _only(files: Files) -> dict[str, Path]:
    if len(files) != 1:
        raise UnexpectedData(f"This source is one file, but {len(files)} were given. Import them one by one.")
    return dict(files)


def _observations(dated: pl.DataFrame) -> pl.DataFrame:
    """One row per state, month and count; a kind without events in a month has none."""
    parts = [
        dated.filter(pl.col(f"{kind}_events") > 0).select(
            "iso3", pl.lit(f"ucdp_{kind}_{what}").alias("indicator"), "start", value=pl.col(f"{kind}_{what}").cast(pl.Float64), row="row"
        )
        for kind in KINDS
        for what in ("deaths", "events")
    ]
    return (
        pl.concat(parts)
        .group_by("iso3", "indicator", "start")
        .agg(pl.col("value").sum(), pl.col("row").min())
        .with_columns(end=pl.col("start").dt.month_end())
        .sort("indicator", "iso3", "start")
    )
