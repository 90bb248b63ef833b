"""Releases of made events for tests, with the months they sum to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from deaths_release import _write
from forefend.store import Snapshot, Store

LAST = 2020
Event = tuple[str, str | None, int, int]  # iso3, actor, year, deaths


def events_of(rows: Sequence[Event], *, kind: str = "os", month: int = 3) -> pl.DataFrame:
    """Return a table of events."""
    return pl.DataFrame(
        {
            "event_id": [str(number) for number in range(len(rows))],
            "iso3": [iso3 for iso3, _, _, _ in rows],
            "start": [date(year, month, 1) for _, _, year, _ in rows],
            "end": [date(year, month, 2) for _, _, year, _ in rows],
            "kind": [kind] * len(rows),
            "deaths_best": [deaths for _, _, _, deaths in rows],
            "actor_a": [actor for _, actor, _, _ in rows],
            "row": range(1, len(rows) + 1),
        },
        schema_overrides={"actor_a": pl.String},
    )


def load_events(store: Store, folder: Path, events: pl.DataFrame, *, last: int = LAST) -> Snapshot:
    """Write a release of events with the months they sum to, up to December of the last year; no kind of violence is without one."""
    battles = [events_of([("COL", "Army", last, 0)], kind=kind).with_columns(event_id=pl.lit(kind)) for kind in ("sb", "ns")]
    events = pl.concat([events, *battles])
    months = events.group_by("iso3", "kind", start=pl.col("start").dt.truncate("1mo")).agg(
        value=pl.col("deaths_best").sum().cast(pl.Float64)
    )
    kinds = ["os", "sb", "ns"]
    ends = pl.DataFrame({"iso3": ["CHE"] * 3, "kind": kinds, "start": [date(last, 12, 1)] * 3, "value": [0.0] * 3})
    table = pl.concat([months, ends.select(months.columns)]).sort("iso3", "start")
    table = table.with_columns(
        indicator="ucdp_" + pl.col("kind") + "_deaths", end=pl.col("start").dt.month_end(), row=pl.int_range(1, pl.len() + 1)
    )
    file = folder / "events.csv"
    file.write_text(str(events.rows()))
    return _write(
        store, file, {"events": events, "observations": table.drop("kind")}, source="ucdp_ged", vintage="26.1", published=date(2021, 6, 1)
    )
