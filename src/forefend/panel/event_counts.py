"""Events of any number to panels: country and month, country and week, first subnational level and month.

The expressions are the same on every engine; ``tests/equivalence`` holds them equal. A table of events has
``iso3``, ``admin1`` (the publisher's code of the first subnational level) and ``day``, and what its parts ask.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from forefend.errors import StoreError
from forefend.store import Store, observations
from forefend.store.engine import Engine, Parts, Period, open_engine, tally

if TYPE_CHECKING:
    import ibis.expr.types as ir

Place = Literal["country", "admin1"]
KEYS: dict[Place, tuple[str, ...]] = {"country": ("iso3",), "admin1": ("iso3", "admin1")}

# Parts of UCDP's events, by the kind of violence.
VIOLENCE: Parts = {kind: lambda events, kind=kind: events["kind"] == kind for kind in ("sb", "ns", "os")}  # type: ignore[misc]


def country_month(events: ir.Table, *, parts: Parts) -> ir.Table:
    """Return one row per state and month: events, and of each part the events and their share of all."""
    return tally(events, by=KEYS["country"], period="month", parts=parts)


def country_week(events: ir.Table, *, parts: Parts) -> ir.Table:
    """Return one row per state and week, which begins on Monday."""
    return tally(events, by=KEYS["country"], period="week", parts=parts)


def admin1_month(events: ir.Table, *, parts: Parts) -> ir.Table:
    """Return one row per state, first subnational level and month. Events known only to the state are in none."""
    return tally(events, by=KEYS["admin1"], period="month", parts=parts)


def event_panel(
    engine: Engine, paths: Sequence[Path], *, parts: Parts, place: Place = "country", period: Period = "month", day: str = "day"
) -> pl.DataFrame:
    """Count the events of Parquet files on an open engine; raises StoreError when they cannot be read."""
    return engine.collect(tally(engine.read(paths), by=KEYS[place], period=period, day=day, parts=parts))


def reported_events(store: Store, *, place: Place = "admin1", period: Period = "month", as_of: date | None = None) -> pl.DataFrame:
    """Count GDELT's events anew from the stored exports, on the store's engine, as the tables hold states only.

    ``start`` is the first day of the period, of which the release may cover a part. Raises NotLoaded where no
    release is stored, StoreError where its files are no longer kept.
    """
    from forefend.sources.gdelt_events.exports import unpack
    from forefend.sources.gdelt_events.source import PARTS, countable, exports_among

    pinned = store.pin(observations("gdelt_events"), as_of=as_of)
    snapshot = store.snapshot(str(pinned.snapshot_id))
    files = exports_among({path.name: path for path in (store.folder(snapshot) / "files").glob("*")})
    if not files:
        raise StoreError(f"The exports of {snapshot.id} are no longer kept. Fetch their days again: forefend sources fetch gdelt_events")
    with tempfile.TemporaryDirectory(prefix="forefend-") as folder, open_engine(store.engine) as engine:
        events = countable(engine.read(unpack(files, folder=Path(folder))))
        return engine.collect(tally(events, by=KEYS[place], period=period, parts=PARTS))
