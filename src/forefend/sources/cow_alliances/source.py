"""Correlates of War, Formal Alliances 4.1: what two states have pledged each other, year by year to 2012, as history.

One row a pair, alliance and year, either way; counted from each state to the other. Known oddities: the zip holds
several tables, of which only the one by pair and year is read; a pair with two alliances has two rows a year; state
names are Latin-1. Years before 2000 are out of scope. Where ATOP is stored, its newer and directed pledges say more.
"""

from __future__ import annotations

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_columns
from forefend.sources.reading.cells import number, split, year
from forefend.sources.reading.placing import with_states
from forefend.sources.reading.tables import plain_table
from forefend.sources.reading.ties import yearly_ties
from forefend.sources.reading.unpacked import unpacked

TABLE = "by_dyad_yearly.csv"
PLEDGES = ("defense", "neutrality", "nonaggression", "entente")
SINCE = 2000
READ = ("ccode1", "ccode2", "year", *PLEDGES)
OUT_OF_SCOPE = (
    "version4id", "state_name1", "state_name2", "dyad_st_day", "dyad_st_month", "dyad_st_year", "dyad_end_day", "dyad_end_month",
    "dyad_end_year", "left_censor", "right_censor", "version",
)  # fmt: skip
UNPACKS_TO = 100_000_000
NO_STATE = "a state that none of today's continues"
UNREADABLE = "a code, a year or a mark of a pledge is not a number it can be"


def addresses(metadata: Metadata) -> list[Download]:
    """Return the address of the zip of all tables as csv."""
    return [Download(name="version4.1_csv.zip", address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read the table by pair and year, alone or in the publisher's zip."""
    if len(files) != 1:
        raise UnexpectedData(f"{len(files)} files were given. Give the publisher's zip, or its table {TABLE}.")
    ((name, path),) = files.items()
    frame = plain_table(unpacked(path, ending=TABLE, limit=UNPACKS_TO), name=name, encoding="utf8 or latin1")
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    codes = [number(column).cast(pl.Int32, strict=False) for column in ("ccode1", "ccode2")]
    frame = frame.select("row", *codes, year("year").alias("year"), *(number(pledge) for pledge in PLEDGES))
    fits = pl.all_horizontal(pl.col(pledge).is_in([0.0, 1.0]) for pledge in PLEDGES) & pl.col("ccode1", "ccode2", "year").is_not_null()
    good, unread = split(frame, unusable=[(~pl.all_horizontal(fits), UNREADABLE)])
    good = good.filter(pl.col("year") >= SINCE).with_columns(day=pl.date("year", 12, 31))
    for end in ("1", "2"):
        good = with_states(good, column=f"ccode{end}", scheme="cow", day="day").rename({"iso3": f"iso3_{end}"})
    is_no_pair = pl.col("iso3_1") == pl.col("iso3_2")
    stateless = pl.col("iso3_1").is_null() | pl.col("iso3_2").is_null()
    good, left = split(good, unusable=[(stateless, NO_STATE), (is_no_pair, "a state beside itself")])
    return Parsed(tables={"ties": yearly_ties(_both_ways(good))}, rejected=pl.concat([unread, left]), vintage="4.1")


def _both_ways(good: pl.DataFrame) -> pl.DataFrame:
    parts = [
        good.filter(pl.col(pledge) == 1).select(
            "row",
            "year",
            channel=pl.lit(f"cow_alliance_{pledge}"),
            from_iso3=holder,
            to_iso3=other,
            value=pl.lit(1.0),
            unit=pl.lit("pledge"),
        )
        for pledge in PLEDGES
        for holder, other in (("iso3_1", "iso3_2"), ("iso3_2", "iso3_1"))
    ]
    return pl.concat(parts).unique(["channel", "from_iso3", "to_iso3", "year"], keep="first", maintain_order=True)
