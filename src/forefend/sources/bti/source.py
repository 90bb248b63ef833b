"""Bertelsmann Transformation Index: answers of country experts from 1 to 10, every second year.

Two layouts: the publisher's workbook with a sheet an edition, and a list of all editions under the names of a
research package. Known traps: the edition's year is not the data's. The edition of 2024 reports on the two years
to 31 January 2023, so its values are dated January 2023; the list's own column ``year`` is a third number (two
less than the edition). Questions of group 13 (level of difficulty) run the other way: higher is worse.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, Parsed, check_columns, reject
from forefend.sources.reading.cells import check_cells
from forefend.sources.reading.measured import joined, measured, newest_year
from forefend.sources.reading.placing import check_placed, place_by_code, place_by_name
from forefend.sources.reading.tables import framed, index_table
from forefend.sources.reading.workbook import Rows, below_header, worksheets

READ = (
    "Q1.1", "Q1.3", "Q2.1", "Q2.2", "Q2.3", "Q2.4", "Q3.1", "Q3.2", "Q3.3", "Q3.4", "Q4.2", "Q5.2", "Q6.1", "Q10.2", "Q12.2", "Q13.2",
    "Q13.3", "Q15.3", "Q16.2", "Q16.3", "Q16.4", "Q16.5", "Q17.2", "Q17.3", "SI",
)  # fmt: skip
PARTS = {1: 4, 2: 4, 3: 4, 4: 2, 5: 4, 6: 1, 7: 4, 8: 2, 9: 2, 10: 2, 11: 1, 12: 2, 13: 6, 14: 3, 15: 3, 16: 5, 17: 3}
CODES = {
    "S",
    "SI",
    "SII",
    "G",
    "GI",
    "GII",
    *(f"Q{n}" for n in PARTS),
    *(f"Q{n}.{part}" for n, last in PARTS.items() for part in range(1, last + 1)),
}
LIST_OUT_OF_SCOPE = (
    "bti_country", "bti_region", "Ranking_Status_Index", "Ranking_Governance_Index", "pol_sys", "cat_dem_stat", "cat_dem_stat_label",
    "cown",
)  # fmt: skip
SHEET_OUT_OF_SCOPE = re.compile(
    r"(ranking|category|regions|political system|failing|trend|movement|level of|status index|governance)\b.*", re.IGNORECASE
)
CODE = re.compile(r"(Q\d{1,2}(?:\.\d)?|S|SI|SII|G|GI|GII)\s*[|_]")
SHEET = re.compile(r"BTI (\d{4})")
UNRATED = ("-", "n/a", "?", "")
SCALE = (1.0, 10.0)


def read(files: Files) -> Parsed:
    """Read the workbook, or the list of all editions."""
    parts = [_workbook(name, path) if path.suffix.lower() == ".xlsx" else _list(name, path) for name, path in sorted(files.items())]
    parsed = _dated(joined(parts))
    year = newest_year(parsed)
    parsed.vintage = str(year + 1) if year else ""
    return parsed


def _list(name: str, path: Path) -> Parsed:
    frame = index_table(path.read_bytes(), name=name)
    codes = {column: found[1] for column in frame.columns if (found := CODE.match(column))}
    known = [column for column, code in codes.items() if code in CODES]
    check_columns(frame.columns[1:], read=["iso3", "year", "report_year"], out_of_scope=[*known, *LIST_OUT_OF_SCOPE], file=name)
    frame = frame.rename({column: code for column, code in codes.items() if code in CODES})
    check_columns(frame.columns[1:], read=READ, out_of_scope=frame.columns, file=name)
    _check_edition(frame, name=name)
    frame = place_by_code(frame.rename({"iso3": "code"}), column="code", scheme="alpha3")
    check_placed(frame, column="code", name=name)
    return _measured(frame, name=name, place="code")


def _check_edition(frame: pl.DataFrame, *, name: str) -> None:
    """The list's ``year`` is two less than the edition; any other pair means that somebody counted anew."""
    written = frame.select("row", *(pl.col(c).cast(pl.Float64, strict=False) for c in ("year", "report_year")))
    odd = written.filter((pl.col("report_year") - pl.col("year") != 2).fill_null(value=True))
    if odd.height:
        row = odd.row(0, named=True)
        raise UnexpectedData(
            f"{name}, row {row['row']}: year is {row['year']} in the edition {row['report_year']}, "
            "so it is unclear which years are meant. The connector must be updated."
        )


def _workbook(name: str, path: Path) -> Parsed:
    sheets = {int(found[1]): rows for title, rows in worksheets(path).items() if (found := SHEET.fullmatch(title.strip()))}
    if not sheets:
        raise UnexpectedData(f"{name} has no sheet named BTI and a year. Get the file of all scores from the publisher again.")
    return joined([_sheet(rows, edition=edition, name=f"{name}, BTI {edition}") for edition, rows in sorted(sheets.items())])


def _sheet(rows: Rows, *, edition: int, name: str) -> Parsed:
    anchor = next((" ".join(cell.split()) for row in rows[:5] for cell in row if CODE.match(" ".join(cell.split()))), "")
    split = below_header(rows, anchor=anchor) if anchor else None
    if split is None:
        raise UnexpectedData(f"{name} has no header with questions (Q1.1 | ...). Get the file from the publisher again.")
    header, below = split
    places: dict[str, int] = {}
    for place, column in enumerate(header[1:], start=1):
        code = found[1] if (found := CODE.match(column)) else ""
        if code in CODES:
            _check_same(below, first=places.setdefault(code, place), again=place, code=code, name=name)
        elif column and not SHEET_OUT_OF_SCOPE.fullmatch(column):
            raise UnexpectedData(f"Unread columns in {name}: {column}. The publisher's layout has changed; the connector must be updated.")
    check_columns(places, read=READ, out_of_scope=CODES, file=name)
    frame = framed(["country", *READ], [[row[0], *(row[places[code]] for code in READ)] for row in below], name=name)
    frame = place_by_name(frame.with_columns(report_year=pl.lit(str(edition))), column="country")
    return _named(frame, name=name)


def _check_same(rows: Rows, *, first: int, again: int, code: str, name: str) -> None:
    if code in READ and any(row[first] != row[again] for row in rows):
        raise UnexpectedData(f"{name} holds {code} twice with different values. Get the file from the publisher again.")


def _named(frame: pl.DataFrame, *, name: str) -> Parsed:
    """Set notes below the table aside, and refuse a rated country whose name nobody knows."""
    rated = pl.any_horizontal(~pl.col(code).is_in(list(UNRATED)) for code in READ)
    unknown = frame.filter(pl.col("iso3").is_null() & rated)
    if unknown.height:
        row = unknown.row(0, named=True)
        raise UnexpectedData(f"{name}, row {row['row']}: {row['country'][:60]!r} is a name new to this connector.")
    notes = frame.filter(pl.col("iso3").is_null())
    parsed = _measured(frame.filter(pl.col("iso3").is_not_null()), name=name, place="country")
    parsed.rejected = pl.concat([parsed.rejected, reject(notes.select("row", "country"), reason="a note, not a country")])
    return parsed


def _measured(frame: pl.DataFrame, *, name: str, place: str) -> Parsed:
    frame = frame.with_columns(
        pl.when(pl.col(code).is_in(list(UNRATED))).then(pl.lit("")).otherwise(pl.col(code)).alias(code) for code in READ
    )
    check_cells(frame, columns=READ, name=name)
    series = {code: f"bti_{code.lower().replace('.', '_')}" for code in READ}
    return measured(frame, series=series, year="report_year", place=place, within=dict.fromkeys(READ, SCALE), name=name)


def _dated(parsed: Parsed) -> Parsed:
    """Date values by the last month of the period that the edition reports on: January of the year before it."""
    year = pl.col("end").dt.year() - 1
    table = parsed.tables["observations"].with_columns(start=pl.date(year, 1, 1), end=pl.date(year, 1, 31))
    return Parsed(tables={"observations": table}, rejected=parsed.rejected)
