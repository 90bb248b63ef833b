"""What connectors of published indices share: text of either encoding, codes that must be known, the newest year."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.measured import text_table

NO_NUMBERS = ("nan", "inf", "-inf", "+inf", "infinity", "-infinity")
MARKS = ("na", "n/a", "..", "null")  # of missing values, in tables of others


def index_table(content: bytes, *, name: str, separator: str = ",") -> pl.DataFrame:
    """Read a csv in UTF-8 or Windows-1252; raises UnexpectedData for bytes and cells that no publisher of an index writes."""
    if b"\0" in content:
        raise UnexpectedData(f"{name} holds NUL bytes, so it is damaged or not text. Get it from the publisher again.")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = content.decode("cp1252", errors="replace").encode()
    return text_table(content, name=name, separator=separator)


def check_cells(frame: pl.DataFrame, *, columns: Iterable[str], name: str, marks: Iterable[str] = ()) -> None:
    """Refuse cells that say "not a number", "infinite" or missing by a mark that is not one of the publisher's ``marks``."""
    strange = {*NO_NUMBERS, *MARKS} - set(marks)
    for column in columns:
        odd = frame.filter(pl.col(column).str.to_lowercase().is_in(sorted(strange)))
        if odd.height:
            raise UnexpectedData(f"{name}, row {odd['row'][0]}: {column} is {odd[column][0]!r}, not a number. Get the file again.")


def check_placed(frame: pl.DataFrame, *, column: str, name: str, not_states: Iterable[str] = ()) -> None:
    """Refuse a place that is neither a state nor one of the publisher's known places that are none."""
    unknown = frame.filter(pl.col("iso3").is_null() & ~pl.col(column).is_in(list(not_states)))
    if unknown.height:
        row, written = unknown.select("row", column).row(0)
        raise UnexpectedData(f"{name}, row {row}: {column} {str(written)[:60]!r} is new to this connector.")


def newest_year(parsed: Parsed) -> int | None:
    """Return the last year that is measured, or None where nothing is."""
    years = parsed.tables["observations"]["end"].dt.year()
    return max(years.unique().to_list(), default=None)
