"""A figure taken apart: each input with its rows, and the value computed once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forefend.errors import StoreError
from forefend.store.figure import Asked, Figure, read, recompute
from forefend.store.formulas import sentence_of
from forefend.store.issued import SAID, IssuedRows, record_of
from forefend.store.snapshot import Snapshot
from forefend.store.store import Store

ROWS_SHOWN = 60
HIDDEN = ("snapshot_id",)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows a query found, or those of an issued forecast, the first of them shown; ``issue`` is what its record says."""

    query: Asked
    snapshots: tuple[Snapshot, ...]
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    total: int
    refusal: str = ""
    issue: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What was asked for."""
        return f"{self.query.issue}/{self.query.file}" if isinstance(self.query, IssuedRows) else ", ".join(self.query.subjects)

    @property
    def table(self) -> str:
        """Where the rows are."""
        return "issued forecast" if isinstance(self.query, IssuedRows) else self.query.table

    @property
    def narrowed(self) -> str:
        """By what the rows were narrowed."""
        return "; ".join(f"{column} = {wanted if isinstance(wanted, str) else ', '.join(wanted)}" for column, wanted in self.query.where)

    @property
    def period(self) -> str:
        """The bounds of the period asked for."""
        if isinstance(self.query, IssuedRows):
            return ""
        first, last = (day.isoformat() if day else "" for day in (self.query.start, self.query.end))
        return f"{first} – {last}" if first or last else ""

    @property
    def n_hidden(self) -> int:
        """How many rows are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A figure with its inputs: rows, and further figures."""

    figure: Figure
    rows: tuple[Rows, ...]
    parts: tuple[Figure, ...]
    again: float | None
    refusal: str

    @property
    def is_same(self) -> bool:
        """Whether computing it again gave the same value."""
        return self.again == self.figure.value

    @property
    def sentence(self) -> str:
        """What the formula does, in words."""
        return sentence_of(self.figure.formula)

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """Parameters of the formula as text."""
        return tuple((name, _short(value)) for name, value in self.figure.params.items())


def opened(store: Store, figure: Figure, *, rows_shown: int = ROWS_SHOWN) -> Opened:
    """Take a figure apart and compute it once more from its pinned inputs."""
    refusal, again = "", None
    try:
        again = recompute(store, figure)
    except StoreError as error:
        refusal = str(error)
    return Opened(
        figure=figure,
        rows=tuple(_rows(store, entry, rows_shown=rows_shown) for entry in figure.inputs if not isinstance(entry, Figure)),
        parts=tuple(entry for entry in figure.inputs if isinstance(entry, Figure)),
        again=again,
        refusal=refusal,
    )


def _rows(store: Store, query: Asked, *, rows_shown: int) -> Rows:
    try:
        reading = read(store, query)
    except StoreError as error:
        return Rows(query=query, snapshots=(), columns=(), rows=(), total=0, refusal=str(error))
    frame = reading.frame
    columns = tuple(name for name in frame.columns if name not in HIDDEN and frame[name].null_count() < frame.height)
    shown = frame.select(columns).head(rows_shown)
    cells = [["" if cell is None else _cell(cell) for cell in row] for row in shown.iter_rows()]
    issue = _issue(store, query) if isinstance(query, IssuedRows) else {}
    return Rows(query=query, snapshots=reading.snapshots, columns=columns, rows=cells, total=frame.height, issue=issue)


def _issue(store: Store, rows: IssuedRows) -> dict[str, str]:
    record = record_of(store, rows.issue)
    return {name: str(record[name]) for name in SAID} | {f"sha256 {rows.file}": rows.sha256}


def _cell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]} …"
