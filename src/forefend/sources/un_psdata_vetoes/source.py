"""Vetoes cast in the Security Council since 1946: one fact for each veto of a state, and their number by whole year.

A draft without a symbol does not lose its veto: it is known by its meeting record, or by its day. Votes of
the USSR are the Russian Federation's, those of the Republic of China are China's, as the publisher counts them.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_codes
from forefend.sources.families.hub import hub_table, newest_update
from forefend.sources.reading.cells import split
from forefend.store.tables import FACTS, OBSERVATIONS

COUNT = "un_vetoes_cast"
MEMBERS = {"china": "CHN", "france": "FRA", "russian_federation_ussr": "RUS", "united_kingdom": "GBR", "united_states": "USA"}
READ = ("id", "draft_res#", "date", "record", "agenda", "#_of_pms", *MEMBERS, "last_update")
OUT_OF_SCOPE = ("short_agenda", "url_for_res#", "url_for_record", "url_for_pv")
MARKS = (None, "0", "1", "0.0", "1.0")
N_DIFFERS = "the row's number of vetoes differs from those it marks"


def addresses(metadata: Metadata) -> list[Download]:
    """Return the hub's file, whose address ends in no name."""
    return [Download(name="DPPA-SCVETOES.csv", address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read the hub's file; the release is named by its newest update."""
    if len(files) != 1:
        raise UnexpectedData(f"The vetoes are one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    rows = hub_table(path, name=name, read=READ, out_of_scope=OUT_OF_SCOPE)
    for column in MEMBERS:
        check_codes(rows, column=column, known=MARKS, file=name)
    marked = [pl.col(column).cast(pl.Float64).fill_null(0) == 1 for column in MEMBERS]
    typed = rows.with_columns(
        *(mark.alias(column) for column, mark in zip(MEMBERS, marked, strict=True)),
        day=pl.col("date").str.to_date("%Y-%m-%d", strict=False),
        n=pl.col("#_of_pms").cast(pl.Float64, strict=False),
    )
    typed = typed.with_columns(n_marked=pl.sum_horizontal(pl.col(column).cast(pl.Float64) for column in MEMBERS))
    keys = ("draft_res#", "date", "record")
    usable, rejected = split(
        typed,
        unusable=[
            (pl.col("day").is_null(), "the day is missing or no date"),
            (pl.col("n_marked") == 0, "no member is marked as casting the veto"),
            # not by the draft: several drafts without a symbol were vetoed in one meeting
            (~pl.struct("id", *keys).is_first_distinct(), "the veto came before"),
        ],
        shown=keys,
    )
    facts = _facts(usable)
    updated = newest_update(rows)
    return Parsed(
        tables={"facts": facts, "observations": _by_year(facts, updated=updated)},
        rejected=rejected,
        vintage=updated.isoformat() if updated else "",
        published=updated,
        notes=tuple(f"Row {row}: {N_DIFFERS}." for row in usable.filter(pl.col("n") != pl.col("n_marked"))["row"]),
    )


def _facts(rows: pl.DataFrame) -> pl.DataFrame:
    symbol = pl.col("draft_res#")
    record = pl.format("S/PV.{}", pl.col("record").str.strip_prefix("S/PV."))
    long = rows.with_columns(
        key=pl.coalesce(
            pl.when(symbol.str.starts_with("S/")).then(symbol).otherwise("S/" + symbol), record, pl.format("veto of {}", "date")
        ),
        record=record,
        checked=pl.when(pl.col("n") != pl.col("n_marked")).then(pl.lit(N_DIFFERS)),
    ).unpivot(
        list(MEMBERS), index=["row", "key", "day", "date", "record", "agenda", "checked"], variable_name="member", value_name="is_cast"
    )
    return (
        long.filter("is_cast")
        .select(
            iso3=pl.col("member").replace_strict(MEMBERS, return_dtype=pl.String),
            kind=pl.lit("veto"),
            key="key",
            status=pl.lit("veto cast"),
            start="day",
            end="day",
            date_text="date",
            checked="checked",
            cited=pl.col("record").fill_null("no meeting record given"),
            note="agenda",
            row="row",
        )
        .select(list(FACTS))
        .cast(FACTS)
        .sort("start", "key", "iso3")
    )


def _by_year(facts: pl.DataFrame, *, updated: date | None) -> pl.DataFrame:
    """Count each member's vetoes by year; a year without one counts 0, and a year that was not over is left out."""
    years = facts["start"].dt.year()
    if not facts.height:
        return OBSERVATIONS.to_frame()
    first, newest = int(str(years.min())), int(str(years.max()))
    last = updated.year - 1 if updated else newest - 1
    grid = pl.DataFrame({"year": range(first, last + 1)}, schema={"year": pl.Int32}).join(
        pl.DataFrame({"iso3": sorted(MEMBERS.values())}), how="cross"
    )
    counted = facts.group_by("iso3", year=pl.col("start").dt.year()).agg(value=pl.len().cast(pl.Float64), row=pl.col("row").min())
    return (
        grid.join(counted, on=["iso3", "year"], how="left")
        .select(
            "iso3",
            indicator=pl.lit(COUNT),
            start=pl.date("year", 1, 1),
            end=pl.date("year", 12, 31),
            value=pl.col("value").fill_null(0),
            low=pl.lit(None),
            high=pl.lit(None),
            row="row",
        )
        .cast(OBSERVATIONS)
        .sort("iso3", "start")
    )
