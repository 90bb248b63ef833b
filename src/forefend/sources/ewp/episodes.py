"""Episodes of mass killing as the project codes them: statements of a state, dated by years.

Coding changes: an onset may enter the list years later, or move; the release says as of when it was coded.
Fatalities are not given. States that are no more, and that none of today's continues, are rejected rows.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import from_code
from forefend.sources.contract import Parsed, check_codes, check_columns, reject
from forefend.sources.reading.tables import framed
from forefend.sources.reading.workbook import below_header, worksheets
from forefend.store.tables import FACTS, OBSERVATIONS

KIND = "ewp_mass_killing_episode"
LIST = ("event_code", "iso3", "start_year", "end_year", "perpetrator_type", "event_name")
LIST_OUT = ("ccode", "country", "country_as_coded", "target_groups_code", "responsible_ccode", "summary")
SHEET = {
    "mk_event_code": "event_code",
    "mk_location_cow": "ccode",
    "startyear": "start_year",
    "endyear": "end_year",
    "State-Led or Non-State-Led": "perpetrator_type",
    "mk_event_name": "event_name",
}
SHEET_OUT = (
    "country", "mk_event_summary", "mk_number_eth_groups", "mk_location_inheritor1", "mk_location_inheritor2", "mk_repsonsible_state_cow",
    "mk_repsonsible_state_inheritor1", "mk_repsonsible_state_inheritor2", "Start date notes", "End date notes",
    "OLD Event Name and Summary", "Notes",
)  # fmt: skip
EVENTS = "mk_events"  # the other sheets hold dropped cases, tables of codes and older lists
LED_BY = {"state": "state", "nonstate": "nonstate", "State-Led": "state", "Non-State-Led": "nonstate"}
FIRST_YEAR, LAST_YEAR = 1900, 2100


def read_list(name: str, frame: pl.DataFrame) -> Parsed:
    """Read a list of episodes with ISO codes."""
    check_columns(frame.columns[1:], read=LIST, out_of_scope=LIST_OUT, file=name)
    return _episodes(name, frame.rename({"iso3": "code"}), scheme="alpha3")


def read_workbook(name: str, path: Path) -> Parsed:
    """Read the master list of an edition, in the sheet of all episodes."""
    rows = worksheets(path).get(EVENTS)
    split = below_header(rows, anchor="mk_event_code") if rows else None
    if split is None:
        raise UnexpectedData(f"{name} has no sheet {EVENTS} with mk_event_code. Get the master list of mass killing events.")
    header, below = split
    width = len([column for column in header if column])
    frame = framed(header[:width], [row[:width] for row in below], name=name)
    check_columns(frame.columns[1:], read=SHEET, out_of_scope=SHEET_OUT, file=name)
    return _episodes(name, frame.select("row", *SHEET).rename(SHEET).rename({"ccode": "code"}), scheme="cow")


def _episodes(name: str, frame: pl.DataFrame, *, scheme: str) -> Parsed:
    check_codes(frame, column="perpetrator_type", known=LED_BY, file=name)
    started = [_day(text, 1, 1, name=name, row=row) for row, text in frame.select("row", "start_year").iter_rows()]
    ended = [_day(text, 12, 31, name=name, row=row) for row, text in frame.select("row", "end_year").iter_rows()]
    states = [_state(code, scheme=scheme, on=day) for code, day in zip(frame["code"], started, strict=True)]
    frame = frame.with_columns(
        iso3=pl.Series(states, dtype=pl.String),
        start=pl.Series(started, dtype=pl.Date),
        end=pl.Series(ended, dtype=pl.Date),
    )
    whole = pl.col("start").is_not_null() & (pl.col("end").is_null() | (pl.col("end") >= pl.col("start"))) & (pl.col("event_code") != "")
    again = ~pl.col("event_code").is_first_distinct()
    good = frame.filter(pl.col("iso3").is_not_null() & whole & ~again)
    left = (
        (pl.col("iso3").is_null(), "not a state of today"),
        (pl.col("iso3").is_not_null() & ~whole, "no code, no first year, or an end before it"),
        (pl.col("iso3").is_not_null() & whole & again, "a second row of the same episode"),
    )
    facts = good.select(
        "iso3",
        kind=pl.lit(KIND),
        key=pl.col("event_code"),
        status=pl.col("perpetrator_type").replace_strict(LED_BY),
        start=pl.col("start"),
        end=pl.col("end"),
        date_text=pl.col("start_year"),
        checked=pl.lit(None, dtype=pl.String),
        cited=pl.lit(None, dtype=pl.String),
        note=pl.col("event_name"),
        row=pl.col("row"),
    )
    shown = ["row", "code", "event_code", "start_year", "end_year"]
    return Parsed(
        tables={"observations": OBSERVATIONS.to_frame(), "facts": facts.select(FACTS.names()).cast(FACTS)},
        rejected=pl.concat([reject(frame.filter(condition).select(shown), reason=reason) for condition, reason in left]),
    )


def _day(text: str, month: int, day: int, *, name: str, row: int) -> date | None:
    """A day of a written year; None where nothing is written, as for an episode that goes on."""
    if not text or text in ("NA", "ongoing"):
        return None
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise UnexpectedData(f"{name}, row {row}: {text[:40]!r} is no year. Get the file again.")
    return date(int(text), month, day)


def _state(code: str, *, scheme: str, on: date | None) -> str | None:
    try:
        return from_code(code if scheme == "alpha3" else int(float(code)), scheme=scheme, on=on)
    except (PlaceError, ValueError, OverflowError):
        return None
