"""Corruption Perceptions Index: 0 (highly corrupt) to 100 (very clean), comparable over time since 2012.

Values are kept exactly as published; the licence allows no derivative. Two layouts: the publisher's workbook, in
the sheet that holds all years, and a list by country and year. Known trap: up to 2011 the scale ran from 0 to 10
and cannot be compared, so such years are rejected rows.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.sources.reading.cells import check_cells
from forefend.sources.reading.measured import joined, measured, newest_year
from forefend.sources.reading.placing import check_placed, place_by_code
from forefend.sources.reading.tables import framed, index_table
from forefend.sources.reading.workbook import Rows, below_header, worksheets

SERIES = {"cpi": "cpi_score"}
SCALE = (0.0, 100.0)
FIRST_YEAR = 2012
LIST_READ = ("country", "year", "cpi")
SCORE = re.compile(r"CPI [Ss]core (20\d\d)")
SHEET_OUT_OF_SCOPE = re.compile(
    r"(Country ?/ ?Territory|Region|(Rank|Sources|Standard [Ee]rror|Number of [Ss]ources|Lower CI|Upper CI)( 20\d\d)?)"
)
NOT_COMPARABLE = "before 2012, on another scale"
# The publisher's own code of Kosovo.
OWN_CODES = {"KSV": "XKX"}


def read(files: Files) -> Parsed:
    """Read the workbook, or the list."""
    parsed = joined(
        [_workbook(name, path) if path.suffix.lower() == ".xlsx" else _list(name, path) for name, path in sorted(files.items())]
    )
    year = newest_year(parsed)
    parsed.vintage = str(year) if year else ""
    return parsed


def _list(name: str, path: Path) -> Parsed:
    frame = index_table(path.read_bytes(), name=name)
    check_columns(frame.columns[1:], read=LIST_READ, file=name)
    return _scored(frame.rename({"country": "code"}), name=name)


def _workbook(name: str, path: Path) -> Parsed:
    found = [split for rows in worksheets(path).values() if (split := below_header(rows, anchor="ISO3"))]
    yearly = {sum(bool(SCORE.fullmatch(column)) for column in split[0]): split for split in found}
    if not yearly or not max(yearly):
        raise UnexpectedData(f"{name} has no sheet with ISO3 and the scores of several years (CPI score 2023). Get the file with trends.")
    return _scored(_long(*yearly[max(yearly)], name=name), name=name)


def _long(header: list[str], rows: Rows, *, name: str) -> pl.DataFrame:
    """Turn a column a year into a row a year; ``row`` stays the row of the sheet."""
    width = len([column for column in header if column])
    if any(header[width:]) or any(any(row[width:]) for row in rows):
        raise UnexpectedData(f"{name} has cells without a column. Get the file from the publisher again.")
    frame = framed(header[:width], [row[:width] for row in rows], name=name)
    scores = [column for column in frame.columns if SCORE.fullmatch(column)]
    known = [column for column in frame.columns if SHEET_OUT_OF_SCOPE.fullmatch(column)]
    check_columns(frame.columns[1:], read=["ISO3", *scores], out_of_scope=known, file=name)
    long = frame.unpivot(on=scores, index=["row", "ISO3"], variable_name="year", value_name="cpi")
    return long.with_columns(pl.col("year").str.extract(r"(20\d\d)$")).rename({"ISO3": "code"}).sort("row", maintain_order=True)


def _scored(frame: pl.DataFrame, *, name: str) -> Parsed:
    year = pl.col("year").cast(pl.Float64, strict=False)
    early = frame.filter(year < FIRST_YEAR).select("row", "code", "year")
    frame = frame.filter((year >= FIRST_YEAR).fill_null(value=True)).with_columns(code=pl.col("code").str.to_uppercase().replace(OWN_CODES))
    frame = place_by_code(frame, column="code", scheme="alpha3")
    check_placed(frame, column="code", name=name)
    check_cells(frame, columns=SERIES, name=name)
    parsed = measured(frame, series=SERIES, place="code", within={"cpi": SCALE}, name=name)
    parsed.rejected = pl.concat([parsed.rejected, reject(early, reason=NOT_COMPARABLE)])
    return parsed
