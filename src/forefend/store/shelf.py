"""What stands in a store: every snapshot's record, read once and indexed by what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from forefend.errors import StoreError
from forefend.store.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What a store held when it was last looked at; never changed, so threads may share it.

    ``holding`` gives each (table, subject) its snapshots, newest last. ``stamps`` are the times at which
    the folders last changed.
    """

    snapshots: tuple[Snapshot, ...]
    by_id: Mapping[str, Snapshot]
    folders: Mapping[str, Path]
    holding: Mapping[tuple[str, str], tuple[Snapshot, ...]]
    version: str
    stamps: tuple[int, ...]


def read_shelf(roots: Sequence[Path], *, stamps: tuple[int, ...]) -> Shelf:
    """Read every snapshot's record. One that is both embedded and the user's own is the user's own."""
    found: dict[str, tuple[Snapshot, Path]] = {}
    for root in roots:
        for folder in sorted((root / "snapshots").glob("*@*/")):
            snapshot = _read_record(folder / "snapshot.json")
            found[snapshot.id] = (snapshot, folder)
    snapshots = sorted((s for s, _ in found.values()), key=lambda s: (s.published, s.priority, not s.is_embedded, s.retrieved, s.id))
    holding: dict[tuple[str, str], tuple[Snapshot, ...]] = {}
    for snapshot in snapshots:
        for key in [(table, subject) for table, subjects in snapshot.contents.items() for subject in subjects]:
            holding[key] = (*holding.get(key, ()), snapshot)
    return Shelf(
        snapshots=tuple(snapshots),
        by_id={s.id: s for s in snapshots},
        folders={identifier: folder for identifier, (_, folder) in found.items()},
        holding=holding,
        version=hashlib.sha256("\n".join(sorted(f"{s.id} {s.is_embedded}" for s in snapshots)).encode()).hexdigest()[:16],
        stamps=stamps,
    )


def damaged(path: Path) -> StoreError:
    """Say that a file of the store cannot be read, and what to do."""
    return StoreError(f"{path} is damaged or missing. Move its folder away and load the source again.")


def _read_record(path: Path) -> Snapshot:
    try:
        return Snapshot.from_json(path.read_text(encoding="utf-8"))
    except (OSError, AttributeError, KeyError, TypeError, ValueError):
        raise damaged(path) from None
