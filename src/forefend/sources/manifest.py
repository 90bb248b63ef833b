"""Imports a folder described by its ``forefend-manifest.yaml``: which files are whose, of which release.

The file is a list; each entry names a source, its files (relative to the folder), and what the files do not
say themselves::

    - source: ucdp_country_month
      files: [country-month.csv.gz]
      vintage: "26.1"
      published: 2026-06-10
      retrieved: 2026-11-20
      format: mirror        # a copy another than the publisher made, perhaps in a layout of its own
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

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
    format: Literal["publisher", "mirror"] = "publisher"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one source: a snapshot, new or already there, or the sentence of its refusal."""

    source: str
    snapshot: Snapshot | None = None
    is_new: bool = False
    refusal: str = ""


def read_manifest(path: Path) -> tuple[Entry, ...]:
    """Read a manifest, or the one of a folder; raises SourceError saying which line is wrong."""
    folder, path = path, path / NAME if path.is_dir() else path
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(listed, list) or not listed:
            raise SourceError(f"{path} lists no source. Begin each entry with a line such as: - source: ucdp_ged")
        return TypeAdapter(tuple[Entry, ...]).validate_python(listed)
    except FileNotFoundError:
        if folder == path:
            raise SourceError(f"The manifest {path} does not exist. Check the name.") from None
        raise SourceError(f"{folder} has no {NAME}. Write one that lists each source with its files, or name the files.") from None
    except OSError as error:
        raise SourceError(f"{path} could not be read: {error.strerror}. Check it and its permissions.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(f"{path}, entry {where or 'list'}: {first['msg']}. Correct that entry.") from None
    except (yaml.YAMLError, ValueError) as error:  # a day such as 2026-13-01 is a ValueError
        raise SourceError(f"{path} is not valid YAML: {' '.join(str(error).split())}. Correct that line.") from None


def import_folder(
    store: Store, folder: Path, *, today: date, manifest: Path | None = None, allow_older: bool = False, only: frozenset[str] = frozenset()
) -> tuple[Outcome, ...]:
    """Import every entry of a folder's manifest, or those of some sources; each succeeds or fails by itself.

    ``manifest`` is a manifest kept elsewhere, for a folder that nothing can be written to.
    """
    return attempt_each(
        store,
        [
            (entry.source, _importer(store, folder, entry, today=today, allow_older=allow_older))
            for entry in read_manifest(manifest or folder)
            if not only or entry.source in only
        ],
    )


def attempt_each(store: Store, actions: Iterable[tuple[str, Callable[[], Snapshot]]]) -> tuple[Outcome, ...]:
    """Run the intake of several sources, each by itself.

    Ctrl-C ends it; where sources were stored by then, that is said by SourceError, as not nothing was changed.
    """
    outcomes: list[Outcome] = []
    try:
        for source, action in actions:
            outcomes.append(attempt(source, store, action))
    except KeyboardInterrupt:
        stored = [outcome.source for outcome in outcomes if outcome.is_new]
        if not stored:
            raise
        raise SourceError(f"stopped; already stored: {', '.join(stored)}. Run the same command again for the others.") from None
    return tuple(outcomes)


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
            is_mirror=entry.format == "mirror",
        )

    return run
