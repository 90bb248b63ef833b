"""Worksheets of a publisher's xlsx workbook as rows of text, whatever the cells were formatted as.

Known oddity: some publishers save workbooks in the strict form of the standard, which openpyxl takes for
empty; its names are turned into the usual ones first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO

from forefend.errors import UnexpectedData

MOST_ROWS, MOST_COLUMNS = 1_000_000, 5_000
STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    RuntimeError,
    OverflowError,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
)
# A cell with a formula and no value, which would read as blank; a text that is empty is a value.
UNCOMPUTED = re.compile(rb'<c(?![^>]*\bt="str")(?:\s[^>]*)?><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>')
MIDNIGHT = time()
Rows = list[list[str]]


def worksheets(path: Path) -> dict[str, Rows]:
    """Return the rows of every sheet by its name, every cell as text: days as 2023-12-21, whole numbers without a point.

    Raises UnexpectedData for a damaged or absurdly large workbook.
    """
    check_workbook(path)
    try:
        return _read(path)
    except BROKEN:
        raise UnexpectedData(f"{path.name} is damaged or no xlsx workbook. Download it again.") from None


def rectangles(path: Path) -> dict[str, Rows]:
    """Return the rows of every sheet like ``worksheets``, without blank ones and all as wide as the widest."""
    found = {}
    for title, rows in worksheets(path).items():
        width = max((len(row) for row in rows), default=0)
        found[title] = [_wide(row, width) for row in rows if row]
    return found


def below_header(rows: Rows, *, anchor: str) -> tuple[list[str], Rows] | None:
    """Split a sheet at the first row that holds ``anchor``, with blanks in the header made one; None where no row does.

    Rows that are blank throughout are left out. Nothing to the right of the header is read unless it is written.
    """
    for place, row in enumerate(rows[:30]):
        header = [" ".join(cell.split()) for cell in row]
        if anchor in header:
            below = [line for line in rows[place + 1 :] if any(line)]
            width = max((len(header), *(len(line) for line in below)))
            return _wide(header, width), [_wide(line, width) for line in below]
    return None


def check_workbook(path: Path, *, limit: int = 200_000_000) -> None:
    """Refuse a workbook that is damaged or unpacks to more than a table of states can hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError):
        raise UnexpectedData(f"{path.name} is cut off, damaged or not an xlsx workbook. Download it again.") from None
    if size > limit:
        raise UnexpectedData(f"{path.name} unpacks to {size:,} bytes, far more than the publisher's workbook. Download it again.")


def _wide(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _read(path: Path) -> dict[str, Rows]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(_usual(path), read_only=True, data_only=True)
    except InvalidFileException as error:
        raise ValueError(str(error)) from None
    try:
        found = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # a workbook may claim a million rows; only the written ones are read
            found[sheet.title] = _rows(sheet.iter_rows(values_only=True), name=f"{path.name}, sheet {sheet.title}")
        return found
    finally:
        book.close()


def _rows(cells: Iterable[tuple[object, ...]], *, name: str) -> Rows:
    found: Rows = []
    for row in cells:
        if len(found) >= MOST_ROWS or len(row) > MOST_COLUMNS:
            raise UnexpectedData(f"{name} is larger than any table of states. Download it again.")
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        found.append(texts)
    return found


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != MIDNIGHT else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _usual(path: Path) -> BinaryIO:
    """Return the workbook in the usual form of the standard."""
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and UNCOMPUTED.search(archive.read(entry)):
                raise UnexpectedData(
                    f"{path.name} holds formulas without their results. Open and save it, or get it from the publisher again."
                )
        if not any(strict in archive.read("xl/workbook.xml") for strict in STRICT):
            return io.BytesIO(content)
        turned = io.BytesIO()
        with zipfile.ZipFile(turned, "w") as copy:
            for entry in archive.infolist():
                part = archive.read(entry)
                for strict, usual in STRICT.items():
                    part = part.replace(strict, usual)
                copy.writestr(entry.filename, part)
    turned.seek(0)
    return turned
