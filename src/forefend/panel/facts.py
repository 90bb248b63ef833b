"""A dated statement about a state, as its source makes it: read from the store, with its snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from forefend.store import Query, Snapshot, Store

CONFIRMED = "confirmed from a stored page"
PROJECTED = "projected by rule"
UNVERIFIED = " (unverified)"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One dated statement about a state, as its source makes it.

    ``iso3`` is empty where the statement is about no state (a session). ``start`` and ``end`` are the first
    and last day that ``date_text`` may mean; without ``end`` it goes on. ``checked`` is empty where the
    publisher's own table is the source.
    """

    iso3: str
    kind: str
    key: str
    status: str
    start: date | None
    end: date | None
    date_text: str
    checked: str
    cited: str
    note: str
    row: int
    snapshot: Snapshot

    @property
    def is_unverified(self) -> bool:
        """Whether the source marks the statement as waiting for comparison with the official list."""
        return self.status.endswith(UNVERIFIED)

    @property
    def plain_status(self) -> str:
        """The status without its mark."""
        return self.status.removesuffix(UNVERIFIED)

    @property
    def is_confirmed(self) -> bool:
        """Whether it was read in its source, and not only remembered or projected."""
        return self.checked in ("", CONFIRMED) and not self.is_unverified

    @property
    def is_projected(self) -> bool:
        """Whether the date follows a rule or a pattern and must be replaced by the published one."""
        return self.checked == PROJECTED or "timetable pattern" in self.note

    def stands(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or self.end >= on)

    def touches(self, start: date, end: date) -> bool:
        """Whether its dates meet a period; a statement without a date meets none."""
        first, last = self.start or self.end, self.end or self.start
        return first is not None and last is not None and first <= end and last >= start


def read_each(store: Store, kind: str, *, iso3: str) -> tuple[Standing, ...]:
    """Return what every stored release says about a state, oldest release first; none is preferred."""
    query = Query(table="facts", subject=kind, where=(("iso3", iso3),))
    return tuple(s for reading in store.read_each(query) for s in _standings(store, reading.frame.iter_rows(named=True)))


def statements(store: Store, kind: str, *, iso3: str | None = None, key: str | None = None) -> tuple[Standing, ...]:
    """Return the statements of one kind in its newest release; raises NotLoaded where there is none."""
    where = tuple((column, value) for column, value in (("iso3", iso3), ("key", key)) if value is not None)
    frame = store.read(Query(table="facts", subject=kind, where=where)).frame
    return _standings(store, frame.iter_rows(named=True))


def _standings(store: Store, rows: Iterable[dict[str, object]]) -> tuple[Standing, ...]:
    texts = ("iso3", "kind", "key", "status", "date_text", "checked", "cited", "note")
    return tuple(
        Standing(
            **{name: str(row[name] or "") for name in texts},
            start=row["start"] if isinstance(row["start"], date) else None,
            end=row["end"] if isinstance(row["end"], date) else None,
            row=int(str(row["row"] or 0)),
            snapshot=store.snapshot(str(row["snapshot_id"])),
        )
        for row in rows
    )
