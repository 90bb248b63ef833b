"""Uniformed personnel in United Nations missions, by the state that sends them: numbers at one moment of each year, and who is where.

Numbers are people present, so months are never added up: of each year the newest month reported is taken.
Besides the hub's monthly file, a yearly extract of 2010 to 2021 is read; of four of its years the publisher's
tables were not all there, and these are rejected, as a part would pass for a fall.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Download, Files, Metadata, Parsed, check_codes, reject
from forefend.sources.families.hub import hub_table, states_of
from forefend.sources.families.un_mission_hosts import HOSTS, REGIONAL
from forefend.sources.reading.cells import split
from forefend.store.tables import OBSERVATIONS, TIES

CHANNEL = "un_peacekeepers"
TOTAL, WOMEN, POLICE = "un_uniformed_personnel", "un_uniformed_women", "un_police_personnel"
MONTHLY = (
    "isocode3", "contributing_country", "mission_acronym", "personnel_type", "female_personnel", "male_personnel", "last_reporting_date",
)  # fmt: skip
MONTHLY_OUT_OF_SCOPE = ("contribution_id", "m49_code", "last_update")
YEARLY = ("Year", "Country", "Mission", "Female", "Male", "Total", "iso3")
INCOMPLETE = (2010, 2012, 2017, 2021)  # years of the extract that add up to far fewer people than the department reports
ROUNDING = 1  # the extract's numbers are averages of a year, each rounded by itself
TYPES = {
    "troops": "troops", "experts on mission": "experts", "staff officers": "staff", "staff officer": "staff",
    "individual police": "police", "formed police units": "police", "formed police unit": "police", "police": "police",
    "justice and corrections": "experts", "government provided personnel": "experts",
}  # fmt: skip
DAY, DAY_FIRST = "%Y-%m-%d", "%d/%m/%Y"
COUNT = re.compile(r"\d{1,6}(\.0+)?")


def addresses(metadata: Metadata) -> list[Download]:
    """Return the hub's file, whose address ends in no name."""
    return [Download(name="DPO-UCHISTORICAL.csv", address=metadata.address)]


def read(files: Files) -> Parsed:
    """Read the hub's monthly file, or the yearly extract; the release is named by the newest day reported."""
    if len(files) != 1:
        raise UnexpectedData(f"The personnel are one csv, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    is_extract = "Mission" in _first_line(path, name=name)
    rows, rejected, is_typed = _extract(path, name=name) if is_extract else _monthly(path, name=name)
    newest = rows["end"].max()
    return Parsed(
        tables={"observations": _observations(rows, is_typed=is_typed), "ties": _ties(rows)},
        rejected=pl.concat([rejected, _without_tie(rows)]),
        vintage=newest.isoformat()[:7] if isinstance(newest, date) else "",
    )


def _first_line(path: Path, *, name: str) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            return stream.readline(5_000).strip().split(",")
    except UnicodeDecodeError:
        raise UnexpectedData(f"{name} is not text in UTF-8. Get the file from the publisher again.") from None


def _monthly(path: Path, *, name: str) -> tuple[pl.DataFrame, pl.DataFrame, bool]:
    rows = hub_table(path, name=name, read=MONTHLY, out_of_scope=MONTHLY_OUT_OF_SCOPE)
    rows = rows.with_columns(type=pl.col("personnel_type").str.to_lowercase())
    check_codes(rows, column="type", known=(*TYPES, None), file=name)
    check_codes(rows, column="isocode3", known=(*states(), None), file=name)
    named = states_of(rows.filter(pl.col("isocode3").is_null())["contributing_country"], column="contributing_country", file=name)
    written = pl.col("last_reporting_date")
    iso, other = written.str.to_date(DAY, strict=False), written.str.to_date(DAY_FIRST, strict=False)
    is_iso = bool(rows.select(iso.is_not_null().any()).item())  # one way of writing holds for the whole file
    typed = rows.with_columns(
        iso3=pl.coalesce("isocode3", pl.col("contributing_country").replace_strict(named, default=None, return_dtype=pl.String)),
        # a day after the 12th shows that the day comes first; the publisher reports at the end of months
        day=pl.when(is_iso).then(iso).when(other.dt.day() > 12).then(other),
        women=_count("female_personnel"),
        men=_count("male_personnel"),
        type=pl.col("type").replace_strict(TYPES, default=None, return_dtype=pl.String),
    ).with_columns(total=pl.col("women") + pl.col("men"), key=pl.struct("iso3", "mission_acronym", "personnel_type", "day"))
    usable, rejected = split(
        typed,
        unusable=[
            (pl.col("iso3").is_null(), "no state is named"),
            (pl.col("mission_acronym").is_null(), "no mission is named"),
            (pl.col("type").is_null(), "no kind of personnel is named"),
            (pl.col("day").is_null(), "the day is missing, no date, or could be read two ways"),
            (pl.col("women").is_null() | pl.col("men").is_null(), "a number is missing or not a count"),
            (~pl.col("key").is_first_distinct(), "the state, mission, kind and month came before"),
        ],
        shown=["contributing_country", "mission_acronym", "personnel_type", "last_reporting_date"],
    )
    newest = usable.filter(pl.col("day") == pl.col("day").max().over(pl.col("day").dt.year()))
    dated = newest.with_columns(start=pl.col("day").dt.month_start(), end=pl.col("day").dt.month_end(), mission="mission_acronym")
    return dated, rejected, True


def _extract(path: Path, *, name: str) -> tuple[pl.DataFrame, pl.DataFrame, bool]:
    rows = hub_table(path, name=name, read=YEARLY)
    check_codes(rows, column="iso3", known=(*states(), None), file=name)
    typed = rows.with_columns(
        year=_count("Year").cast(pl.Int32), women=_count("Female"), men=_count("Male"), total=_count("Total"), mission="Mission"
    ).with_columns(type=pl.lit(None, dtype=pl.String), key=pl.struct("iso3", "Mission", "Year"))
    usable, rejected = split(
        typed,
        unusable=[
            (pl.col("iso3").is_null(), "no state is named"),
            (pl.col("Mission").is_null(), "no mission is named"),
            (~pl.col("year").is_between(1948, 2100), "the year is missing or no year"),
            (pl.col("year").is_in(INCOMPLETE), "the extract holds a part of this year only"),
            (pl.any_horizontal(pl.col("women", "men", "total").is_null()), "a number is missing or not a count"),
            ((pl.col("women") + pl.col("men") - pl.col("total")).abs() > ROUNDING, "women and men do not add up to the total"),
            (~pl.col("key").is_first_distinct(), "the state, mission and year came before"),
        ],
        shown=["Country", "Mission", "Year", "Total"],
    )
    return usable.with_columns(start=pl.date("year", 1, 1), end=pl.date("year", 12, 31)), rejected, False


def _count(column: str) -> pl.Expr:
    """Read a count of people; null where nothing, a fraction or an absurd number is written."""
    text = pl.col(column)
    return pl.when(text.str.contains(f"^{COUNT.pattern}$")).then(text).cast(pl.Float64)


def _observations(rows: pl.DataFrame, *, is_typed: bool) -> pl.DataFrame:
    counts = {TOTAL: pl.col("total"), WOMEN: pl.col("women")}
    if is_typed:
        counts[POLICE] = pl.when(pl.col("type") == "police").then(pl.col("total"))
    summed = rows.group_by("iso3", "start", "end").agg(
        *(count.sum().alias(indicator) for indicator, count in counts.items()), row=pl.col("row").min()
    )
    return (
        summed.unpivot(list(counts), index=["iso3", "start", "end", "row"], variable_name="indicator", value_name="value")
        .filter(pl.col("value") > 0)  # as in the file, who sent nobody of a kind has no row
        .with_columns(low=pl.lit(None), high=pl.lit(None))
        .select(list(OBSERVATIONS))
        .cast(OBSERVATIONS)
        .sort("indicator", "iso3", "start")
    )


def _ties(rows: pl.DataFrame) -> pl.DataFrame:
    """People a state has in missions that work in one other state; a mission over several states gives no tie."""
    single = {mission: hosts[0] for mission, hosts in HOSTS.items() if len(hosts) == 1}
    placed = rows.with_columns(to_iso3=pl.col("mission").replace_strict(single, default=None, return_dtype=pl.String))
    return (
        placed.filter(pl.col("to_iso3").is_not_null() & (pl.col("to_iso3") != pl.col("iso3")))
        .group_by(from_iso3="iso3", to_iso3="to_iso3", start="start", end="end")
        .agg(value=pl.col("total").sum(), row=pl.col("row").min())
        .filter(pl.col("value") > 0)
        .with_columns(channel=pl.lit(CHANNEL), unit=pl.lit("uniformed personnel"))
        .select(list(TIES))
        .cast(TIES)
        .sort("from_iso3", "to_iso3", "start")
    )


def _without_tie(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of missions new to the list: the people count for their state, but nobody knows here where they are."""
    new = rows.filter(~pl.col("mission").is_in([*HOSTS, *REGIONAL]) & (pl.col("total") > 0))
    return reject(
        new.select("row", "mission", "iso3", "total"), reason="counted for the sending state; no state of this mission is known here"
    )
