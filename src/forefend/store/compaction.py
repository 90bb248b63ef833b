"""Retention: how large the store is, and which of the publishers' files may go when the disk is full.

Rows and records of a snapshot always stay, so every number ever given out still opens. What goes are the
publishers' own files of superseded releases; their names, sizes and digests stay on record.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from forefend.store.snapshot import Snapshot
from forefend.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Removed:
    """Files of one superseded snapshot that were removed, in bytes."""

    snapshot: Snapshot
    bytes: int


def size_of(store: Store, snapshot: Snapshot) -> int:
    """Return the bytes a snapshot takes on disk."""
    return _bytes(store.folder(snapshot))


def compact(store: Store, *, keep: int) -> tuple[Removed, ...]:
    """Remove the publishers' files of all but the ``keep`` newest own snapshots of each source; raises StoreBusy."""
    with store.writing():
        own: dict[str, list[Snapshot]] = defaultdict(list)
        for snapshot in store.snapshots:  # oldest first
            if not snapshot.is_embedded:
                own[snapshot.source].append(snapshot)
        superseded = [snapshot for snapshots in own.values() for snapshot in snapshots[: max(0, len(snapshots) - keep)]]
        found = [(snapshot, store.folder(snapshot) / "files") for snapshot in superseded]
        removed = tuple(Removed(snapshot=snapshot, bytes=_bytes(folder)) for snapshot, folder in found if folder.is_dir())
        for _, folder in found:
            shutil.rmtree(folder, ignore_errors=True)
    return removed


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
