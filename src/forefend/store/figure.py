"""A figure: a number that carries how it was made, so that it can be opened and re-computed.

Nothing below builds a figure's value by hand: ``compute`` runs a named formula over queries and other
figures, pins each query to the snapshot it was answered from, and keeps the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from forefend.errors import NotLoaded
from forefend.store.formulas import run
from forefend.store.query import Query
from forefend.store.snapshot import Snapshot
from forefend.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its provenance, or a reason why there is none.

    ``value`` is None exactly when ``missing`` is set, to a short reason for people: ``not monitored``,
    ``not loaded: fetch <source>``, ``too old``, ``outside coverage``. ``period`` is a year, a month or a
    range as text (2024, 2024-12, 2022–2024). ``low`` and ``high`` bound the value where bounds exist.
    """

    label: str
    unit: str
    value: float | None
    period: str = ""
    low: float | None = None
    high: float | None = None
    formula: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[Query | Figure, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    missing: str = ""
    is_revised: bool = False

    @property
    def id(self) -> str:
        """Name of the number: the same computation on the same snapshots has the same name, for ever."""
        text = json.dumps(
            [self.label, self.formula, dict(self.params), [_input_dict(i, brief=True) for i in self.inputs]], sort_keys=True, default=str
        )
        return "n" + hashlib.sha256(text.encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """Return the whole record in JSON types, inputs included."""
        return {
            "id": self.id,
            "label": self.label,
            "unit": self.unit,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "period": self.period,
            "formula": self.formula,
            "params": dict(self.params),
            "inputs": [_input_dict(entry, brief=False) for entry in self.inputs],
            "snapshots": [snapshot.id for snapshot in self.snapshots],
            "licences": sorted({snapshot.licence for snapshot in self.snapshots}),
            "missing": self.missing,
            "is_revised": self.is_revised,
        }


def compute(
    store: Store,
    *,
    label: str,
    unit: str,
    formula: str,
    inputs: Sequence[Query | Figure],
    params: Mapping[str, Any] | None = None,
    period: str = "",
    as_of: date | None = None,
) -> Figure:
    """Compute a figure. Input that is missing makes the figure missing, with the same reason."""
    frames: list[pl.DataFrame] = []
    pinned: list[Query | Figure] = []
    snapshots: dict[str, Snapshot] = {}
    is_revised = False
    for entry in inputs:
        if isinstance(entry, Figure):
            if entry.value is None:
                return missing_figure(label=label, unit=unit, reason=entry.missing, period=period)
            frames.append(pl.DataFrame({"value": [entry.value]}))
            pinned.append(entry)
            snapshots |= {s.id: s for s in entry.snapshots}
            is_revised = is_revised or entry.is_revised
            continue
        try:
            reading = store.read(entry, as_of=as_of)
        except NotLoaded as refusal:
            return missing_figure(label=label, unit=unit, reason=f"not loaded: fetch {refusal.source}", period=period)
        frames.append(reading.frame)
        pinned.append(replace(entry, snapshot_id=reading.snapshots[0].id))
        snapshots |= {s.id: s for s in reading.snapshots}
        is_revised = is_revised or reading.is_revised
    params = dict(params or {})
    return Figure(
        label=label,
        unit=unit,
        value=run(formula, frames, params),
        period=period,
        formula=formula,
        params=params,
        inputs=tuple(pinned),
        snapshots=tuple(snapshots.values()),
        is_revised=is_revised,
    )


def missing_figure(*, label: str, unit: str, reason: str, period: str = "") -> Figure:
    """Say that there is no number, and why."""
    return Figure(label=label, unit=unit, value=None, missing=reason, period=period)


def recompute(store: Store, figure: Figure) -> float | None:
    """Compute the figure's value again from its pinned inputs alone."""
    if figure.value is None:
        return None
    frames = []
    for entry in figure.inputs:
        if isinstance(entry, Figure):
            frames.append(pl.DataFrame({"value": [recompute(store, entry)]}))
        else:
            frames.append(store.read(entry).frame)
    return run(figure.formula, frames, dict(figure.params))


def _input_dict(entry: Query | Figure, *, brief: bool) -> Any:
    if isinstance(entry, Query):
        return {"query": entry.to_dict()}
    return {"figure": entry.id} if brief else {"figure": entry.to_dict()}
