"""Releases of monthly deaths for tests: a few made rows, or the publisher's real counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from forefend.store import Snapshot, Store
from forefend.store.snapshot import describe_file, snapshot_id
from forefend.store.tables import REJECTED, SUBJECT, TableName

Row = tuple[str, str, str, float]


def write_release(store: Store, file: Path, rows: Sequence[Row], *, vintage: str = "26.1", published: date = date(2026, 6, 10)) -> Snapshot:
    """Write made deaths; rows are (iso3, kind, month as 2020-01, deaths)."""
    file.write_text(f"{vintage} {rows}\n")
    table = pl.DataFrame(
        {
            "iso3": [iso3 for iso3, _, _, _ in rows],
            "indicator": [f"ucdp_{kind}_deaths" for _, kind, _, _ in rows],
            "start": [date.fromisoformat(f"{month}-01") for _, _, month, _ in rows],
            "value": [float(deaths) for _, _, _, deaths in rows],
            "row": range(1, len(rows) + 1),
        }
    ).with_columns(end=pl.col("start").dt.month_end())
    return _write(store, file, {"observations": table}, source="made", vintage=vintage, published=published)


def write_real(store: Store, data: Path) -> Snapshot:
    """Write UCDP's real counts, read by the project's own reader."""
    from forefend.sources.registry import find_source

    file = data / "ucdp" / "country-month.csv.gz"
    tables = find_source("ucdp_country_month").read({file.name: file}).tables
    return _write(store, file, tables, source="ucdp_country_month", vintage="26.1", published=date(2026, 6, 10))


def write_events(store: Store, data: Path) -> Snapshot:
    """Write a sample of UCDP's real events, read by the project's own reader."""
    from forefend.sources.registry import find_source

    file = data / "ucdp" / "format_samples" / "ged191_sample.zip"
    tables = find_source("ucdp_ged").read({file.name: file}).tables
    return _write(store, file, tables, source="ucdp_ged", vintage="19.1", published=date(2019, 6, 1))


def _write(store: Store, file: Path, tables: Mapping[TableName, pl.DataFrame], *, source: str, vintage: str, published: date) -> Snapshot:
    files = (describe_file(file),)
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
        contents={name: sorted(set(table[SUBJECT[name]])) for name, table in tables.items()},
        rows={name: table.height for name, table in tables.items()},
    )
    store.write(snapshot, files=[file], tables=tables, rejected=REJECTED.to_frame())
    return snapshot
