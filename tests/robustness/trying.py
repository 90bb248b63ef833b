"""Tries broken files on a connector the way a user would: by importing them into a store."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from forefend.errors import ForefendError
from forefend.sources.contract import Expectations
from forefend.sources.intake import import_files
from forefend.sources.registry import Source, find_source
from forefend.store import Snapshot, Store

from .mutations import Mutant

TODAY = date(2026, 11, 24)
# Samples are small, so what a whole release holds is not asked of them; rejected rows must still be few.
LENIENT = Expectations(rows_at_least=1, states_at_least=0, rejected_share_at_most=1.0, shrink_share_at_most=1.0)


def lenient(source: Source) -> Source:
    """Return the source with no demands on the size of a release."""
    return replace(source, metadata=source.metadata.model_copy(update={"expect": LENIENT}))


@dataclass(frozen=True)
class Taken:
    """What an import stored: rows and rejected rows, and the sum of everything measured."""

    rows: int
    rejected: int
    total: float


def taken_in(source: Source, files: dict[str, bytes]) -> Taken:
    """Import files into a store of their own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "given").mkdir()
        paths = [root / "given" / name for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        vintage = None if _is_named(source) else "2026"
        store = Store(root / "store")
        snapshot = import_files(store, source, paths, today=TODAY, vintage=vintage, published=date(2026, 1, 1))
        total = sum(_total(store, snapshot, table) for table in snapshot.contents)
        return Taken(rows=sum(snapshot.rows.values()), rejected=snapshot.rejected, total=total)


def _total(store: Store, snapshot: Snapshot, table: str) -> float:
    frame = pl.read_parquet(store.folder(snapshot) / f"{table}.parquet")
    column = {"events": "deaths_best"}.get(table, "value")
    return float(frame[column].sum()) if column in frame.columns else float(frame.height)


def _is_named(source: Source) -> bool:
    """Whether the publisher writes the release's name into the files."""
    return _named(source.metadata.id)


@cache
def _named(identifier: str) -> bool:
    source = find_source(identifier)
    return bool(source.read(source.samples()).vintage)


def outcome(source: Source, mutant: Mutant, *, whole: Taken) -> str:
    """Import a mutant; return what is wrong with how it ended, empty when nothing is."""
    return ending(source, mutant, whole=whole).wrong


@dataclass(frozen=True)
class Ending:
    """How the import of a mutant ended: ``wrong`` says what is wrong with that, empty when nothing is."""

    is_refused: bool
    wrong: str


def ending(source: Source, mutant: Mutant, *, whole: Taken) -> Ending:
    """Import a mutant and judge how it ended."""
    try:
        found = taken_in(source, mutant.files)
    except ForefendError as refusal:
        return Ending(is_refused=True, wrong=_of_refusal(str(refusal)))
    except Exception as error:  # noqa: BLE001 - whatever else comes out is the finding
        return Ending(is_refused=False, wrong=f"{mutant.how}: {type(error).__name__}: {str(error)[:200]}")
    return Ending(is_refused=False, wrong=_of_import(mutant, found, whole))


def _of_import(mutant: Mutant, found: Taken, whole: Taken) -> str:
    said = f"{mutant.how}: {found} instead of {whole}"
    if mutant.kind == "keeps" and found != whole:
        return said
    if mutant.kind == "doubles" and (found.rows > whole.rows or not math.isclose(found.total, whole.total, rel_tol=1e-9, abs_tol=1e-9)):
        return said
    if mutant.kind == "spoils" and found.rows < whole.rows and found.rejected <= whole.rejected:
        return said
    return ""


def _of_refusal(sentence: str) -> str:
    if "\n" in sentence.strip() or len(sentence) < 20 or len(sentence) > 700 or "Traceback" in sentence:
        return f"not one clear sentence: {sentence[:300]!r}"
    return ""
