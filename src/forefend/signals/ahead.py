"""Dated statements of the register that lie ahead, and in which month they come within reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from forefend.errors import NotLoaded
from forefend.panel.deaths import months_before
from forefend.panel.facts import Standing
from forefend.signals.seen import FIRST, Seen
from forefend.store import Query

DAYS_AHEAD_MONTHS = 3  # about 90 days


def statements_known(seen: Seen, kind: str) -> tuple[Standing, ...]:
    """Return the statements of a kind that were known on the day, oldest first; none where it is not loaded."""
    try:
        frame = seen.store.read(Query(table="facts", subject=kind), as_of=seen.as_of).frame
    except NotLoaded:
        return ()
    texts = ("iso3", "kind", "key", "status", "date_text", "checked", "cited", "note")
    found = [
        Standing(
            **{name: str(row[name] or "") for name in texts},
            start=row["start"],
            end=row["end"],
            row=int(row["row"] or 0),
            snapshot=seen.store.snapshot(str(row["snapshot_id"])),
        )
        for row in frame.iter_rows(named=True)
    ]
    return tuple(sorted(found, key=lambda s: (s.start or s.end or date.max, s.iso3, s.key)))


def within_reach(seen: Seen, day: date | None) -> Iterator[date]:
    """Yield the month in which a day comes within 90 days, where that month has begun and the day was then ahead."""
    if day is None:
        return
    month = months_before(day, DAYS_AHEAD_MONTHS)
    if FIRST <= month <= seen.as_of.replace(day=1):
        yield month
