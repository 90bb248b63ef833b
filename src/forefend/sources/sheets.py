"""Sheets of a publisher's workbook as rows of text; nothing in it is computed."""

from __future__ import annotations

import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

from forefend.errors import UnexpectedData
from forefend.sources.unpacked import check_workbook

DAMAGE = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, OSError, NotImplementedError, RecursionError,
    OverflowError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
MOST_ROWS = 1_000_000


def sheets(path: Path, *, name: str) -> dict[str, list[list[str]]]:
    """Return each sheet's rows by its title, every cell as text: days as 2023-12-21, whole numbers without a point.

    Empty lines and empty columns at the end are left out. Raises UnexpectedData for what is no workbook.
    """
    import openpyxl

    check_workbook(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return {sheet.title: _rows(sheet, name=name) for sheet in book.worksheets}
        finally:
            book.close()
    except DAMAGE as error:
        raise UnexpectedData(f"{name} is not a whole workbook ({type(error).__name__}). Get it from the publisher again.") from None


def _rows(sheet: object, *, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in sheet.iter_rows(values_only=True):  # type: ignore[attr-defined]
        if len(rows) > MOST_ROWS:
            raise UnexpectedData(f"{name} holds more than {MOST_ROWS:,} rows. It is not what the publisher offers.")
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows if row]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
