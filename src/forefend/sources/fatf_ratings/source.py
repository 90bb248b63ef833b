"""FATF consolidated assessment ratings: how well a state's law and practice against illicit finance meet the standard.

The publisher's workbook has a row for each report on a jurisdiction, newer ones beside older ones, below a banner;
a follow-up report rates again only what was looked at again. Ratings are turned into 0 to 3, from not to fully
compliant, and from low to high effectiveness. Each year in which a report rates a series has a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
from dateutil import parser as dates

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve
from forefend.sources.contract import Files, Parsed, reject
from forefend.sources.families.listed import NOT_A_STATE, yearly
from forefend.sources.reading.tables import index_table
from forefend.sources.reading.workbook import rectangles

COMPLIANCE = {"NC": 0.0, "PC": 1.0, "LC": 2.0, "C": 3.0}
EFFECTIVENESS = {"LE": 0.0, "ME": 1.0, "SE": 2.0, "HE": 3.0}
NOT_RATED = ("", "N/A", "NA", "-", "NR")  # not applicable, or not looked at in this report
SERIES = {"IO5": "fatf_io5", "IO10": "fatf_io10", "IO11": "fatf_io11", "R6": "fatf_r6", "R7": "fatf_r7", "R24": "fatf_r24"}
NEEDED = ("JURISDICTION", "REPORTTYPE", "REPORTDATE")
KNOWN = {*(f"IO{number}" for number in range(1, 12)), *(f"R{number}" for number in range(1, 41))}
OUT_OF_SCOPE = ("ASSESSMENTBODYBODIES", "ASSESSMENTBODY", "ASSESSMENTBODIES", "FOLLOWUPSTATUS", "METHODOLOGY", "NO", "")
FIRST_YEAR = 2012  # of assessments under the methodology of 2013
Rows = list[list[str]]


def read(files: Files) -> Parsed:
    """Read one or more of the workbooks (the methodologies of 2013 and of 2022), or the same tables as csv."""
    found: list[dict[str, object]] = []
    left: list[pl.DataFrame] = []
    for name, path in sorted(files.items()):
        for number, record in _records(path, name=name):
            refusal = _rate(record, number=number, name=name, into=found)
            if refusal:
                shown = {"row": number, **{column: record[column] for column in NEEDED}}
                left.append(reject(pl.DataFrame([shown], schema={"row": pl.Int64, **dict.fromkeys(NEEDED, pl.String)}), reason=refusal))
    schema = {"iso3": pl.String, "indicator": pl.String, "on": pl.Date, "year": pl.Int32, "value": pl.Float64, "row": pl.Int64}
    frame = pl.DataFrame(found, schema=schema).sort("on", maintain_order=True).unique(["iso3", "indicator", "year"], keep="last")
    parts = [yearly(frame.filter(pl.col("indicator") == indicator), indicator=indicator) for indicator in SERIES.values()]
    parsed = Parsed(tables={"observations": pl.concat(parts)})
    if left:
        parsed.rejected = pl.concat(left)
    newest = frame["on"].max()
    if isinstance(newest, date):
        parsed.vintage = newest.isoformat()
    return parsed


def _records(path: Path, *, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    sheets = rectangles(path).values() if path.suffix == ".xlsx" else [_csv(path, name=name)]
    for rows in sheets:
        for place, row in enumerate(rows[:30]):
            header = [_plain(cell) for cell in row]
            if NEEDED[0] in header:
                _check(header, name=name)
                below = [line for line in rows[place + 1 :] if any(line)]
                yield from ((number, dict(zip(header, line, strict=True))) for number, line in enumerate(below, start=1))
                return
    raise UnexpectedData(
        f"{name} has no row of columns with a jurisdiction. The publisher's layout has changed; the connector must be updated."
    )


def _csv(path: Path, *, name: str) -> Rows:
    frame = index_table(path.read_bytes(), name=name).drop("row")
    return [frame.columns, *(list(row) for row in frame.iter_rows())]


def _check(header: list[str], *, name: str) -> None:
    named = [column for column in header if column]
    if twice := sorted({column for column in named if named.count(column) > 1}):
        raise UnexpectedData(f"{name} has columns twice: {', '.join(twice)}. Get it from the publisher again.")
    if missing := [column for column in (*NEEDED, *SERIES) if column not in header]:
        raise UnexpectedData(f"Columns missing in {name}: {', '.join(missing)}. Get the file from the publisher again.")
    if unread := [column for column in named if column not in {*NEEDED, *KNOWN, *OUT_OF_SCOPE}]:
        raise UnexpectedData(f"Unread columns in {name}: {', '.join(unread).lower()}. The publisher's layout has changed.")


def _plain(text: str) -> str:
    """IO.1, IO 1 and IO1 are one column; so are R.1 and R 1."""
    plain = re.sub(r"[^A-Z0-9_]", "", text.upper())
    return re.sub(r"^(IO|R)0+(\d)", r"\1\2", plain)


def _rate(record: dict[str, str], *, number: int, name: str, into: list[dict[str, object]]) -> str:
    """Add what a row rates; return why it cannot be used, if so."""
    try:
        iso3 = resolve(record["JURISDICTION"].strip().rstrip("*"))
    except PlaceError:
        return NOT_A_STATE
    on = _day(record["REPORTDATE"])
    if on is None:
        return "the day of the report cannot be read"
    for column, indicator in SERIES.items():
        written = record[column].strip().upper()
        scale = EFFECTIVENESS if column.startswith("IO") else COMPLIANCE
        if written in NOT_RATED:
            continue
        if written not in scale:
            raise UnexpectedData(f"{name}, row {number}: {column} is {written[:20]!r}, which is no rating of the publisher.")
        into.append({"iso3": iso3, "indicator": indicator, "on": on, "year": on.year, "value": scale[written], "row": number})
    return ""


def _day(written: str) -> date | None:
    """Days are written 2018-12-01 00:00:00, December 2018 or Dec-18; the first of the month stands for the month."""
    try:
        if re.match(r"\d{4}-\d\d-\d\d", written):  # which the parser would take for year, day, month
            found = datetime.fromisoformat(written[:10])
        else:
            found = dates.parse(written, default=datetime(2000, 1, 1, tzinfo=UTC), dayfirst=True)
    except (ValueError, OverflowError, TypeError):
        return None
    return found.date() if written.strip() and FIRST_YEAR <= found.year <= 2100 and re.search(r"\d{2}", written) else None
