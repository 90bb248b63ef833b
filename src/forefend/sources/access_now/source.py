"""Internet shutdowns (Access Now and the #KeepItOn coalition): on how many days of a year one was in force in a state.

Each day counts once, however many shutdowns were in force on it. One that is marked as ongoing, or has no end,
counts up to the day of the list, or the end of the year. Shutdowns that others than authorities ordered, such as
armed groups or foreign forces, are rejected where the table says so.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import universe
from forefend.sources.contract import Files, Parsed
from forefend.sources.families.listed import NOT_A_DAY, NOT_A_STATE, day, day_of, listed, yearly
from forefend.sources.reading.cells import split
from forefend.sources.reading.placing import place_by_name

DAYS = "an_shutdown_days"
READ = ("country", "start_date", "end_date", "as_of")
# Taken from the publisher's table where it has them; they are not needed to count days.
OPTIONAL = ("ordered_by", "geo_scope", "area_name", "shutdown_type", "affected_network", "actual_cause")
OTHERS = ("armed group", "non-state", "foreign", "third party", "external")
FIRST_YEAR = 2016  # of the publisher's table
WHOLE = 30  # states in a year's list that can be whole; the publisher finds shutdowns in 25 to 60 a year
LONGEST = timedelta(days=366 * 12)


def read(files: Files) -> Parsed:
    """Read one table of any number of years."""
    if len(files) != 1:
        raise UnexpectedData(f"The shutdowns are one table, but {len(files)} files were given. Import them one by one.")
    ((name, path),) = files.items()
    frame = listed(path, name=name, read=READ, optional=OPTIONAL, anchor="country")
    taken = day_of(frame, name=name)
    if taken.year < FIRST_YEAR:
        raise UnexpectedData(f"{name}: as_of is before {FIRST_YEAR}, in which the publisher's table begins.")
    placed = place_by_name(frame, column="country").with_columns(
        first=day("start_date"), last=pl.when(pl.col("end_date") == "").then(pl.lit(taken)).otherwise(day("end_date"))
    )
    by_others = pl.any_horizontal(pl.col("ordered_by").str.to_lowercase().str.contains(word, literal=True) for word in OTHERS)
    good, rejected = split(
        placed,
        unusable=[
            (pl.col("iso3").is_null(), NOT_A_STATE),
            (by_others, "not ordered by the authorities"),
            (pl.col("first").is_null() | pl.col("last").is_null(), NOT_A_DAY),
            (pl.col("first") > pl.col("last"), "it ends before it begins"),
            (pl.col("last") > taken, "it ends after the day of the list"),
            ((pl.col("last") - pl.col("first")) > LONGEST, "it lasts longer than the publisher's table"),
            (pl.struct(pl.exclude("row")).is_first_distinct().not_(), "the same shutdown came before"),
        ],
        shown=list(READ),
    )
    return Parsed(tables={"observations": yearly(_days(good, taken=taken), indicator=DAYS)}, rejected=rejected, vintage=taken.isoformat())


def _days(frame: pl.DataFrame, *, taken: date) -> pl.DataFrame:
    """Days by state and year; a year that is over and whole gives every member of the United Nations a value."""
    days: dict[tuple[str, int], set[date]] = defaultdict(set)
    rows: dict[tuple[str, int], int] = {}
    for row, iso3, first, last in frame.select("row", "iso3", "first", "last").iter_rows():
        for number in range((last - first).days + 1):
            key = (iso3, (on := first + timedelta(days=number)).year)
            days[key].add(on)
            rows.setdefault(key, row)
    years = {year: sum(key[1] == year for key in days) for _, year in days}
    whole = [year for year, count in years.items() if count >= WHOLE and year < taken.year]
    quiet = [(iso3, year) for year in whole for iso3 in universe("un_members") if (iso3, year) not in days]
    found = [(iso3, year, float(len(on)), rows[iso3, year]) for (iso3, year), on in days.items() if year >= FIRST_YEAR]
    found += [(iso3, year, 0.0, None) for iso3, year in quiet if year >= FIRST_YEAR]  # type: ignore[misc]
    schema = {"iso3": pl.String, "year": pl.Int32, "value": pl.Float64, "row": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row")
