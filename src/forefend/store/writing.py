"""Writing to a store folder: one writer at a time, everything aside first, then one rename."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout

from forefend.errors import StoreBusy, StoreError
from forefend.store.snapshot import Snapshot
from forefend.store.tables import SCHEMAS, SUBJECT, TableName, conform

FORMAT = 1
GROUP_ROWS = 20_000
ELSEWHERE = "Check its disk and permissions, or choose another folder with FOREFEND_DATA_DIR."


def check_format(root: Path) -> None:
    """Refuse a store folder whose mark is damaged or was written by a newer version; none yet is fine."""
    mark = root / "store.json"
    damaged = f"{mark} is damaged. Restore it from a backup, or move the folder away and fetch again."
    try:
        stored = json.loads(mark.read_text(encoding="utf-8"))["format"]
    except FileNotFoundError:
        return
    except (json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError):
        raise StoreError(damaged) from None
    except OSError as error:
        raise StoreError(f"{mark} could not be read: {error.strerror}. Check the folder named by FOREFEND_DATA_DIR.") from None
    if not isinstance(stored, int):
        raise StoreError(damaged)
    if stored > FORMAT:
        raise StoreError(
            f"The store in {root} was written by a newer Forefend (format {stored}, this one reads {FORMAT}). "
            "Install that version, or choose another folder with FOREFEND_DATA_DIR."
        )


@contextmanager
def locked(root: Path, lock: FileLock) -> Iterator[None]:
    """Hold the store's one lock, and turn a failure to write into a sentence. May be nested."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        with lock:
            check_format(root)
            yield
    except Timeout:
        raise StoreBusy(f"Another Forefend process is writing to {root}. Wait until it ends and try again.") from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StoreError(f"The store in {root} could not be written: {_cause(error)}. Nothing was changed. {ELSEWHERE}") from error


def write_snapshot(
    root: Path, *, snapshot: Snapshot, files: Sequence[Path], tables: Mapping[TableName, pl.DataFrame], rejected: pl.DataFrame
) -> None:
    """Write a snapshot into ``incoming`` and rename it into place; the caller holds the lock."""
    target = root / "snapshots" / snapshot.id
    if target.exists():
        return
    incoming = root / "incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir()
    try:
        aside = Path(tempfile.mkdtemp(dir=incoming))
        for path, entry in zip(files, snapshot.files, strict=True):
            (aside / "files" / entry.name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, aside / "files" / entry.name)
        write_tables(aside, snapshot=snapshot, tables=tables, rejected=rejected)
        _flush(aside)
        _mark(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.chmod(0o755)
        aside.rename(target)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def write_tables(folder: Path, *, snapshot: Snapshot, tables: Mapping[TableName, pl.DataFrame], rejected: pl.DataFrame) -> None:
    """Write a snapshot's tables and record into a folder; the record last, as it makes the snapshot valid.

    Rows are grouped by subject, in the order given, so that reading one subject leaves the others on disk.
    """
    for name in SCHEMAS:
        if name in tables and tables[name].height:
            table = conform(tables[name], table=name).sort(SUBJECT[name], maintain_order=True)
            table.write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=True, row_group_size=GROUP_ROWS)
    rejected.write_parquet(folder / "rejected.parquet", compression="zstd")
    (folder / "snapshot.json").write_text(snapshot.to_json(), encoding="utf-8")


def _mark(root: Path) -> None:
    """Write the format's number, once, whole or not at all."""
    mark = root / "store.json"
    if mark.exists():
        return
    aside = root / "incoming" / "store.json"
    aside.write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")
    aside.rename(mark)


def _flush(folder: Path) -> None:
    """Have the system put the files on disk before they are named valid, so that a power cut loses none."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())


def _cause(error: Exception) -> str:
    """Return the reason alone: Polars puts its own layers before the system's words."""
    return (isinstance(error, OSError) and error.strerror) or str(error).splitlines()[0].rpartition(": ")[2].rstrip(".")
