"""The analytical store: immutable snapshots on disk and tidy tables read as of a date.

Layout of a store folder::

    store.json                    format version
    snapshots/<snapshot id>/      snapshot.json, files/<publisher's files>, <table>.parquet, rejected.parquet
    incoming/                     snapshots being written; never read

A snapshot is written aside and then renamed into place, so a reader sees all of it or nothing, and a
crash, a full disk or Ctrl-C leaves the store as it was. The embedded starter has the same layout without
the publishers' files.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout

from forefend.errors import NotLoaded, StoreBusy, StoreError
from forefend.store.query import Query, Reading
from forefend.store.snapshot import Snapshot
from forefend.store.tables import SCHEMAS, TableName, conform

FORMAT = 1


class Store:
    """An open store. Reading takes no lock; writing takes the one lock of the folder.

    ``embedded`` is a second, read-only folder (the starter) whose snapshots stand beside the user's own.
    """

    def __init__(self, root: Path, *, embedded: Path | None = None) -> None:
        self.root = root
        self.embedded = embedded
        self._check_format()

    @cached_property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """Every snapshot, oldest publication first; among equals the one that wins stands last."""
        found = [Snapshot.from_json(path.read_text(encoding="utf-8")) for path in self._records()]
        return tuple(sorted(found, key=lambda s: (s.published, s.priority, not s.is_embedded, s.retrieved, s.id)))

    @cached_property
    def version(self) -> str:
        """A digest that changes whenever the store's contents do."""
        return hashlib.sha256("\n".join(sorted(s.id for s in self.snapshots)).encode()).hexdigest()[:16]

    def holding(self, table: TableName, subject: str) -> tuple[Snapshot, ...]:
        """Return the snapshots that hold a subject, newest last."""
        return tuple(s for s in self.snapshots if subject in s.contents.get(table, ()))

    def snapshot(self, identifier: str) -> Snapshot:
        """Return one snapshot by id; raises StoreError when there is none."""
        for snapshot in self.snapshots:
            if snapshot.id == identifier:
                return snapshot
        raise StoreError(f"The store has no snapshot {identifier}. List them with: forefend sources status")

    def read(self, query: Query, *, as_of: date | None = None) -> Reading:
        """Answer a query from the newest snapshot of each subject that was published by ``as_of``.

        Where no stored snapshot is that old, the oldest one is read, periods that end after ``as_of`` are
        left out, and the reading is marked revised. Raises NotLoaded when a subject is in no snapshot.
        """
        if query.snapshot_id:
            chosen, is_revised = {query.snapshot_id: self.snapshot(query.snapshot_id)}, False
            subjects = {query.snapshot_id: query.subject if isinstance(query.subject, tuple) else (query.subject,)}
        else:
            chosen, subjects, is_revised = self._choose(query, as_of=as_of)
        frames = []
        for identifier, snapshot in chosen.items():
            condition = query.condition() & _about(query, subjects[identifier])
            frame = self._scan(snapshot, query.table).filter(condition)
            if as_of is not None and query.table != "facts":
                frame = frame.filter(pl.col("end") <= as_of)
            frames.append(frame.with_columns(snapshot_id=pl.lit(identifier)).collect())
        return Reading(frame=pl.concat(frames), snapshots=tuple(chosen.values()), is_revised=is_revised)

    def read_each(self, query: Query, *, as_of: date | None = None) -> tuple[Reading, ...]:
        """Answer a query once from every snapshot that holds its subject, newest last.

        For statements that sources disagree on: nothing is preferred, all are shown.
        """
        subject = query.subject if isinstance(query.subject, str) else query.subject[0]
        found = self.holding(query.table, subject)
        return tuple(
            Reading(
                frame=self._scan(s, query.table).filter(query.condition()).with_columns(snapshot_id=pl.lit(s.id)).collect(),
                snapshots=(s,),
                is_revised=False,
            )
            for s in found
            if as_of is None or s.published <= as_of
        )

    def rejected(self, snapshot: Snapshot) -> pl.DataFrame:
        """Return the rows of a snapshot that could not be used, each with its reason."""
        path = self._folder(snapshot) / "rejected.parquet"
        return pl.read_parquet(path)

    def write(self, snapshot: Snapshot, *, files: Sequence[Path], tables: Mapping[TableName, pl.DataFrame], rejected: pl.DataFrame) -> None:
        """Add a snapshot whole, or leave the store as it was and raise StoreError."""
        target = self.root / "snapshots" / snapshot.id
        with self._writing() as aside:
            if target.exists():
                return
            for path, entry in zip(files, snapshot.files, strict=True):
                (aside / "files" / entry.name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, aside / "files" / entry.name)
            write_tables(aside, snapshot=snapshot, tables=tables, rejected=rejected)
            target.parent.mkdir(parents=True, exist_ok=True)
            aside.rename(target)
        self.__dict__.pop("snapshots", None)
        self.__dict__.pop("version", None)

    def _choose(self, query: Query, *, as_of: date | None) -> tuple[dict[str, Snapshot], dict[str, tuple[str, ...]], bool]:
        wanted = query.subject if isinstance(query.subject, tuple) else (query.subject,)
        chosen: dict[str, Snapshot] = {}
        subjects: dict[str, tuple[str, ...]] = {}
        is_revised = False
        for subject in wanted:
            holding = self.holding(query.table, subject)
            if not holding:
                raise NotLoaded(f"{subject} is not loaded. List sources with: forefend sources list", source=subject)
            known = [s for s in holding if as_of is None or s.published <= as_of]
            snapshot = known[-1] if known else holding[0]
            is_revised = is_revised or not known
            chosen[snapshot.id] = snapshot
            subjects[snapshot.id] = (*subjects.get(snapshot.id, ()), subject)
        return chosen, subjects, is_revised

    def _scan(self, snapshot: Snapshot, table: TableName) -> pl.LazyFrame:
        return pl.scan_parquet(self._folder(snapshot) / f"{table}.parquet")

    def _folder(self, snapshot: Snapshot) -> Path:
        if snapshot.is_embedded and self.embedded is not None:
            return self.embedded / "snapshots" / snapshot.id
        return self.root / "snapshots" / snapshot.id

    def _records(self) -> list[Path]:
        folders = [self.root] if self.embedded is None else [self.embedded, self.root]
        return [path for folder in folders for path in sorted((folder / "snapshots").glob("*/snapshot.json"))]

    def _check_format(self) -> None:
        mark = self.root / "store.json"
        try:
            stored = json.loads(mark.read_text(encoding="utf-8"))["format"]
        except FileNotFoundError:
            return
        except (json.JSONDecodeError, KeyError, UnicodeDecodeError):
            raise StoreError(f"{mark} is damaged. Restore it from a backup, or move the folder away and fetch again.") from None
        if stored > FORMAT:
            raise StoreError(
                f"The store in {self.root} was written by a newer Forefend (format {stored}, this one reads {FORMAT}). "
                "Install that version, or choose another folder with FOREFEND_DATA_DIR."
            )

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with FileLock(self.root / "lock", timeout=0):
                incoming = self.root / "incoming"
                shutil.rmtree(incoming, ignore_errors=True)
                incoming.mkdir()
                mark = self.root / "store.json"
                if not mark.exists():
                    mark.write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")
                try:
                    yield Path(tempfile.mkdtemp(dir=incoming))
                finally:
                    shutil.rmtree(incoming, ignore_errors=True)
        except Timeout:
            raise StoreBusy(f"Another Forefend process is writing to {self.root}. Wait until it ends and try again.") from None
        except OSError as error:
            raise StoreError(f"The store in {self.root} could not be written: {error.strerror or error}. Nothing was changed.") from error


def write_tables(folder: Path, *, snapshot: Snapshot, tables: Mapping[TableName, pl.DataFrame], rejected: pl.DataFrame) -> None:
    """Write a snapshot's tables and record into a folder; the record last, as it makes the snapshot valid."""
    for name in SCHEMAS:
        if name in tables and tables[name].height:
            conform(tables[name], table=name).write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=True)
    rejected.write_parquet(folder / "rejected.parquet", compression="zstd")
    (folder / "snapshot.json").write_text(snapshot.to_json(), encoding="utf-8")


def _about(query: Query, subjects: tuple[str, ...]) -> pl.Expr:
    narrowed = Query(table=query.table, subject=subjects)
    return narrowed.condition()
