"""Events of any number to panels: country and month, country and week, first subnational level and month.

The expressions are the same on every engine; ``tests/equivalence`` holds them equal. A table of events has
``iso3``, ``admin1`` (the publisher's code of the first subnational level) and ``day``, and what its parts ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from forefend.store.engine import Engine, Parts, Period, tally

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
