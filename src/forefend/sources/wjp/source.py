"""World Justice Project Rule of Law Index: eight factors and 44 parts of them from 0 to 1, higher is better.

Read from the sheet of historical data. Known traps: two editions carry two years (2012-2013, 2017-2018) and are
dated by the later; labels change their wording and spaces between editions, so a column is known by its number.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns
from forefend.sources.reading.cells import MARKS, check_cells
from forefend.sources.reading.measured import joined, measured, newest_year
from forefend.sources.reading.placing import check_placed, place_by_code
from forefend.sources.reading.tables import framed
from forefend.sources.reading.workbook import below_header, worksheets

READ = (
    "overall", "1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2", "2.3", "3", "3.2", "3.3", "4", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6",
    "4.7", "5.2", "6.4", "7", "7.1", "7.2", "7.4", "8", "8.4", "8.5", "8.6", "8.7",
)  # fmt: skip
PARTS = {1: 6, 2: 4, 3: 4, 4: 8, 5: 3, 6: 5, 7: 7, 8: 7}
CODES = ("overall", *map(str, PARTS), *(f"{factor}.{part}" for factor, last in PARTS.items() for part in range(1, last + 1)))
OUT_OF_SCOPE = ("Country", "Region", "Country-Year")
SCALE = (0.0, 1.0)
# The publisher's own codes, where they are not those of the standard.
OWN_CODES = {"XKX": "XKX", "KSV": "XKX"}


def read(files: Files) -> Parsed:
    """Read the workbook of historical data."""
    parsed = joined([_workbook(name, path) for name, path in sorted(files.items())])
    year = newest_year(parsed)
    parsed.vintage = str(year) if year else ""
    return parsed


def _workbook(name: str, path: Path) -> Parsed:
    sheets = worksheets(path)
    split = next(
        (found for title, rows in sheets.items() if title.startswith("Historical") and (found := below_header(rows, anchor="Year"))), None
    )
    if split is None:
        raise UnexpectedData(f"{name} has no sheet of historical data with a column Year. Get the historical data file from the publisher.")
    header, rows = split
    named = [_code(column) or column for column in header if column]
    if any(any(row[len(named) :]) for row in rows) or any(header[len(named) :]):
        raise UnexpectedData(f"{name} has cells without a column. Get the file from the publisher again.")
    frame = framed(named, [row[: len(named)] for row in rows], name=name)
    check_columns(frame.columns[1:], read=["Country Code", "Year", *READ], out_of_scope=[*CODES, *OUT_OF_SCOPE], file=name)
    frame = frame.with_columns(
        year=pl.col("Year").str.replace(r"^(20\d\d)\s*[-–]\s*(20\d\d)$", "$2"),
        code=pl.col("Country Code").replace(OWN_CODES),
    )
    series = {code: series_id(code) for code in READ}
    frame = place_by_code(frame, column="code", scheme="alpha3")
    check_placed(frame, column="code", name=name)
    check_cells(frame, columns=READ, name=name, marks=MARKS)
    return measured(
        frame,
        series=series,
        place="Country Code",
        within=dict.fromkeys(READ, SCALE),
        name=name,
    )


def series_id(code: str) -> str:
    """Return the id of a column: wjp_overall, wjp_f7, wjp_f7_1."""
    return "wjp_overall" if code == "overall" else f"wjp_f{code.replace('.', '_')}"


def _code(column: str) -> str:
    if column.lower().startswith("wjp rule of law index"):
        return "overall"
    found = re.match(r"(?:Factor\s+)?(\d(?:\.\d)?)\b", column)
    return found[1] if found else ""
