"""Remembers the numbers that were given out, so that any of them can be explained by its id later.

One SQLite file beside the snapshots, only ever added to: a number's id is a digest of how it was made, so
the same id always means the same record. It holds figures, no judgements and nothing about people.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from forefend.errors import StoreError
from forefend.store.figure import Figure
from forefend.store.store import Store

NAME = "numbers.sqlite"
TABLE = "CREATE TABLE IF NOT EXISTS numbers (id TEXT PRIMARY KEY, record TEXT NOT NULL)"
PATIENCE_SECONDS = 5.0


def remember(store: Store, figures: Iterable[Figure]) -> None:
    """Keep figures, and those they rest on, by their ids.

    A folder that cannot be written (a read-only disk, another process at it) keeps nothing: what was asked
    for is still given, and only a later ``recall`` misses it.
    """
    found = {figure.id: figure for given in figures for figure in _with_parts(given)}
    rows = [(identifier, json.dumps(figure.to_dict(), ensure_ascii=False, default=str)) for identifier, figure in found.items()]
    try:
        store.root.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(store.root / NAME, timeout=PATIENCE_SECONDS)) as base, base:
            base.execute(TABLE)
            base.executemany("INSERT OR IGNORE INTO numbers VALUES (?, ?)", rows)
    except (OSError, sqlite3.Error):
        return


def recall(store: Store, identifier: str) -> Figure:
    """Return a number given out before; raises StoreError when none of that id is on record."""
    record = None
    if (path := store.root / NAME).is_file():
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=PATIENCE_SECONDS)) as base:
                record = base.execute("SELECT record FROM numbers WHERE id = ?", (identifier,)).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be read: {error}. Move it away; numbers given out from now on are recorded anew.") from None
    if record is None:
        raise StoreError(
            f"No number {identifier} was given out by this installation. Make the brief or table that shows it again, "
            "or name the brief's .json with --in."
        )
    return Figure.from_dict(json.loads(record[0]), store=store)


def _with_parts(figure: Figure) -> list[Figure]:
    parts = [part for entry in figure.inputs if isinstance(entry, Figure) for part in _with_parts(entry)]
    return [figure, *parts]
