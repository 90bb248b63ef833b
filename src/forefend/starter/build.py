"""Builds the embedded starter from a folder of publishers' files, with the project's own connectors.

``python -m forefend.starter.build FOLDER`` writes ``packed/``, byte for byte the same from the same files.
A source whose publisher does not allow it is refused; whose licence asks to share alike, goes with its
licence beside it in its own folder.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import yaml

from forefend.errors import ForefendError, SourceError
from forefend.sources.intake import import_files
from forefend.sources.registry import find_source
from forefend.store import Snapshot, Store
from forefend.store.tables import SCHEMAS, SUBJECT, TableName
from forefend.store.writing import write_tables

HERE = Path(__file__).parent
PACKED = HERE / "packed"
RECIPE = HERE / "recipe.yaml"
MAX_BYTES = 15_000_000
FROM_THE_START = 1900


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One release to pack: relative paths of its files, its name and day, and the first year kept.

    ``is_own`` is true for a list that Forefend keeps by hand beside its source, whatever folder is given.
    """

    source: str
    files: tuple[str, ...]
    vintage: str
    published: date
    since: int = FROM_THE_START
    is_own: bool = False


def recipe() -> tuple[Entry, ...]:
    """Return what the starter is made of."""
    entries = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))["entries"]
    return tuple(Entry(**(entry | {"files": tuple(entry["files"])})) for entry in entries)


def build(folder: Path, *, target: Path = PACKED) -> int:
    """Build the starter into ``target`` and return its size in bytes; raises SourceError when it may not or cannot."""
    with tempfile.TemporaryDirectory() as work:
        aside = Path(work) / "packed"
        for number, entry in enumerate(recipe()):
            snapshot = _take(Path(work) / str(number), folder, entry)
            _pack(Path(work) / str(number), snapshot, since=entry.since, target=aside)
        size = sum(path.stat().st_size for path in aside.rglob("*") if path.is_file())
        if size > MAX_BYTES:
            raise SourceError(f"The starter would be {size:,} bytes, over {MAX_BYTES:,}. Raise a `since` in the recipe.")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(aside, target)
    return size


def _take(root: Path, folder: Path, entry: Entry) -> Snapshot:
    source = find_source(entry.source)
    if not source.metadata.may_ship:
        raise SourceError(f"{entry.source} may not be shipped: {source.metadata.may_ship_reason} Take it out of the recipe.")
    taken = datetime(entry.published.year, entry.published.month, entry.published.day, tzinfo=UTC)
    base = source.folder if entry.is_own else folder
    return import_files(
        Store(root),
        source,
        [base / name for name in entry.files],
        today=date.max,
        vintage=entry.vintage,
        published=entry.published,
        retrieved=taken,
    )


def _pack(root: Path, snapshot: Snapshot, *, since: int, target: Path) -> None:
    stored = root / "snapshots" / snapshot.id
    tables: dict[TableName, pl.DataFrame] = {}
    for name in SCHEMAS:
        if (path := stored / f"{name}.parquet").is_file():
            frame = pl.read_parquet(path)
            tables[name] = frame if name == "facts" else frame.filter(pl.col("start") >= date(since, 1, 1))
    kept = replace(
        snapshot,
        is_embedded=True,
        contents={name: sorted(table[SUBJECT[name]].unique().to_list()) for name, table in tables.items()},
        rows={name: table.height for name, table in tables.items()},
    )
    folder = target / "snapshots" / snapshot.id
    folder.mkdir(parents=True)
    write_tables(folder, snapshot=kept, tables=tables, rejected=pl.read_parquet(stored / "rejected.parquet"))
    if find_source(snapshot.source).metadata.is_share_alike:
        text = (
            f"{snapshot.title}, {snapshot.publisher}. {snapshot.licence}: this folder may be shared and changed under the same licence.\n"
        )
        (folder / "LICENCE.txt").write_text(f"{text}{snapshot.citation}\n{snapshot.address}\n", encoding="utf-8")


def main() -> None:
    """Build from the folder named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("Say which folder holds the publishers' files: python -m forefend.starter.build FOLDER")
    try:
        size = build(Path(sys.argv[1]))
    except ForefendError as refusal:
        sys.exit(f"starter: {refusal}")
    sys.stdout.write(f"starter: {size:,} bytes in {PACKED.name}\n")


if __name__ == "__main__":
    main()
