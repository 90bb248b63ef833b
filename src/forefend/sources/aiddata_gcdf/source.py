"""AidData's Global Chinese Development Finance: commitments of China's official finance by recipient and year.

Two layouts: the publisher's workbook, one row a project (only those it recommends for adding up are added), and
sums by recipient and year. Amounts are the adjusted ones, which leave out refinanced debt: commitments, not money paid.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import IO

import polars as pl

from forefend.errors import UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, unique_rows
from forefend.sources.reading.cells import NO_NUMBER, NO_YEAR, number, split, year
from forefend.sources.reading.placing import check_states
from forefend.sources.reading.tables import read_text
from forefend.sources.reading.ties import yearly_ties

FINANCE, AID = "gcdf_finance", "gcdf_aid"
UNIT = "constant 2021 USD million"
DONOR = "CHN"
SUMS = ("recipient_iso3", "year", "oda_adj", "oof_adj", "vof_adj")
SUMS_OUT_OF_SCOPE = ("ccode", "oda_amt", "oof_amt", "vof_amt")
SHEET = "GCDF_3.0"
RECOMMENDED, RECIPIENT, YEAR = "Recommended For Aggregates", "Recipient ISO-3", "Commitment Year"
CLASS, AMOUNT = "Flow Class", "Adjusted Amount (Constant USD 2021)"
RECORD = "AidData Record ID"
PROJECT = (RECORD, RECOMMENDED, RECIPIENT, YEAR, CLASS, AMOUNT)
CLASSES = {"ODA-like": "oda_adj", "OOF-like": "oof_adj", "Vague (Official Finance)": "vof_adj", "Vague": "vof_adj"}
LARGEST_BYTES = 500_000_000
NO_STATE = "a region or a recipient that is no state"


def read(files: Files) -> Parsed:
    """Read the table of sums, or the workbook, alone or in the publisher's zip."""
    ((name, path),) = files.items()
    if path.suffix.lower() in (".xlsx", ".zip"):
        good, rejected = _projects(name, path)
    else:
        good, rejected = _sums(name, path)
    parts = [
        good.select("row", "iso3", "year", channel=pl.lit(channel), value=pl.sum_horizontal(columns) / 1e6)
        for channel, columns in ((FINANCE, ["oda_adj", "oof_adj", "vof_adj"]), (AID, ["oda_adj"]))
    ]
    ties = pl.concat(parts).filter(pl.col("value") > 0).with_columns(from_iso3=pl.lit(DONOR), to_iso3="iso3", unit=pl.lit(UNIT))
    return Parsed(tables={"ties": yearly_ties(ties)}, rejected=rejected, vintage="3.0")


def _sums(name: str, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = read_text(path, name=name)
    check_columns(frame.columns[1:], read=SUMS, out_of_scope=SUMS_OUT_OF_SCOPE, file=name)
    check_states(frame, columns=("recipient_iso3",), file=name)
    amounts = [number(column).alias(column) for column in SUMS[2:]]
    frame = frame.select("row", *amounts, iso3="recipient_iso3", in_year=year("year"))
    good, rejected = _usable(frame.rename({"in_year": "year"}))
    good, twice = split(good, unusable=[(pl.struct("iso3", "year").is_first_distinct().not_(), "a recipient's year given twice")])
    return good, pl.concat([rejected, twice])


def _usable(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    unread = pl.any_horizontal(pl.col(column).is_null() | (pl.col(column) < 0) for column in SUMS[2:])
    return split(
        frame,
        unusable=[
            (pl.col("iso3").is_null() | ~pl.col("iso3").is_in(list(states())), NO_STATE),
            (pl.col("year").is_null(), NO_YEAR),
            (unread, NO_NUMBER),
        ],
    )


def _projects(name: str, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    if path.suffix.lower() == ".xlsx":
        return _from_sheet(name, path)
    with zipfile.ZipFile(path) as archive:
        books = [member for member in archive.infolist() if member.filename.lower().endswith(".xlsx") and "GCDF" in member.filename.upper()]
        books = books or [member for member in archive.infolist() if member.filename.lower().endswith("v3.0.xlsx")]
        if len(books) != 1:
            raise UnexpectedData(f"{name} holds {len(books)} workbooks of the data set, not one. Get the archive again.")
        if books[0].file_size > LARGEST_BYTES:
            raise UnexpectedData(f"{name} unpacks to more than {LARGEST_BYTES:,} bytes. It is not what the publisher offers.")
        return _from_sheet(name, io.BytesIO(archive.read(books[0])))


def _from_sheet(name: str, book: Path | IO[bytes]) -> tuple[pl.DataFrame, pl.DataFrame]:
    import openpyxl

    with zipfile.ZipFile(book) as inside:
        if sum(member.file_size for member in inside.infolist()) > LARGEST_BYTES:
            raise UnexpectedData(f"{name} unpacks to more than {LARGEST_BYTES:,} bytes. It is not what the publisher offers.")
    try:
        workbook = openpyxl.load_workbook(book, read_only=True, data_only=True)
    except (KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        raise UnexpectedData(f"{name} is not a workbook that can be read ({type(error).__name__}). Get it again.") from None
    if SHEET not in workbook.sheetnames:
        raise UnexpectedData(f"{name} has no sheet {SHEET}. Get the workbook from the publisher again.")
    lines = workbook[SHEET].iter_rows(values_only=True)
    head = [str(cell) if cell is not None else "" for cell in next(lines, ())]
    # The sheet has more than a hundred columns of description; what is not one of these six is not read.
    check_columns(head, read=PROJECT, optional=head, file=name)
    at = [head.index(column) for column in PROJECT]
    if any(head.count(column) > 1 for column in PROJECT):
        raise UnexpectedData(f"{name} gives a column twice. Get the workbook from the publisher again.")
    rows = [(n, *(None if line[i] is None else str(line[i]) for i in at)) for n, line in enumerate(lines, start=1)]
    frame = pl.DataFrame(rows, schema={"row": pl.Int64} | dict.fromkeys(PROJECT, pl.String), orient="row")
    check_codes(frame, column=RECOMMENDED, known=("Yes", "No"), file=name)
    frame, again = unique_rows(frame)
    frame = frame.filter(pl.col(RECOMMENDED) == "Yes")
    check_codes(frame, column=CLASS, known=CLASSES, file=name)
    amount = pl.when(pl.col(AMOUNT).is_null()).then(0.0).otherwise(number(AMOUNT))  # many commitments have no known amount
    columns = [
        pl.when(pl.col(CLASS).replace_strict(CLASSES, return_dtype=pl.String) == column).then(amount).otherwise(0.0).alias(column)
        for column in SUMS[2:]
    ]
    good, rejected = _usable(frame.select("row", *columns, iso3=RECIPIENT, year=year(YEAR)))
    return good, pl.concat([again, rejected])
