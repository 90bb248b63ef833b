"""Publishers' delimited files as tables of text, with the number of each ``row``; in bytes that nobody writes, a refusal.

``text_table`` refuses a row of another length; ``read_text`` fills a short one with blanks, for publishers whose own
files have broken lines.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Literal

import polars as pl

from forefend.errors import UnexpectedData

Encoding = Literal["utf8", "utf8 or latin1", "utf8 or cp1252", "mac_roman"]


def text_table(content: bytes, *, name: str, separator: str = ",", encoding: Encoding = "utf8") -> pl.DataFrame:
    """Read a delimited file whole, as text, with ``row``; raises UnexpectedData for a row of another length or bad text.

    Python's reader is used because it keeps every row: no type is guessed and no line skipped.
    """
    text = decoded(content, name=name, encoding=encoding)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UnexpectedData(f"{name} is not a table: {error}. Get it from the publisher again.") from None
    if not rows or not any(rows[0]):
        raise UnexpectedData(f"{name} has no header. Get it from the publisher again.")
    return framed(rows[0], [row for row in rows[1:] if row], name=name)


def framed(header: list[str], rows: list[list[str]], *, name: str) -> pl.DataFrame:
    """Turn a header and rows of text into a frame with ``row``; raises UnexpectedData for doubled columns and odd rows."""
    header = [column.strip() for column in header]
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise UnexpectedData(f"{name} has columns twice: {', '.join(map(repr, doubled))}. Get it from the publisher again.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise UnexpectedData(f"{name}, row {number} has {len(row)} cells instead of {len(header)}. Get it from the publisher again.")
    columns = {column: pl.Series([row[place].strip() for row in rows], dtype=pl.String) for place, column in enumerate(header)}
    if "row" in columns:
        raise UnexpectedData(f"Unread columns in {name}: row. The publisher's layout has changed; the connector must be updated.")
    return pl.DataFrame({"row": pl.Series(range(1, len(rows) + 1), dtype=pl.Int64), **columns})


def read_text(path: Path, *, name: str, encoding: Encoding = "utf8", separator: str = ",") -> pl.DataFrame:
    """Read a table as text, blanks as null, with the number of each ``row``; raises UnexpectedData for what is no table."""
    return plain_table(path.read_bytes(), name=name, encoding=encoding, separator=separator)


def plain_table(content: bytes, *, name: str, encoding: Encoding = "utf8", separator: str = ",") -> pl.DataFrame:
    """Do as ``read_text``, with a file's content."""
    try:
        frame = pl.read_csv(decoded(content, name=name, encoding=encoding).encode(), infer_schema=False, separator=separator)
        return frame.with_columns(pl.all().replace("", None)).with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        raise UnexpectedData(f"{name} cannot be read as a table: {' '.join(str(error).split())[:200]}") from None


def decoded(content: bytes, *, name: str, encoding: Encoding = "utf8") -> str:
    """Return a file's text; raises UnexpectedData where it is not in the encoding."""
    if encoding == "mac_roman":
        return content.decode(encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if encoding != "utf8":
            return content.decode(encoding.removeprefix("utf8 or "), errors="replace")
        raise UnexpectedData(f"{name} is not text in UTF-8 (byte {error.start}). Get the file from the publisher again.") from None


def index_table(content: bytes, *, name: str, separator: str = ",") -> pl.DataFrame:
    """Read a csv in UTF-8 or Windows-1252; raises UnexpectedData for bytes and cells that no publisher of an index writes."""
    if b"\0" in content:
        raise UnexpectedData(f"{name} holds NUL bytes, so it is damaged or not text. Get it from the publisher again.")
    return text_table(content, name=name, separator=separator, encoding="utf8 or cp1252")


def without_tags(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop the line of tags, where there is one, and number rows from the first one of data."""
    if frame.is_empty():
        return frame
    written = [cell for cell in frame.drop("row").row(0) if cell]
    if not written or not all(str(cell).startswith("#") for cell in written):
        return frame
    return frame.slice(1).with_columns(pl.col("row") - 1)
