"""Alliance Treaty Obligations and Provisions (ATOP) 5.1: pledges of one state to another, year by year; csv, R, and an extract.

The publisher's csv and the R copy are directed: state A's pledge to state B is A's hold on B. The extract has one
row a pair and counts both ways, which loses the few pledges made one way only. Years before 2000 are out of scope.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.cells import number, split, year
from forefend.sources.reading.placing import check_states, with_states
from forefend.sources.reading.r_files import read_r
from forefend.sources.reading.tables import read_text
from forefend.sources.reading.ties import yearly_ties
from forefend.store.tables import OBSERVATIONS

PLEDGES = ("defense", "offense", "neutral", "nonagg", "consul")
STATES = "atop_pledging_states"
SINCE = 2000
NAMES = {"stateA": "ccode1", "stateB": "ccode2"} | {pledge: f"atop_{pledge}" for pledge in PLEDGES}
COLUMNS = ("ccode1", "ccode2", "year", *(f"atop_{pledge}" for pledge in PLEDGES))
EXTRACT = ("iso3_1", "iso3_2")
OUT_OF_SCOPE = (
    "ddyad", "dyad", "atopally", "shareob", "bilatno", "multino", "number", "asymm", "version", "transyr", "ambigendyr",
    *(f"atopid{n}" for n in range(1, 20)),
)  # fmt: skip
NO_STATE = "a state that none of today's continues"
UNREADABLE = "a code, a year or a mark of a pledge is not a number it can be"


def read(files: Files) -> Parsed:
    """Read one file in any of the layouts."""
    ((name, path),) = files.items()
    frame = _numbers(name, path)
    marks = [f"atop_{pledge}" for pledge in PLEDGES]
    fits = pl.all_horizontal(pl.col(mark).is_in([0.0, 1.0]) for mark in marks) & pl.col("year").is_not_null()
    good, unread = split(frame, unusable=[(~fits | pl.col("ccode1").is_null() | pl.col("ccode2").is_null(), UNREADABLE)])
    good = good.filter(pl.col("year") >= SINCE).with_columns(day=pl.date("year", 12, 31))
    if "iso3_1" in good.columns:
        back = good.rename({"iso3_1": "iso3_2", "iso3_2": "iso3_1"}).select(good.columns)
        good = pl.concat([good, back])
    else:
        for end in ("1", "2"):
            good = with_states(good, column=f"ccode{end}", scheme="cow", day="day").rename({"iso3": f"iso3_{end}"})
    good, stateless = split(good, unusable=[(pl.col("iso3_1").is_null() | pl.col("iso3_2").is_null(), NO_STATE)])
    ties = pl.concat([
        good.filter(pl.col(f"atop_{pledge}") == 1).select(
            "row", "year", channel=pl.lit(f"atop_{pledge}"), from_iso3="iso3_1", to_iso3="iso3_2", value=pl.lit(1.0), unit=pl.lit("pledge")
        ).unique(["from_iso3", "to_iso3", "year"], keep="first", maintain_order=True)
        for pledge in PLEDGES
    ])  # fmt: skip
    return Parsed(
        tables={"ties": yearly_ties(ties), "observations": _pledging(ties)}, rejected=pl.concat([unread, stateless]), vintage="5.1"
    )


def _pledging(ties: pl.DataFrame) -> pl.DataFrame:
    """Count the states pledged to defend or consult with each state."""
    held = ties.filter(pl.col("channel").is_in(["atop_defense", "atop_consul"]))
    counted = held.group_by("to_iso3", "year").agg(pl.col("from_iso3").n_unique(), pl.col("row").min()).sort("to_iso3", "year")
    return counted.select(
        iso3="to_iso3", indicator=pl.lit(STATES), start=pl.date("year", 1, 1), end=pl.date("year", 12, 31),
        value=pl.col("from_iso3").cast(pl.Float64), low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64), row="row",
    ).cast(OBSERVATIONS)  # fmt: skip


def _numbers(name: str, path: Path) -> pl.DataFrame:
    if path.suffix.lower() in (".rda", ".rds", ".rdata"):
        frame = read_r(path, name=name)
        check_columns(frame.columns[1:], read=COLUMNS, file=name)
        if not all(frame[column].dtype.is_numeric() for column in COLUMNS):
            raise UnexpectedData(f"{name}: a column of numbers holds text. Get the file from the publisher again.")
        return frame.select("row", *(pl.col(c).cast(pl.Int32, strict=False) for c in COLUMNS[:3]), *COLUMNS[3:])
    frame = read_text(path, name=name)
    frame = frame.rename({theirs: ours for theirs, ours in NAMES.items() if theirs in frame.columns and ours not in frame.columns})
    is_extract = EXTRACT[0] in frame.columns
    check_columns(frame.columns[1:], read=(*COLUMNS, *EXTRACT) if is_extract else COLUMNS, out_of_scope=OUT_OF_SCOPE, file=name)
    if is_extract:
        check_states(frame, columns=EXTRACT, file=name)
    codes = [number(column).cast(pl.Int32, strict=False).alias(column) for column in ("ccode1", "ccode2")]
    marks = [number(column).alias(column) for column in COLUMNS[3:]]
    return frame.select("row", *(EXTRACT if is_extract else ()), *codes, year("year").alias("year"), *marks)
