"""Small stores to read from and write to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from forefend.store import Snapshot, Store
from forefend.store.snapshot import describe_file, snapshot_id
from forefend.store.tables import REJECTED, SUBJECT

Add = Callable[..., Snapshot]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def add(store: Store, tmp_path: Path) -> Add:
    """Write a snapshot into the store, or into another one.

    ``observations`` are (iso3, indicator, year, value), ``facts`` are (iso3, kind, start).
    """

    def write(
        vintage: str,
        published: date,
        *,
        into: Store | None = None,
        source: str = "ucdp",
        rejected: pl.DataFrame | None = None,
        **given: object,
    ) -> Snapshot:
        made: dict[str, Callable[..., pl.DataFrame]] = {"observations": _measured, "facts": _stated}
        tables = {name: made[name](given.pop(name)) for name in made if name in given}
        path = tmp_path / f"{source}-{vintage}.csv"
        path.write_text(f"{source} {vintage}\n")
        files = (describe_file(path),)
        snapshot = Snapshot(
            id=snapshot_id(source=source, vintage=vintage, files=files),
            source=source,
            title=source,
            publisher=source,
            vintage=vintage,
            published=published,
            licence="CC BY 4.0",
            may_ship=True,
            grade="A",
            citation=source,
            address="https://example.org",
            retrieved=datetime(2026, 11, 1, tzinfo=UTC),
            files=files,
            contents={name: sorted(table[SUBJECT[name]].unique()) for name, table in tables.items()},
            rows={name: table.height for name, table in tables.items()},
            **given,
        )
        left = REJECTED.to_frame() if rejected is None else rejected
        (into or store).write(snapshot, files=[path], tables=tables, rejected=left)
        return snapshot

    return write


def _measured(rows: list[tuple[str, str, int, float | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"iso3": iso3, "indicator": name, "start": date(year, 1, 1), "end": date(year, 12, 31), "value": value, "row": n}
            for n, (iso3, name, year, value) in enumerate(rows, start=1)
        ],
        schema_overrides={"value": pl.Float64},
    )


def _stated(rows: list[tuple[str, str, date | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"iso3": iso3, "kind": kind, "key": "k", "status": "yes", "start": start, "row": n}
            for n, (iso3, kind, start) in enumerate(rows, 1)
        ],
        schema_overrides={"start": pl.Date},
    )
