"""The sources page: what each source is, and what of it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forefend.sources.contract import Metadata
from forefend.sources.registry import sources
from forefend.store import Snapshot, Store


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One source and the newest snapshot of it, if any is loaded."""

    metadata: Metadata
    snapshot: Snapshot | None
    newest: date | None
    months_old: int | None
    snapshots: int

    @property
    def rows(self) -> int:
        """How many rows of the newest snapshot are used."""
        return sum(self.snapshot.rows.values()) if self.snapshot else 0


def holdings(store: Store, *, today: date) -> list[Holding]:
    """Return every registered source in the order of titles, those with data first."""
    found = [_holding(store, source.metadata, today=today) for source in sources().values()]
    return sorted(found, key=lambda h: (h.snapshot is None, h.metadata.title))


def _holding(store: Store, metadata: Metadata, *, today: date) -> Holding:
    own = [s for s in store.snapshots if s.source == metadata.id]
    newest = store.newest_period(own[-1]) if own else None
    months = None if newest is None else max(0, 12 * (today.year - newest.year) + today.month - newest.month)
    return Holding(metadata=metadata, snapshot=own[-1] if own else None, newest=newest, months_old=months, snapshots=len(own))
