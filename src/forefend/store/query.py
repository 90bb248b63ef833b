"""A question to the store, as data: it can be asked again, written into a brief, and run on any engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from forefend.store.snapshot import Snapshot
from forefend.store.tables import SCHEMAS, SUBJECT, TableName

Wanted = str | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Query:
    """Rows of one table about one subject, or several.

    ``subject`` is the indicator, channel, event kind or fact kind. ``where`` narrows by equality on other
    text columns (several values: any of them). ``start`` and ``end`` (both included) bound the period:
    a row is kept when its own period lies within; a row without that date is not. ``as_of`` leaves out what
    was not known on that day. ``snapshot_id`` pins the snapshot, one for all subjects or one for each in
    their order; left empty, the newest known on the day asked for is taken.
    """

    table: TableName
    subject: Wanted
    where: tuple[tuple[str, Wanted], ...] = ()
    start: date | None = None
    end: date | None = None
    snapshot_id: Wanted = ""
    as_of: date | None = None

    def __post_init__(self) -> None:
        """Refuse a column the table does not have: a mistake in code, not in data."""
        unknown = [column for column, _ in self.where if column not in SCHEMAS[self.table]]
        if unknown:
            raise ValueError(f"table {self.table} has no column {unknown[0]}")
        if isinstance(self.snapshot_id, tuple) and len(self.snapshot_id) != len(self.subjects):
            raise ValueError("give one snapshot for all subjects, or one for each")

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects, each once, in the order asked."""
        return (self.subject,) if isinstance(self.subject, str) else tuple(dict.fromkeys(self.subject))

    def condition(self) -> pl.Expr:
        """Return the query as one Polars condition, snapshot and day aside."""
        terms = [_equals(SUBJECT[self.table], self.subject)]
        terms += [_equals(column, wanted) for column, wanted in self.where]
        if self.start is not None:
            terms.append(pl.col("start") >= self.start)
        if self.end is not None:
            terms.append(pl.col("end") <= self.end)
        return pl.all_horizontal(terms)

    def to_dict(self) -> dict[str, Any]:
        """Return the query in JSON types."""
        return {
            "table": self.table,
            "subject": _plain(self.subject),
            "where": {column: _plain(wanted) for column, wanted in self.where},
            "start": self.start and self.start.isoformat(),
            "end": self.end and self.end.isoformat(),
            "snapshot_id": _plain(self.snapshot_id),
            "as_of": self.as_of and self.as_of.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Query:
        """Read a query written by ``to_dict``."""
        return cls(
            table=data["table"],
            subject=_frozen(data["subject"]),
            where=tuple((column, _frozen(wanted)) for column, wanted in data["where"].items()),
            start=date.fromisoformat(data["start"]) if data["start"] else None,
            end=date.fromisoformat(data["end"]) if data["end"] else None,
            snapshot_id=_frozen(data["snapshot_id"]),
            as_of=date.fromisoformat(data["as_of"]) if data.get("as_of") else None,
        )


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a query found: the rows, where they come from, and whether they were known then.

    ``is_revised`` is true when the rows come from a release published after the date asked for, so their
    values may have been revised since: say "revised values" wherever they are shown.
    """

    frame: pl.DataFrame
    snapshots: tuple[Snapshot, ...]
    is_revised: bool


def observations(indicator: Wanted, *, iso3: Wanted | None = None, start: date | None = None, end: date | None = None) -> Query:
    """Ask for observations of an indicator, of all states unless ``iso3`` is given."""
    return Query(table="observations", subject=indicator, where=() if iso3 is None else (("iso3", iso3),), start=start, end=end)


def _equals(column: str, wanted: Wanted) -> pl.Expr:
    return pl.col(column) == wanted if isinstance(wanted, str) else pl.col(column).is_in(list(wanted))


def _plain(wanted: Wanted) -> str | list[str]:
    return wanted if isinstance(wanted, str) else list(wanted)


def _frozen(wanted: str | Sequence[str]) -> Wanted:
    return wanted if isinstance(wanted, str) else tuple(wanted)
