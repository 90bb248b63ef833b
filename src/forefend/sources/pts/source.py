"""Political Terror Scale: state violence from 1 to 5, read from three yearly reports apart; higher is worse.

Known traps: a missing score is the text ``NA`` with a code that says why; former states stand in rows of their
own after they ended; areas of Israel are rated apart under its code; the csv is not always UTF-8.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject
from forefend.sources.reading.cells import check_cells
from forefend.sources.reading.measured import joined, measured, newest_year
from forefend.sources.reading.placing import place_by_code
from forefend.sources.reading.tables import framed, index_table
from forefend.sources.reading.workbook import below_header, worksheets

SERIES = {"PTS_A": "pts_amnesty", "PTS_H": "pts_human_rights_watch", "PTS_S": "pts_state_department"}
READ = ("Country", "Year", "WordBank_Code_A", *SERIES, "NA_Status_A", "NA_Status_H", "NA_Status_S")
OUT_OF_SCOPE = ("Country_OLD", "COW_Code_A", "COW_Code_N", "UN_Code_N", "Region")
# 0 a score; 66 not covered by the report; 77 no such state in that year; 88 no report; 99 missing for another reason.
STATUSES = ("0", "66", "77", "88", "99")
WITHIN = dict.fromkeys(SERIES, (1.0, 5.0))
APART = "an area or former state rated apart from the state"
CONTRADICTION = "a score that is marked missing, or no score and no reason"


def read(files: Files) -> Parsed:
    """Read the csv or the workbook; both have the same columns."""
    parsed = joined([_read_one(name, path) for name, path in sorted(files.items())])
    year = newest_year(parsed)
    parsed.vintage = f"to {year}" if year else ""
    return parsed


def _read_one(name: str, path: Path) -> Parsed:
    frame = _table(name, path)
    check_columns(frame.columns[1:], read=READ, out_of_scope=OUT_OF_SCOPE, file=name)
    check_cells(frame, columns=SERIES, name=name, marks=("na",))
    kept, contradictions = frame, []
    for column in SERIES:
        status = column.replace("PTS", "NA_Status")
        check_codes(frame, column=status, known=STATUSES, file=name)
        is_missing = pl.col(column).is_in(["NA", ""])
        contradicts = is_missing == (pl.col(status) == "0")
        contradictions.append(reject(frame.filter(contradicts).select("row", "Country", "Year", column, status), reason=CONTRADICTION))
        kept = kept.with_columns(pl.when(contradicts | is_missing).then(pl.lit("")).otherwise(pl.col(column)).alias(column))
    kept, apart = _own_rows(place_by_code(kept, column="WordBank_Code_A", scheme="alpha3", year="Year"))
    parsed = measured(kept, series=SERIES, year="Year", place="Country", within=WITHIN, name=name)
    parsed.rejected = pl.concat([parsed.rejected, reject(apart.select("row", "Country", "Year"), reason=APART), *contradictions])
    return parsed


def _table(name: str, path: Path) -> pl.DataFrame:
    if path.suffix.lower() != ".xlsx":
        return index_table(path.read_bytes(), name=name)
    found = [split for rows in worksheets(path).values() if (split := below_header(rows, anchor="PTS_S"))]
    if len(found) != 1:
        raise UnexpectedData(f"{name} has {len(found)} sheets with a column PTS_S instead of one. Get the file from the publisher again.")
    return framed(*found[0], name=name)


def _own_rows(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows of a state from those of areas and former states that share its code in the same year."""
    scored = pl.any_horizontal(pl.col(column) != "" for column in SERIES)
    shared = frame.filter(pl.col("iso3").is_not_null() & scored).group_by("iso3", "Year").len().filter(pl.col("len") > 1)
    frame = frame.join(shared.with_columns(is_shared=True), on=["iso3", "Year"], how="left", maintain_order="left")
    is_own = pl.Series(
        [not shared or _names(name, iso3) for name, iso3, shared in frame.select("Country", "iso3", "is_shared").rows()], dtype=pl.Boolean
    )
    blank = frame["iso3"].is_not_null() & ~frame.select(scored).to_series()  # says nothing, and must not pass for a second row
    return frame.filter(is_own & ~blank), frame.filter(~is_own & ~blank)


def _names(name: str, iso3: str) -> bool:
    try:
        return resolve(name) == iso3
    except PlaceError:
        return False
