"""Answer the queries of a brief's record by walking Parquet rows, without the product's store."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]

ABOUT = {"observations": "indicator", "events": "kind", "ties": "channel", "facts": "kind"}


class Shelf:
    """Snapshots on disk. Tables are read once and kept by subject; answers are kept by question."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self._answers: dict[str, list[Row]] = {}

    def answer(self, query: Row) -> list[Row]:
        """Return the rows that a pinned query asks for; raises LookupError when it is not pinned or has no file."""
        name = json.dumps(query, sort_keys=True)
        if name not in self._answers:
            self._answers[name] = self._search(query)
        return self._answers[name]

    def _search(self, query: Row) -> list[Row]:
        subjects, pins = listed(query["subject"]), listed(query["snapshot_id"])
        if not all(pins):
            raise LookupError("a query is not pinned to a snapshot")
        if len(pins) == 1:
            pins = pins * len(subjects)
        found = []
        for subject, snapshot in zip(subjects, pins, strict=True):
            rows = self._table(snapshot, query["table"]).get(subject, [])
            found += [row for row in rows if fits(row, query) and self._was_known(row, query, snapshot=snapshot)]
        return found

    def _table(self, snapshot: str, table: str) -> dict[str, list[Row]]:
        if (snapshot, table) not in self._tables:
            path = self.folder / snapshot / f"{table}.parquet"
            if not path.is_file():
                raise LookupError(f"there is no {snapshot}/{table}.parquet")
            by_subject: dict[str, list[Row]] = {}
            for row in pq.read_table(path).to_pylist():
                by_subject.setdefault(row[ABOUT[table]], []).append(row)
            self._tables[snapshot, table] = by_subject
        return self._tables[snapshot, table]

    def _was_known(self, row: Row, query: Row, *, snapshot: str) -> bool:
        """Tell whether a row was known on the day asked for: its period over, or, a fact of a later release, begun."""
        day = to_date(query.get("as_of"))
        if day is None:
            return True
        if query["table"] != "facts":
            return row["end"] is not None and row["end"] <= day
        record = json.loads((self.folder / snapshot / "snapshot.json").read_text(encoding="utf-8"))
        is_later = date.fromisoformat(record["published"]) > day
        return not is_later or row["start"] is None or row["start"] <= day


def fits(row: Row, query: Row) -> bool:
    """Tell whether a row has the values asked for and its period lies within the one asked for."""
    if any(row[column] not in listed(wanted) for column, wanted in query["where"].items()):
        return False
    start, end = to_date(query["start"]), to_date(query["end"])
    is_late = start is None or (row["start"] is not None and row["start"] >= start)
    is_early = end is None or (row["end"] is not None and row["end"] <= end)
    return is_late and is_early


def listed(wanted: str | list[str]) -> list[str]:
    """Return one or several values as a list."""
    return [wanted] if isinstance(wanted, str) else list(wanted)


def to_date(text: str | None) -> date | None:
    """Return a day written as 2026-11-25; None for none."""
    return date.fromisoformat(text) if text else None
