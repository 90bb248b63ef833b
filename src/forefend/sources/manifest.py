"""Imports a folder described by its ``forefend-manifest.yaml``: which files are whose, of which release.

The file is a list; each entry names a source, its files (relative to the folder), and what the files do not
say themselves::

    - source: ucdp_country_month
      files: [country-month.csv.gz]
      vintage: "26.1"
      published: 2026-06-10
      retrieved: 2026-11-20
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from forefend.errors import ForefendError, SourceError
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Snapshot, Store

NAME = "forefend-manifest.yaml"


class Entry(BaseModel):
    """One source's files in a folder. An entry ``as_history`` may be older than what is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    files: tuple[str, ...]
    vintage: str | None = None
    published: date | None = None
    retrieved: date | None = None
    as_history: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one source: a snapshot, new or already there, or the sentence of its refusal."""

    source: str
    snapshot: Snapshot | None = None
    is_new: bool = False
    refusal: str = ""


def read_manifest(folder: Path) -> tuple[Entry, ...]:
    """Read a folder's manifest; raises SourceError saying which line is wrong."""
    path = folder / NAME
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[Entry, ...]).validate_python(listed)
    except FileNotFoundError:
        raise SourceError(f"{folder} has no {NAME}. Write one that lists each source with its files, or name the files.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} is not valid YAML: {' '.join(str(error).split())}. Correct that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(f"{path}, entry {where or 'list'}: {first['msg']}. Correct that entry.") from None


def import_folder(
    store: Store, folder: Path, *, today: date, allow_older: bool = False, only: frozenset[str] = frozenset()
) -> tuple[Outcome, ...]:
    """Import every entry of a folder's manifest, or those of some sources; each succeeds or fails by itself."""
    return tuple(
        attempt(entry.source, store, _importer(store, folder, entry, today=today, allow_older=allow_older))
        for entry in read_manifest(folder)
        if not only or entry.source in only
    )


def attempt(source: str, store: Store, action: Callable[[], Snapshot]) -> Outcome:
    """Run one source's intake; a refusal becomes part of the report instead of stopping the others."""
    try:
        known = {snapshot.id for snapshot in store.snapshots if not snapshot.is_embedded}
        snapshot = action()
    except ForefendError as refusal:
        return Outcome(source=source, refusal=str(refusal))
    return Outcome(source=source, snapshot=snapshot, is_new=snapshot.id not in known)


def _importer(store: Store, folder: Path, entry: Entry, *, today: date, allow_older: bool) -> Callable[[], Snapshot]:
    def run() -> Snapshot:
        return import_files(
            store,
            find_source(entry.source),
            [folder / name for name in entry.files],
            today=today,
            vintage=entry.vintage,
            published=entry.published,
            retrieved=datetime.combine(entry.retrieved, time(), UTC) if entry.retrieved else None,
            allow_older=allow_older or entry.as_history,
        )

    return run
