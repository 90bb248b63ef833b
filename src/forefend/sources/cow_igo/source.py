"""Correlates of War, intergovernmental organisations v3: memberships to 2014, from the table by state and year.

Codes: 0 none, 1 full, 2 associate, 3 observer, -9 missing, -1 not a state of the system then. Only the newest year
gives statements and shared memberships; full memberships are counted for every year since 1990. For today's
memberships the register and the World Factbook come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.sources.reading.cells import number, split
from forefend.sources.reading.placing import check_states, with_states
from forefend.sources.reading.r_files import read_r
from forefend.sources.reading.tables import read_text
from forefend.store.tables import FACTS, OBSERVATIONS, TIES

KIND, COUNT, SHARED = "cow_igo_membership", "cow_igo_full_memberships", "cow_shared_igos"
SINCE = 1990
NEWEST = 2014
STATUSES = {1: "full", 2: "associate", 3: "observer"}
CODES = (0, 1, 2, 3, -9, -1)
KEYS = ("ccode", "year")
NOT_ORGANISATIONS = ("row", "ccode", "year", "state", "iso3", "day")
LONG = ("iso3", "ioname", "status")
LONG_OUT_OF_SCOPE = ("ccode", "orgname")
PAIRS = ("iso3_a", "iso3_b", "shared_igos_2014")
SECOND = "a second row of the same state and year"
NO_STATE = "a state that none of today's continues"


def read(files: Files) -> Parsed:
    """Read the table by state and year (R or csv), the list of memberships of 2014, or the counts shared by pairs."""
    ((name, path),) = files.items()
    if path.suffix.lower() in (".rda", ".rds", ".rdata"):
        return _wide(read_r(path, name=name), file=name)
    frame = read_text(path, name=name)
    if "ioname" in frame.columns and "year" not in frame.columns:
        return _long(frame, file=name)
    if "iso3_a" in frame.columns:
        return _pairs(frame, file=name)
    lower = frame.rename({column: column.lower() for column in frame.columns}) if _unique(frame.columns) else frame
    organisations = [column for column in lower.columns if column not in NOT_ORGANISATIONS]
    return _wide(
        lower.with_columns(number(column).alias(column) for column in (*KEYS, *organisations) if column in lower.columns), file=name
    )


def _unique(columns: Iterable[str]) -> bool:
    lower = [column.lower() for column in columns]
    return len(set(lower)) == len(lower)


def _wide(frame: pl.DataFrame, *, file: str) -> Parsed:
    if "ioname" in frame.columns:
        raise UnexpectedData(f"{file} is the table by organisation and year. Import the table by state and year (state_year_format3).")
    check_columns(frame.columns, read=KEYS, optional=frame.columns, file=file)
    organisations = [column for column in frame.columns if column not in NOT_ORGANISATIONS]
    for column in organisations:
        check_codes(frame, column=column, known=CODES, file=file)
    frame, again = unique_rows(frame, file=file)
    frame, unread = split(frame, unusable=[(~pl.col("year").is_between(1800, 2100) | pl.col("ccode").is_null(), "no code or no year")])
    frame = frame.filter(pl.col("year") >= SINCE).with_columns(pl.col("ccode", "year").cast(pl.Int32))
    if frame.is_empty():
        raise UnexpectedData(f"{file} holds no year since {SINCE}. Get the file from the publisher again.")
    frame = with_states(frame.with_columns(day=pl.date("year", 12, 31)), column="ccode", scheme="cow", day="day")
    gone = frame.filter(pl.col("iso3").is_null()).select("row", "ccode", "year")
    _, stateless = split(gone, unusable=[(pl.lit(value=True), NO_STATE)])
    frame = frame.filter(pl.col("iso3").is_not_null())
    frame, second = split(frame, unusable=[(pl.struct("iso3", "year").is_first_distinct().not_(), SECOND)])
    last = int(frame["year"].to_list()[frame["year"].arg_max() or 0])
    members = frame.filter(pl.col("year") == last).select("row", "iso3", *organisations)
    long = members.unpivot(organisations, index=["row", "iso3"], variable_name="key", value_name="code").filter(pl.col("code") > 0)
    long = long.with_columns(status=pl.col("code").cast(pl.Int32).replace_strict(STATUSES, return_dtype=pl.String))
    full = frame.select("row", "iso3", "year", value=pl.sum_horizontal(pl.col(column) == 1 for column in organisations).cast(pl.Float64))
    return Parsed(
        tables={"facts": _facts(long, year=last), "observations": _observed(full), "ties": _shared(long, year=last)},
        rejected=pl.concat([again, unread, stateless, second]),
        vintage="3.0",
    )


def _long(frame: pl.DataFrame, *, file: str) -> Parsed:
    check_columns(frame.columns[1:], read=LONG, out_of_scope=LONG_OUT_OF_SCOPE, file=file)
    check_codes(frame, column="status", known=STATUSES.values(), file=file)
    check_states(frame, columns=("iso3",), file=file)
    _check_names(frame, file=file)
    frame, again = unique_rows(frame, key=("iso3", "ioname"), file=file)
    good, rejected = split(frame, unusable=[(pl.col("iso3").is_null() | pl.col("ioname").is_null(), NO_STATE)])
    good = good.rename({"ioname": "key"})
    counted = good.group_by("iso3").agg((pl.col("status") == "full").sum().cast(pl.Float64).alias("value"), pl.col("row").min())
    full = counted.sort("iso3").with_columns(year=pl.lit(NEWEST, pl.Int32))
    return Parsed(
        tables={"facts": _facts(good, year=NEWEST), "observations": _observed(full), "ties": _shared(good, year=NEWEST)},
        rejected=pl.concat([again, rejected]),
        vintage="3.0",
    )


def _check_names(frame: pl.DataFrame, *, file: str) -> None:
    """Refuse an organisation under two abbreviations, which would part states that share it."""
    if "orgname" not in frame.columns:
        return
    pairs = frame.select("row", "ioname", "orgname").drop_nulls().unique(["ioname", "orgname"], keep="first", maintain_order=True)
    if (odd := pairs.filter(~(pl.col("ioname").is_first_distinct() & pl.col("orgname").is_first_distinct()))).height:
        row, short, name = odd.row(0)
        raise UnexpectedData(
            f"{file}, row {row}: {short!r} for {name!r} does not fit the rows before. Get the file from the publisher again."
        )


def _pairs(frame: pl.DataFrame, *, file: str) -> Parsed:
    check_columns(frame.columns[1:], read=PAIRS, file=file)
    check_states(frame, columns=PAIRS[:2], file=file)
    frame = frame.with_columns(value=number("shared_igos_2014"))
    blank = pl.any_horizontal(pl.col(column).is_null() for column in (*PAIRS[:2], "value"))
    frame, again = unique_rows(frame, key=PAIRS[:2], file=file)
    good, rejected = split(frame, unusable=[(blank | (pl.col("value") < 0), "a code or a number is missing")])
    both = pl.concat([good.select("row", "value", from_iso3=a, to_iso3=b) for a, b in (("iso3_a", "iso3_b"), ("iso3_b", "iso3_a"))])
    first = both.select(pl.struct("from_iso3", "to_iso3").is_first_distinct()).to_series() if both.height else pl.Series(dtype=pl.Boolean)
    second = reject(both.filter(~first), reason="a pair that the file gives the other way round, too")
    return Parsed(tables={"ties": _ties(both.filter(first), year=NEWEST)}, rejected=pl.concat([again, rejected, second]), vintage="3.0")


def _facts(long: pl.DataFrame, *, year: int) -> pl.DataFrame:
    return long.select(
        "iso3", "key", "status", "row", kind=pl.lit(KIND), start=pl.lit(date(year, 1, 1)), end=pl.lit(date(year, 12, 31)),
        date_text=pl.lit(str(year)), checked=pl.lit(None, pl.String), cited=pl.lit("COW IGO v3"), note=pl.lit(None, pl.String),
    ).select(list(FACTS)).cast(FACTS).sort("iso3", "key")  # fmt: skip


def _observed(full: pl.DataFrame) -> pl.DataFrame:
    return full.select(
        "iso3", "value", "row", indicator=pl.lit(COUNT), start=pl.date("year", 1, 1), end=pl.date("year", 12, 31),
        low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64),
    ).select(list(OBSERVATIONS)).cast(OBSERVATIONS).sort("iso3", "start")  # fmt: skip


def _shared(long: pl.DataFrame, *, year: int) -> pl.DataFrame:
    """Count the organisations of which both states of a pair are full members."""
    full = long.filter(pl.col("status") == "full").select("row", "iso3", "key")
    pairs = full.join(full.select("iso3", "key"), on="key", suffix="_to").filter(pl.col("iso3") != pl.col("iso3_to"))
    counted = pairs.group_by(from_iso3="iso3", to_iso3="iso3_to").agg(value=pl.len().cast(pl.Float64), row=pl.col("row").min())
    return _ties(counted, year=year)


def _ties(pairs: pl.DataFrame, *, year: int) -> pl.DataFrame:
    return pairs.select(
        "from_iso3", "to_iso3", "value", "row", channel=pl.lit(SHARED), start=pl.lit(date(year, 1, 1)), end=pl.lit(date(year, 12, 31)),
        unit=pl.lit("organisations"),
    ).select(list(TIES)).cast(TIES).sort("from_iso3", "to_iso3")  # fmt: skip
