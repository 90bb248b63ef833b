"""Publishers' JSON: a file's content, and a list of flat records as a table of text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import UnexpectedData


def load(path: Path, *, name: str) -> Any:
    """Return what a JSON file holds; raises UnexpectedData for a file that is not whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnexpectedData(f"{name} is not a whole JSON file. Fetch it again.") from None


def answer(path: Path, *, name: str, fields: Sequence[str]) -> dict[str, Any]:
    """Return an interface's answer, an object with these fields; raises UnexpectedData naming the one that is missing."""
    content = load(path, name=name)
    if not isinstance(content, dict):
        raise UnexpectedData(f"{name} is not an answer of this interface: it is no object. Fetch it again.")
    if missing := [field for field in fields if field not in content]:
        raise UnexpectedData(f"{name} is not an answer of this interface: {', '.join(missing)} is missing. Fetch it again.")
    return content


def page(path: Path, *, name: str, rows: str, total: str) -> tuple[list[Any], int]:
    """Return the rows of one page of an answer, and of how many rows it is a page; raises UnexpectedData where it says neither."""
    content = answer(path, name=name, fields=(rows, total))
    found, count = content[rows], content[total]
    if not isinstance(found, list) or not isinstance(count, int) or isinstance(count, bool):
        raise UnexpectedData(f"{name} is not an answer of this interface: {rows} is no list, or {total} no whole number. Fetch it again.")
    return found, count


def framed_records(records: object, *, name: str) -> pl.DataFrame:
    """Turn a list of records into a table of text with ``row``, a column for every field that any of them has.

    Raises UnexpectedData for what is no list of records. Lists inside a record are kept as JSON text.
    """
    if not isinstance(records, list):
        raise UnexpectedData(f"{name} holds no list of records. Fetch it again.")
    fields: dict[str, None] = {}
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise UnexpectedData(f"{name}, record {number} is not a record of fields. Fetch it again.")
        fields.update(dict.fromkeys(record))
    if "row" in fields:
        raise UnexpectedData(f"Unread columns in {name}: row. The publisher's layout has changed; the connector must be updated.")
    columns = {field: pl.Series([_text(record.get(field)) for record in records], dtype=pl.String) for field in fields}
    return pl.DataFrame({"row": pl.Series(range(1, len(records) + 1), dtype=pl.Int64), **columns})


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list, bool)) else str(value)
