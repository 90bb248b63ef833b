"""Tables of the UN Peace and Security Data Hub: text cells, each row's length checked, the release named by its newest update."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from forefend.errors import PlaceError, UnexpectedData
from forefend.places import resolve
from forefend.sources.contract import check_columns
from forefend.sources.reading.tables import Encoding, decoded

# Names of the hub alone: its Congo is the Republic, as the other is always named in full.
NAMES = {"Congo": "COG"}


def hub_table(
    path: Path,
    *,
    name: str,
    read: Iterable[str],
    out_of_scope: Iterable[str] = (),
    optional: Iterable[str] = (),
    encoding: Encoding = "utf8",
) -> pl.DataFrame:
    """Read a table as text with ``row``, blanks as null, columns in the case given here; optional columns may be null throughout.

    Line ends may be those of any system. Raises UnexpectedData naming what is odd: bytes, columns, a row's length.
    """
    read, optional = list(read), list(optional)
    header, *rows = _cells(path, name=name, encoding=encoding)
    header = [column.strip() for column in header]
    if doubled := sorted({column for column in header if header.count(column) > 1}):
        raise UnexpectedData(f"Columns twice in {name}: {', '.join(map(repr, doubled))}. Get the file from the publisher again.")
    check_columns(header, read=read, out_of_scope=out_of_scope, optional=optional, file=name)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise UnexpectedData(
                f"{name}, row {number} has {len(row)} cells instead of {len(header)}. Get the file from the publisher again."
            )
    columns = {column: [row[place].strip() or None for row in rows] for place, column in enumerate(header)}
    wanted = {column: columns.get(column, [None] * len(rows)) for column in (*read, *optional)}
    return pl.DataFrame({"row": range(1, len(rows) + 1), **wanted}, schema={"row": pl.Int64, **dict.fromkeys(wanted, pl.String)})


def _cells(path: Path, *, name: str, encoding: Encoding) -> list[list[str]]:
    text = decoded(path.read_bytes(), name=name, encoding=encoding)
    if "\0" in text:
        raise UnexpectedData(f"{name} holds bytes of value 0, so it is damaged. Get the file from the publisher again.")
    csv.field_size_limit(max(csv.field_size_limit(), 1_000_000))
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise UnexpectedData(f"{name} is cut off or no table: {error}. Get the file from the publisher again.") from None
    if not rows:
        raise UnexpectedData(f"{name} is empty. Get the file from the publisher again.")
    return rows


def newest_update(frame: pl.DataFrame) -> date | None:
    """Return the newest day in ``last_update``, which names the release; None where no row has one."""
    newest = frame["last_update"].str.to_date("%Y-%m-%d", strict=False).max()
    return newest if isinstance(newest, date) else None


def states_of(names: Iterable[str | None], *, column: str, file: str, own: dict[str, str | None] | None = None) -> dict[str, str | None]:
    """Return the state of each name; null for one of ``own`` that is none. Raises UnexpectedData for a name nobody knows."""
    known: dict[str, str | None] = {**NAMES, **(own or {})}
    found: dict[str, str | None] = {}
    for name in sorted({name for name in names if name}):
        try:
            found[name] = known[name] if name in known else resolve(name)
        except PlaceError as refusal:
            raise UnexpectedData(f"{column} has a name new to this connector in {file}: {refusal}") from None
    return found
