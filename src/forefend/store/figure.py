"""A figure: a number that carries how it was made, so that it can be opened and re-computed.

Nothing below builds a figure's value by hand: ``compute`` runs a named formula over queries and other
figures, pins each query to the snapshot it was answered from, and keeps the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from forefend.errors import NotLoaded, StoreError
from forefend.store.formulas import NothingToCompute, run
from forefend.store.issued import IssuedRows, read_issued
from forefend.store.query import Query, Reading
from forefend.store.snapshot import Snapshot
from forefend.store.store import Store

Asked = Query | IssuedRows


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
    inputs: tuple[Asked | Figure, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    missing: str = ""
    is_revised: bool = False

    @cached_property  # figures never change, and one is named wherever it is shown
    def id(self) -> str:
        """Name of the number: the same computation on the same snapshots has the same name, for ever."""
        record = [self.label, self.formula, dict(self.params), [_input_dict(i, brief=True) for i in self.inputs]]
        if self.missing:
            record.append(self.missing)
        return "n" + hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()[:12]

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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, store: Store) -> Figure:
        """Read a record written by ``to_dict``; raises StoreError when the store lacks one of its snapshots."""
        plain = {
            name: data[name] for name in ("label", "unit", "value", "low", "high", "period", "formula", "params", "missing", "is_revised")
        }
        inputs = tuple(cls.from_dict(e["figure"], store=store) if "figure" in e else _asked(e) for e in data["inputs"])
        return cls(**plain, inputs=inputs, snapshots=tuple(store.snapshot(identifier) for identifier in data["snapshots"]))


def compute(
    store: Store,
    *,
    label: str,
    unit: str,
    formula: str,
    inputs: Sequence[Asked | Figure],
    params: Mapping[str, Any] | None = None,
    period: str = "",
    as_of: date | None = None,
) -> Figure:
    """Compute a figure. Input that is missing makes the figure missing, with the same reason.

    Rows that are not there make it missing as "not monitored", except for formulas that count a period
    without a row as 0.
    """
    gathered = _Gathered()
    for entry in inputs:
        reason = gathered.add(store, entry, as_of=as_of)
        if reason:
            return missing_figure(label=label, unit=unit, reason=reason, period=period, formula=formula, inputs=inputs, params=params)
    plain = dict(params or {})
    try:
        value = run(formula, gathered.frames, plain)
    except NothingToCompute as nothing:
        return missing_figure(
            label=label, unit=unit, reason=str(nothing), period=period, formula=formula, inputs=gathered.inputs, params=params
        )
    return Figure(
        label=label,
        unit=unit,
        value=value,
        period=period,
        formula=formula,
        params=plain,
        inputs=tuple(gathered.inputs),
        snapshots=tuple(gathered.snapshots.values()),
        is_revised=gathered.is_revised,
    )


@dataclass(kw_only=True)
class _Gathered:
    """A computation's inputs as they are brought together."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    inputs: list[Asked | Figure] = field(default_factory=list)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    is_revised: bool = False

    def add(self, store: Store, entry: Asked | Figure, *, as_of: date | None) -> str:
        """Bring in one input; returns the reason when there is nothing to bring."""
        if isinstance(entry, Figure):
            if entry.value is None:
                return entry.missing
            self._take(entry, _one_row(entry.value), entry.snapshots, is_revised=entry.is_revised)
            return ""
        try:
            pinned = entry if isinstance(entry, IssuedRows) else store.pin(entry, as_of=as_of)
        except NotLoaded as refusal:
            return f"not loaded: fetch {refusal.source}"
        reading = read(store, pinned)
        self._take(pinned, reading.frame, reading.snapshots, is_revised=reading.is_revised)
        return ""

    def _take(self, entry: Asked | Figure, frame: pl.DataFrame, snapshots: Sequence[Snapshot], *, is_revised: bool) -> None:
        self.inputs.append(entry)
        self.frames.append(frame)
        self.snapshots |= {snapshot.id: snapshot for snapshot in snapshots}
        self.is_revised = self.is_revised or is_revised


def missing_figure(
    *,
    label: str,
    unit: str,
    reason: str,
    period: str = "",
    formula: str = "",
    inputs: Sequence[Asked | Figure] = (),
    params: Mapping[str, Any] | None = None,
) -> Figure:
    """Say that there is no number, and why; formula and inputs tell what was asked."""
    return Figure(
        label=label, unit=unit, value=None, missing=reason, period=period, formula=formula, inputs=tuple(inputs), params=dict(params or {})
    )


def recompute(store: Store, figure: Figure) -> float | None:
    """Compute the figure's value again from its pinned inputs alone."""
    if figure.value is None:
        return None
    frames = []
    for entry in figure.inputs:
        if isinstance(entry, Figure):
            value = recompute(store, entry)
            if value is None:
                raise StoreError(f"{figure.label} rests on {entry.label}, which has no value. The record was altered.")
            frames.append(_one_row(value))
        else:
            frames.append(read(store, entry).frame)
    return run(figure.formula, frames, dict(figure.params))


def read(store: Store, entry: Asked) -> Reading:
    """Answer an input: a query to the snapshots, or rows of an issued forecast."""
    return read_issued(store, entry) if isinstance(entry, IssuedRows) else store.read(entry)


def _asked(entry: Mapping[str, Any]) -> Asked:
    return Query.from_dict(entry["query"]) if "query" in entry else IssuedRows.from_dict(entry["issued"])


@lru_cache(maxsize=1024)  # frames never change, and most levels and shares are the same few numbers
def _one_row(value: float) -> pl.DataFrame:
    return pl.DataFrame({"value": [value]}, schema={"value": pl.Float64})


def _input_dict(entry: Asked | Figure, *, brief: bool) -> Any:
    if isinstance(entry, Query):
        return {"query": entry.to_dict()}
    if isinstance(entry, IssuedRows):
        return {"issued": entry.to_dict()}
    return {"figure": entry.id} if brief else {"figure": entry.to_dict()}
