"""Rows of an issued forecast as the input of a figure: named by issue, file and digest, so that they cannot differ later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import StoreError
from forefend.store.query import Reading
from forefend.store.store import Store

LEDGER, RECORD, FORECASTS = "ledger", "record.json", "forecasts.parquet"
SAID = ("id", "number", "target", "model", "origin", "as_of", "issued_at", "code_version", "seed")
FRAMES_KEPT = 24


@dataclass(frozen=True, kw_only=True)
class IssuedRows:
    """Rows of one file of an issue, those whose columns read as the texts of ``where``; ``column`` is taken as their value."""

    issue: str
    sha256: str
    column: str
    file: str = FORECASTS
    where: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it in JSON types."""
        return {"issue": self.issue, "file": self.file, "sha256": self.sha256, "column": self.column, "where": dict(self.where)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> IssuedRows:
        """Read what ``to_dict`` wrote."""
        plain = {name: str(data[name]) for name in ("issue", "file", "sha256", "column")}
        return cls(**plain, where=tuple((str(name), str(value)) for name, value in data["where"].items()))


def read_issued(store: Store, rows: IssuedRows) -> Reading:
    """Return the rows with the column ``value``, and the data the forecast was made from.

    Raises StoreError where the file is missing or is not the one that was issued.
    """
    path = store.root / LEDGER / rows.issue / rows.file
    frame = issued_frame(path, rows.sha256)
    missing = [name for name in (rows.column, *(name for name, _ in rows.where)) if name not in frame.columns]
    if missing:
        raise StoreError(f"{path} has no column {missing[0]}.")
    for name, wanted in rows.where:
        frame = frame.filter(pl.col(name).cast(pl.String) == wanted)
    known = {snapshot.id: snapshot for snapshot in store.snapshots}
    snapshots = [known[identifier] for identifier in record_of(store, rows.issue)["snapshots"] if identifier in known]
    return Reading(
        frame=frame.with_columns(value=pl.col(rows.column).cast(pl.Float64)),
        snapshots=tuple(snapshots),
        is_revised=any(str(snapshot.published) > record_of(store, rows.issue)["as_of"] for snapshot in snapshots),
    )


def record_of(store: Store, issue: str) -> dict[str, Any]:
    """Return the record of an issue as it is written; raises StoreError."""
    return _record(store.root / LEDGER / issue / RECORD)


@lru_cache(maxsize=FRAMES_KEPT)
def issued_frame(path: Path, sha256: str) -> pl.DataFrame:
    """Read a file of an issue, which never changes; raises StoreError where it is not as issued."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}. Restore it from a backup.") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError(f"{path} was changed after it was issued. Restore it from a backup.")
    return pl.read_parquet(BytesIO(content))


@lru_cache(maxsize=FRAMES_KEPT)
def _record(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise StoreError(f"{path} is not the record of an issued forecast. Restore it from a backup.") from None
    return found
