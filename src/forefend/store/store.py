"""The analytical store: immutable snapshots on disk and tidy tables read as of a date.

Layout of a store folder::

    store.json                    format version
    lock                          held by the one process that writes
    snapshots/<snapshot id>/      snapshot.json, files/<publisher's files>, <table>.parquet, rejected.parquet
    incoming/                     a snapshot being written; never read
    incoming-downloads/           downloads not yet complete, so that they can be resumed

A snapshot is written aside and then renamed into place, so a reader sees all of it or nothing, and a
crash, a full disk or Ctrl-C leaves the store as it was. The embedded starter has the same layout without
the publishers' files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import RLock

import polars as pl
from filelock import FileLock

from forefend.errors import NotLoaded, StoreError
from forefend.store.cache import RowCache
from forefend.store.query import Query, Reading
from forefend.store.shelf import Shelf, damaged, read_shelf
from forefend.store.snapshot import Snapshot
from forefend.store.tables import SCHEMAS, SUBJECT, TableName
from forefend.store.writing import check_format, locked, write_snapshot, write_tables

__all__ = ["Store", "write_tables"]

# Rows kept in memory, by subject and by query: about 100 MB at most.
SUBJECT_ROWS = 2_000_000
ANSWER_ROWS = 200_000


def _no_providers() -> Mapping[str, str]:
    return {}


class Store:
    """An open store. Reading takes no lock and may happen in many threads; writing takes the folder's one lock.

    ``embedded`` is a second, read-only folder (the starter) whose snapshots stand beside the user's own.
    ``providers`` tells which source gives a subject, for the refusal that names what to fetch.
    ``engine`` names what counts event-size data; rows are looked up by Polars whatever it is.
    An open store keeps showing the snapshots it saw first, until it writes or ``refresh`` is called.
    """

    def __init__(
        self,
        root: Path,
        *,
        embedded: Path | None = None,
        providers: Callable[[], Mapping[str, str]] = _no_providers,
        engine: str = "duckdb",
    ) -> None:
        self.root = root
        self.engine = engine
        self.embedded = embedded
        self._providers = providers
        self._guard = RLock()
        self._shelf: Shelf | None = None
        self._subjects = RowCache(rows_at_most=SUBJECT_ROWS)
        self._answers = RowCache(rows_at_most=ANSWER_ROWS)
        self._states: dict[str, frozenset[str]] = {}  # snapshots never change
        check_format(root)

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """Every snapshot, oldest publication first; among equals the one that wins stands last."""
        return self._open_shelf().snapshots

    @property
    def version(self) -> str:
        """A digest that changes whenever the store's contents do."""
        return self._open_shelf().version

    def refresh(self) -> bool:
        """Look again at what is stored, as another process may have written; true when it has changed."""
        with self._guard:
            if self._shelf is None or self._shelf.stamps == self._stamps():
                return False
            before = self._shelf.version
            self._forget()
            return self.version != before

    def holding(self, table: TableName, subject: str) -> tuple[Snapshot, ...]:
        """Return the snapshots that hold a subject, newest last."""
        return self._open_shelf().holding.get((table, subject), ())

    def snapshot(self, identifier: str) -> Snapshot:
        """Return one snapshot by id; raises StoreError when there is none."""
        try:
            return self._open_shelf().by_id[identifier]
        except KeyError:
            raise StoreError(f"The store has no snapshot {identifier}. List them with: forefend sources status") from None

    def pin(self, query: Query, *, as_of: date | None = None) -> Query:
        """Fix which snapshot answers each subject, so that the query is answered the same for ever.

        The newest snapshot published by ``as_of`` is taken; where none is that old, the oldest one.
        Raises NotLoaded when a subject is in no snapshot.
        """
        day = min((d for d in (as_of, query.as_of) if d is not None), default=None)
        if query.snapshot_id:
            return query if query.as_of == day else replace(query, as_of=day)
        chosen = tuple(self._newest(query.table, subject, as_of=day).id for subject in query.subjects)
        subject = query.subject if isinstance(query.subject, str) else query.subjects
        return replace(query, subject=subject, snapshot_id=chosen[0] if len(set(chosen)) == 1 else chosen, as_of=day)

    def read(self, query: Query, *, as_of: date | None = None) -> Reading:
        """Answer a query from the newest snapshot of each subject that was published by ``as_of``.

        What was not known on that day is left out: periods that had not ended, and, where the only stored
        snapshots are younger, facts that had not begun. A reading from a younger snapshot is marked
        revised. Raises NotLoaded when a subject is in no snapshot. The frame has a column ``snapshot_id``.
        """
        pinned = self.pin(query, as_of=as_of)
        subjects = pinned.subjects
        ids = (pinned.snapshot_id,) * len(subjects) if isinstance(pinned.snapshot_id, str) else pinned.snapshot_id
        snapshots = {identifier: self.snapshot(identifier) for identifier in ids}
        about = {i: tuple(s for s, chosen in zip(subjects, ids, strict=True) if chosen == i) for i in snapshots}
        is_one = isinstance(pinned.snapshot_id, str)
        frames = [self._rows(pinned if is_one else replace(pinned, subject=about[i], snapshot_id=i)) for i in snapshots]
        return Reading(
            frame=frames[0] if len(frames) == 1 else pl.concat(frames),
            snapshots=tuple(snapshots.values()),
            is_revised=any(_is_younger(snapshot, pinned.as_of) for snapshot in snapshots.values()),
        )

    def read_each(self, query: Query, *, as_of: date | None = None) -> tuple[Reading, ...]:
        """Answer a query once from every snapshot that holds its subject, newest last.

        For statements that sources disagree on: nothing is preferred, all are shown.
        """
        found = {s.id: s for subject in query.subjects for s in self.holding(query.table, subject)}
        ordered = [s for s in self.snapshots if s.id in found and not _is_younger(s, as_of)]
        return tuple(self.read(replace(query, snapshot_id=s.id), as_of=as_of) for s in ordered)

    def rejected(self, snapshot: Snapshot) -> pl.DataFrame:
        """Return the rows of a snapshot that could not be used, each with its reason."""
        return self._collect(snapshot, "rejected", lambda frame: frame)

    def newest_period(self, snapshot: Snapshot) -> date | None:
        """Return the last day any of the snapshot's measured periods, events or ties covers; facts have none."""
        tables = [name for name in snapshot.contents if name in SCHEMAS and name != "facts"]
        days = [self._collect(snapshot, name, lambda frame: frame.select(pl.col("end").max())).item() for name in tables]
        return max((day for day in days if day is not None), default=None)

    def states_of(self, snapshot: Snapshot) -> frozenset[str]:
        """Return the states a snapshot has any measured value of; read once."""
        if snapshot.id not in self._states:
            tables = [name for name in ("observations", "events") if name in snapshot.contents]
            found = [self._collect(snapshot, name, lambda frame: frame.select(pl.col("iso3").unique())) for name in tables]
            self._states[snapshot.id] = frozenset(code for frame in found for code in frame["iso3"])
        return self._states[snapshot.id]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep every other writer out, so that what is decided from the store's contents stays true until written.

        Raises StoreBusy at once when another process writes.
        """
        with locked(self.root, self._lock):
            self.refresh()
            yield

    def write(self, snapshot: Snapshot, *, files: Sequence[Path], tables: Mapping[TableName, pl.DataFrame], rejected: pl.DataFrame) -> None:
        """Add a snapshot whole, or leave the store as it was and raise StoreError."""
        with locked(self.root, self._lock):
            write_snapshot(self.root, snapshot=snapshot, files=files, tables=tables, rejected=rejected)
        self._forget()

    @cached_property
    def _lock(self) -> FileLock:
        return FileLock(self.root / "lock", timeout=0)

    def _forget(self) -> None:
        with self._guard:
            self._shelf = None
            self._subjects.clear()
            self._answers.clear()

    def _newest(self, table: TableName, subject: str, *, as_of: date | None) -> Snapshot:
        holding = self.holding(table, subject)
        if not holding:
            source = self._providers().get(subject, subject)
            raise NotLoaded(f"{subject} is not loaded. Load it with: forefend sources fetch {source}", source=source)
        known = [snapshot for snapshot in holding if not _is_younger(snapshot, as_of)]
        return known[-1] if known else holding[0]

    def _rows(self, query: Query) -> pl.DataFrame:
        """Answer a query that is pinned to one snapshot."""
        folder = self.folder(self.snapshot(str(query.snapshot_id)))
        return self._answers.get((folder, query), lambda: self._filter(query))

    def _filter(self, query: Query) -> pl.DataFrame:
        snapshot = self.snapshot(str(query.snapshot_id))
        parts = [self._about(snapshot, query.table, subject) for subject in query.subjects]
        frame = parts[0] if len(parts) == 1 else pl.concat(parts)
        condition = query.condition()
        if query.as_of is not None and query.table != "facts":
            condition &= pl.col("end") <= query.as_of
        elif query.as_of is not None and _is_younger(snapshot, query.as_of):
            condition &= pl.col("start").is_null() | (pl.col("start") <= query.as_of)
        return frame.filter(condition)

    def _about(self, snapshot: Snapshot, table: TableName, subject: str) -> pl.DataFrame:
        """Return all rows of a snapshot about one subject, in the order they are stored."""

        def load() -> pl.DataFrame:
            if table not in snapshot.contents:
                return SCHEMAS[table].to_frame().with_columns(snapshot_id=pl.lit(snapshot.id))
            about = pl.col(SUBJECT[table]) == subject
            return self._collect(snapshot, table, lambda frame: frame.filter(about).with_columns(snapshot_id=pl.lit(snapshot.id)))

        return self._subjects.get((self.folder(snapshot), table, subject), load)

    def _collect(self, snapshot: Snapshot, name: str, ask: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
        """Ask a table on disk; raises StoreError naming the file when any part that is read is damaged."""
        path = self.folder(snapshot) / f"{name}.parquet"
        try:
            return ask(pl.scan_parquet(path, glob=False)).collect()
        except (OSError, pl.exceptions.PolarsError):
            raise damaged(path) from None

    def folder(self, snapshot: Snapshot) -> Path:
        """Return where a snapshot is on disk."""
        return self._open_shelf().folders[snapshot.id]

    def _open_shelf(self) -> Shelf:
        shelf = self._shelf
        if shelf is None:
            with self._guard:
                shelf = self._shelf = self._shelf or read_shelf(self._roots(), stamps=self._stamps())
        return shelf

    def _roots(self) -> list[Path]:
        return [self.root] if self.embedded is None else [self.embedded, self.root]

    def _stamps(self) -> tuple[int, ...]:
        folders = [root / "snapshots" for root in self._roots()]
        return tuple(folder.stat().st_mtime_ns if folder.is_dir() else 0 for folder in folders)


def _is_younger(snapshot: Snapshot, day: date | None) -> bool:
    return day is not None and snapshot.published > day
