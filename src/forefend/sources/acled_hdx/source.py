"""ACLED's monthly counts as published on the Humanitarian Data Exchange: three workbooks, and the csv of HDX HAPI.

Known oddities: a workbook does not say what it counts, only its name does; its first sheet holds the terms of
use; states with a response plan stand in sheets of their own by district (``HRP``), all others in one by state
and without a code; months are English words. In the csv a state can stand at more than one level: the coarsest
is taken, so that nothing counts twice; demonstrations have no fatalities. Months without events are written as 0.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code, resolve
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.sources.families.incidents import by_month, whole_years
from forefend.sources.reading.cells import whole_number
from forefend.sources.reading.tables import framed, text_table
from forefend.sources.reading.unpacked import unpacked
from forefend.sources.reading.workbook import rectangles

MEASURES = {"civilian_targeting": "civilian", "demonstration": "demonstration", "political_violence": "political"}
TERMS = "TOU"
SHEET = ("Country", "Month", "Year", "Events")
SHEET_OPTIONAL = ("ISO3", "Fatalities", "Admin1", "Admin2", "Admin1 Pcode", "Admin2 Pcode")
MONTHS = {name: f"{number:02}" for number, name in enumerate(calendar.month_name) if name}
CSV = ("location_code", "admin_level", "event_type", "events", "fatalities", "reference_period_start", "reference_period_end")
CSV_OUT_OF_SCOPE = {
    "has_hrp", "in_gho", "provider_admin1_name", "provider_admin2_name", "admin1_code", "admin1_name", "admin2_code", "admin2_name",
    "dataset_hdx_id", "resource_hdx_id", "warning", "error",
}  # fmt: skip
LEVELS = ("0", "1", "2")
OWN_NAMES = {"Saint-Martin": "MAF", "Saint Martin": "MAF"}  # the French part; Sint Maarten has its own row
FIRST, LAST = date(1997, 1, 1), date(2100, 12, 31)
LIMIT = 1_000_000_000
UNUSABLE = "a date or number is missing or impossible"
FINER = "a finer level of a state that is counted as a whole"
KEYS = ["iso3", "measure", "start"]


def read(files: Files) -> Parsed:
    """Read any of the workbooks and csv together."""
    tables, left = [], []
    for name, path in sorted(files.items()):
        frame, again = _workbook(name, path) if path.suffix.lower() == ".xlsx" else _csv(name, path)
        kept, rejected = _usable(frame)
        tables.append(kept)
        left += [again, *rejected]
    counts = pl.concat(tables)
    months = counts.group_by("file", *KEYS).agg(pl.col("events", "deaths").sum(), pl.col("row").min())
    again = months.group_by(KEYS).len().filter(pl.col("len") > 1)
    if again.height:
        first = again.sort(KEYS).row(0, named=True)
        raise UnexpectedData(
            f"Two files count {first['measure']} of {first['iso3']} in {first['start']:%Y-%m}. Give the workbooks or the csv, not both."
        )
    return Parsed(tables={"observations": _observations(months)}, rejected=pl.concat(left))


def _workbook(name: str, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a workbook's ``row``, ``file``, ``place``, ``level``, ``measure``, ``day``, ``events`` and ``deaths``, and rejected rows."""
    measure = next((measure for measure, word in MEASURES.items() if re.search(rf"(?<![a-z]){word}", name, re.IGNORECASE)), None)
    if measure is None:
        raise UnexpectedData(f"{name} does not say what it counts. Give the workbook the publisher's name (civilian-targeting-events-...).")
    parts = [_sheet(rows, name=f"{name}, sheet {title}") for title, rows in rectangles(path).items() if title != TERMS and rows]
    if not parts:
        raise UnexpectedData(f"{name} holds no counts. Get it from the publisher again.")
    frame = pl.concat([frame for frame, _ in parts]).with_columns(measure=pl.lit(measure), file=pl.lit(name))
    return frame, pl.concat([again for _, again in parts])


def _sheet(rows: list[list[str]], *, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = framed(rows[0], rows[1:], name=name)
    check_columns(frame.columns[1:], read=SHEET, optional=SHEET_OPTIONAL, file=name)
    check_codes(frame, column="Month", known=MONTHS, file=name)
    frame, again = unique_rows(frame)
    place = pl.col("ISO3") if "ISO3" in frame.columns else pl.col("Country")
    counts = frame.select(
        "row",
        place=place,
        level=pl.lit("2" if "ISO3" in frame.columns else "0"),
        day=pl.format("{}-{}-01", "Year", pl.col("Month").replace_strict(MONTHS)),
        events="Events",
        deaths=pl.col("Fatalities") if "Fatalities" in frame.columns else pl.lit("0"),
    )
    return counts, again


def _csv(name: str, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = text_table(unpacked(path, limit=LIMIT), name=name)
    check_columns(frame.columns[1:], read=CSV, out_of_scope=CSV_OUT_OF_SCOPE, file=name)
    check_codes(frame, column="event_type", known=MEASURES, file=name)
    check_codes(frame, column="admin_level", known=LEVELS, file=name)
    frame, again = unique_rows(frame)
    is_demonstration = pl.col("event_type") == "demonstration"
    counts = frame.select(
        "row",
        place="location_code",
        level="admin_level",
        day="reference_period_start",
        events="events",
        deaths=pl.when(is_demonstration & (pl.col("fatalities") == "")).then(pl.lit("0")).otherwise(pl.col("fatalities")),
        measure="event_type",
        file=pl.lit(name),
    )
    return counts, again


def _usable(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Part rows into those that count and those that cannot or must not."""
    places = {place: _state(place) for place in frame["place"].unique()}
    day = pl.col("day").str.head(10).str.to_date("%Y-%m-%d", strict=False)
    typed = frame.select(
        "row",
        "file",
        "measure",
        "level",
        iso3=pl.col("place").replace_strict(places, return_dtype=pl.String),
        start=pl.when(day.is_between(FIRST, LAST)).then(day.dt.truncate("1mo")),
        events=whole_number("events"),
        deaths=whole_number("deaths"),
    ).with_row_index("place_in_file")
    numbered = frame.with_row_index("place_in_file")
    bad = typed.filter(pl.any_horizontal(pl.col("iso3", "start", "events", "deaths").is_null()))
    good = typed.join(bad, on="place_in_file", how="anti")
    is_finer = pl.col("level") > pl.col("level").min().over(KEYS)
    finer, kept = good.filter(is_finer), good.filter(~is_finer)
    left = [
        reject(numbered.join(rows, on="place_in_file", how="semi").drop("place_in_file"), reason=why)
        for rows, why in ((bad, UNUSABLE), (finer, FINER))
    ]
    return kept.drop("place_in_file", "level"), left


def _state(place: str) -> str | None:
    if not place:
        return None
    if place in OWN_NAMES:
        return OWN_NAMES[place]
    try:
        return from_code(place, scheme="alpha3") if re.fullmatch("[A-Z]{3}", place) else resolve(place)
    except PlaceError as refusal:
        raise UnexpectedData(f"A state is new to this connector: {refusal}") from None


def _observations(months: pl.DataFrame) -> pl.DataFrame:
    """Each month, 0 included, and the years of which every month is there."""
    parts = []
    for measure in MEASURES:
        rows = months.filter(pl.col("measure") == measure)
        series = {"events": f"acled_{measure}_events"}
        if measure != "demonstration":
            series["deaths"] = f"acled_{measure}_fatalities"
        parts.append(by_month(rows, series=series))
        whole = rows.filter(pl.len().over("iso3", pl.col("start").dt.year()) == len(MONTHS))
        parts.append(whole_years(whole, series={column: f"{name}_year" for column, name in series.items()}, among=whole, fill=False))
    return pl.concat(parts)
