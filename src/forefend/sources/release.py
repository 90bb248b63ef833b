"""Judges a release before it is stored: what it is called, when it came out, whether it is whole, whether it is newer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from forefend.errors import SourceError, UnexpectedData
from forefend.sources.contract import Expectations, Metadata, Parsed
from forefend.store import Snapshot, SnapshotFile
from forefend.store.snapshot import snapshot_id
from forefend.store.tables import SUBJECT

STATE_COLUMNS = ("iso3", "from_iso3", "to_iso3")
LONGEST_NAME = 60
MIRROR = "Read from a copy that the publisher did not make."
DAY_NOT_KNOWN = "Day of publication not known; counted as known from the day it was loaded."


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What is said of a release from outside its files.

    ``fallback_vintage`` names a release that nobody names; ``modified`` is the day the server says the file
    last changed. Both count only where neither the files nor a person say better.
    """

    today: date
    vintage: str | None = None
    published: date | None = None
    retrieved: datetime | None = None
    fallback_vintage: str = ""
    modified: date | None = None
    is_mirror: bool = False


def describe(metadata: Metadata, parsed: Parsed, *, files: tuple[SnapshotFile, ...], claims: Claims) -> Snapshot:
    """Return the snapshot's record; refuses a release whose name is unknown or contradicts the file."""
    vintage = _name(metadata, parsed, claims)
    day = parsed.published or claims.published or metadata.releases.get(vintage) or claims.modified
    if day is not None and day > claims.today:
        raise SourceError(f"Release {vintage} is said to be published on {day.isoformat()}, which is in the future. Correct --published.")
    tables = {name: table for name, table in parsed.tables.items() if table.height}
    return Snapshot(
        id=snapshot_id(source=metadata.id, vintage=vintage, files=files),
        source=metadata.id,
        title=metadata.title,
        publisher=metadata.publisher,
        vintage=vintage,
        published=day or claims.today,
        licence=metadata.licence,
        may_ship=metadata.may_ship,
        grade=metadata.grade,
        citation=metadata.citation,
        address=metadata.address,
        retrieved=claims.retrieved or datetime.now(UTC).replace(microsecond=0),
        files=files,
        contents={name: sorted(table[SUBJECT[name]].unique().to_list()) for name, table in tables.items()},
        rows={name: table.height for name, table in tables.items()},
        rejected=parsed.rejected.height,
        priority=metadata.priority,
        format_basis=metadata.format_basis,
        notes=(*parsed.notes, *(() if day else (DAY_NOT_KNOWN,)), *((MIRROR,) if claims.is_mirror else ())),
    )


def check_whole(snapshot: Snapshot, parsed: Parsed, *, expect: Expectations) -> None:
    """Refuse a release that holds less, or worse, than ``source.yaml`` expects of a whole one."""
    label, rows = f"{snapshot.source} {snapshot.vintage}", sum(snapshot.rows.values())
    read = rows + parsed.rejected.height
    if parsed.rejected.height > expect.rejected_share_at_most * read:
        first = parsed.rejected.row(0, named=True)
        raise UnexpectedData(
            f"{label}: {parsed.rejected.height} of {read} rows cannot be used, the first in row {first['row']} ({first['reason']}). "
            "The file is not what this source publishes."
        )
    if rows < expect.rows_at_least:
        raise UnexpectedData(f"{label} holds {rows} rows, fewer than the {expect.rows_at_least} of a whole release. Get it again.")
    states = len(_states(parsed.tables.values()))
    if states < expect.states_at_least:
        raise UnexpectedData(f"{label} holds {states} states, fewer than the {expect.states_at_least} of a whole release. Get it again.")


def check_successor(snapshot: Snapshot, *, stored: Iterable[Snapshot], expect: Expectations, allow_older: bool) -> None:
    """Refuse a release older, or much smaller, than the newest one stored of the same source."""
    own = [s for s in stored if s.source == snapshot.source]
    if not own:
        return
    newest = max(own, key=lambda s: (_numbers(s.vintage), s.published))
    if allow_older:
        _check_history(snapshot, newest)
        return
    if _is_older(snapshot, newest):
        raise SourceError(
            f"{snapshot.source} {snapshot.vintage} is older than {newest.vintage}, which is stored. "
            "Add --as-history to keep it for reading as of a day."
        )
    before, now = sum(newest.rows.values()), sum(snapshot.rows.values())
    if not newest.is_embedded and now < before * (1 - expect.shrink_share_at_most):
        raise UnexpectedData(
            f"{snapshot.source} {snapshot.vintage} holds {now} rows, but {newest.vintage}, which is stored, holds {before}. "
            "Get it again; if the publisher has cut the data set, add --as-history."
        )


def _check_history(snapshot: Snapshot, newest: Snapshot) -> None:
    """An older release must carry its own day, or it would pass for the newest."""
    if DAY_NOT_KNOWN in snapshot.notes and _is_older(snapshot, newest):
        raise SourceError(f"{snapshot.source} {snapshot.vintage} is kept by its day of publication. Give that day with --published.")


def _name(metadata: Metadata, parsed: Parsed, claims: Claims) -> str:
    if claims.vintage and parsed.vintage and claims.vintage != parsed.vintage:
        raise SourceError(f"The file says it is {parsed.vintage}, not {claims.vintage}. Leave the vintage out, or give the right file.")
    vintage = parsed.vintage or claims.vintage or claims.fallback_vintage
    if claims.vintage and not (claims.vintage.isprintable() and len(claims.vintage) <= LONGEST_NAME):
        raise SourceError(f"{claims.vintage[:LONGEST_NAME]!r} is not the name of a release. Give up to {LONGEST_NAME} letters and digits.")
    if not vintage.strip():
        raise SourceError(f"{metadata.id} does not write the release's name into its files. Give it with --vintage.")
    return vintage


def _is_older(snapshot: Snapshot, newest: Snapshot) -> bool:
    """By the numbers in the names where both are named alike (25.1 and 26.1, v14 and v15), else by day."""
    if re.sub(r"\d+", "0", snapshot.vintage) == re.sub(r"\d+", "0", newest.vintage):
        return _numbers(snapshot.vintage) < _numbers(newest.vintage)
    return snapshot.published < newest.published


def _numbers(vintage: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", vintage))


def _states(tables: Iterable[pl.DataFrame]) -> set[str]:
    columns = [table[name] for table in tables for name in STATE_COLUMNS if name in table.columns]
    return {code for column in columns for code in column.unique().to_list() if code}
