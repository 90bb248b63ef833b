"""Freedom in the World: 25 answers from 0 to 4, a total from 0 to 100, every year.

Two layouts: the publisher's workbook, and a list under the names of a research package. Known traps: the
edition's year is one more than the year it reports on; the file's name gives neither; territories stand among
countries, and in the list some carry the code of a state (the Gaza Strip, Indian Kashmir, the Russian-occupied
territories of Ukraine), whose own row they must never replace.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.reading.cells import check_cells
from forefend.sources.reading.measured import joined, measured, newest_year
from forefend.sources.reading.placing import check_placed, place_by_code, place_by_name
from forefend.sources.reading.tables import framed, index_table
from forefend.sources.reading.workbook import below_header, worksheets

ITEMS = (
    "A1", "A2", "A3", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "D1", "D2", "D3", "D4", "E1", "E2", "E3", "F1", "F2", "F3", "F4", "G1",
    "G2",
    "G3", "G4",
)  # fmt: skip
WITHIN = dict.fromkeys(ITEMS, (0.0, 4.0)) | {"total": (-4.0, 100.0)}  # the additional question can take up to four points off
SUMS = ("A", "B", "C", "D", "E", "F", "G")
LIST_READ = ("iso3", "fh_full_country", "country_or_territory", "edition", "year", *ITEMS, "total")
LIST_OUT_OF_SCOPE = ("region", "status", "pr", "cl", "AddQ", "AddA", "pr_full", "cl_full", "cown", *SUMS)
SHEET_READ = {"Country/Territory": "name", "C/T": "kind", "Edition": "edition", "Total": "total"}
SHEET_OUT_OF_SCOPE = ("Region", "Status", "PR rating", "CL rating", "Add Q", "Add A", "PR", "CL", *SUMS)
NOT_A_STATE = "a territory, rated apart from any state"


def read(files: Files) -> Parsed:
    """Read the workbook, or the list of all editions."""
    parsed = joined(
        [_workbook(name, path) if path.suffix.lower() == ".xlsx" else _list(name, path) for name, path in sorted(files.items())]
    )
    year = newest_year(parsed)
    parsed.vintage = str(year + 1) if year else ""
    return parsed


def _list(name: str, path: Path) -> Parsed:
    frame = index_table(path.read_bytes(), name=name)
    check_columns(frame.columns[1:], read=LIST_READ, out_of_scope=LIST_OUT_OF_SCOPE, file=name)
    frame = frame.rename({"country_or_territory": "kind", "fh_full_country": "name", "iso3": "code"})
    written = frame.select("row", *(pl.col(c).cast(pl.Float64, strict=False) for c in ("edition", "year")))
    odd = written.filter((pl.col("edition") - pl.col("year") != 1).fill_null(value=True))
    if odd.height:
        raise UnexpectedData(f"{name}, row {odd['row'][0]}: the year is not the one before the edition. The connector must be updated.")
    return _rated(frame, place=lambda states: place_by_code(states, column="code", scheme="alpha3"), name=name)


def _workbook(name: str, path: Path) -> Parsed:
    found = [split for rows in worksheets(path).values() if (split := below_header(rows, anchor="Country/Territory")) and "A1" in split[0]]
    if len(found) != 1:
        raise UnexpectedData(
            f"{name} has {len(found)} sheets of questions A1 to G4 instead of one. Get the file of all data from the publisher."
        )
    header, rows = found[0]
    width = len([column for column in header if column])
    if any(header[width:]) or any(any(row[width:]) for row in rows):
        raise UnexpectedData(f"{name} has cells without a column. Get the file from the publisher again.")
    frame = framed(header[:width], [row[:width] for row in rows], name=name)
    check_columns(frame.columns[1:], read=[*SHEET_READ, *ITEMS], out_of_scope=SHEET_OUT_OF_SCOPE, file=name)
    frame = frame.rename(SHEET_READ)
    edition = pl.col("edition").cast(pl.Float64, strict=False)
    frame = frame.with_columns(year=(edition - 1).cast(pl.String))
    return _rated(frame, place=lambda states: place_by_name(states, column="name"), name=name)


def _rated(frame: pl.DataFrame, *, place: Callable[[pl.DataFrame], pl.DataFrame], name: str) -> Parsed:
    check_codes(frame, column="kind", known=("c", "t"), file=name)
    territories = frame.filter(pl.col("kind") == "t").select("row", "name", "year")
    placed = place(frame.filter(pl.col("kind") == "c"))
    check_placed(placed, column="name", name=name)
    check_cells(placed, columns=WITHIN, name=name)
    series = {column: f"fh_{column.lower()}" for column in WITHIN}
    parsed = measured(placed, series=series, place="name", within=WITHIN, name=name)
    parsed.rejected = pl.concat([parsed.rejected, reject(territories, reason=NOT_A_STATE)])
    return parsed
