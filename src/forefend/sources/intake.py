"""Takes a release into the store, from files on disk or from the publisher: checked first, then written whole.

A release is refused when it is not what the source's ``source.yaml`` expects, when it is older than the
stored one, or much smaller. Bytes already stored are not stored again.
"""

from __future__ import annotations

import csv
import errno
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from forefend.errors import SourceError, UnexpectedData
from forefend.sources.contract import Parsed
from forefend.sources.registry import Source
from forefend.sources.release import Claims, check_successor, check_whole, describe
from forefend.store import Snapshot, SnapshotFile, Store
from forefend.store.asking import Asking
from forefend.store.fetch import Connection, Fetched, Progress, download
from forefend.store.snapshot import describe_file
from forefend.store.sniff import check_content
from forefend.store.tables import conform

# What reading a foreign file can run into, besides the refusals a connector makes itself.
UNREADABLE = (
    pl.exceptions.PolarsError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, csv.Error, struct.error, OSError, EOFError, ValueError,
    LookupError, ImportError, NotImplementedError, RecursionError, OverflowError,
)  # fmt: skip
FULL = (errno.ENOSPC, errno.EDQUOT)  # said of the disk that a file is unpacked to, not of the file


def import_files(
    store: Store,
    source: Source,
    paths: Sequence[Path],
    *,
    today: date,
    vintage: str | None = None,
    published: date | None = None,
    retrieved: datetime | None = None,
    allow_older: bool = False,
    is_mirror: bool = False,
) -> Snapshot:
    """Read the publisher's files and store them as one snapshot; returns the one already there for the same bytes.

    ``vintage`` and ``published`` are given where the files do not say them. A release whose day of
    publication nobody knows counts as known from ``today``. ``retrieved`` is when the files were taken
    from the publisher, now unless given; ``is_mirror`` puts on record that they are a copy of someone else's.
    Raises SourceError or StoreError; the store is then as it was.
    """
    claims = Claims(today=today, vintage=vintage, published=published, retrieved=retrieved, is_mirror=is_mirror)
    return _take_in(store, source, paths, claims=claims, allow_older=allow_older)


def fetch(
    store: Store,
    source: Source,
    *,
    today: date,
    connection: Connection | None = None,
    progress: Progress | None = None,
    allow_older: bool = False,
) -> Snapshot:
    """Download a source's files from the publisher and store them; see ``import_files`` for what is refused.

    What was downloaded whole is kept until it is stored or refused, what broke off until the next call.
    """
    folder = store.root / "incoming-downloads" / source.metadata.id
    claims = Claims(today=today, fallback_vintage=today.isoformat())
    asking = Asking(source=source.metadata.id, folder=folder, connection=connection or Connection(), progress=progress)
    with store.writing():
        got = _get(source, asking)
        modified = max((file.modified for file in got if file.modified is not None), default=None)
        try:
            return _take_in(store, source, [file.path for file in got], claims=replace(claims, modified=modified), allow_older=allow_older)
        finally:
            for file in got:
                file.path.unlink(missing_ok=True)


def _get(source: Source, asking: Asking) -> list[Fetched]:
    """Get a source's files: by its own way of asking where it has one, else from its addresses."""
    if source.collect is not None:
        return [Fetched(path=path, modified=None) for path in source.collect(asking)]
    wanted = source.downloads()
    name = source.metadata.id
    if not wanted:
        raise SourceError(f"{name} is not published as a download. Import its files with: forefend sources import {name} FILE")
    return [
        download(entry.address, name=entry.name, folder=asking.folder, connection=asking.connection, progress=asking.progress)
        for entry in wanted
    ]


def _take_in(store: Store, source: Source, paths: Sequence[Path], *, claims: Claims, allow_older: bool) -> Snapshot:
    files = _described(paths)
    with store.writing():
        if (stored := _stored_with(store, source=source.metadata.id, files=files)) is not None:
            return stored
        for path in paths:
            check_content(path)
        parsed = _read(source, paths, engine=store.engine)
        snapshot = describe(source.metadata, parsed, files=files, claims=claims)
        check_whole(snapshot, parsed, expect=source.metadata.expect)
        check_successor(snapshot, stored=store.snapshots, expect=source.metadata.expect, allow_older=allow_older)
        store.write(snapshot, files=list(paths), tables=parsed.tables, rejected=parsed.rejected)
    return store.snapshot(snapshot.id)


def _described(paths: Sequence[Path]) -> tuple[SnapshotFile, ...]:
    if not paths:
        raise SourceError("No file was given. Name the publisher's files, or a folder with a forefend-manifest.yaml.")
    if len({path.name for path in paths}) != len(paths):
        raise SourceError("Two of the files have the same name. Give each file once, under the publisher's name.")
    for path in paths:
        if not _is_file(path):
            raise SourceError(f"{path} is not a file. Check the name.")
        if path.name.encode(errors="replace") != os.fsencode(path.name):
            raise SourceError(f"The name of {path} is not valid text. Give the file the publisher's name.")
    try:
        return tuple(describe_file(path) for path in paths)
    except OSError as error:
        raise SourceError(f"{error.filename} could not be read: {error.strerror}. Check its permissions.") from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for any file
        return False


def _stored_with(store: Store, *, source: str, files: tuple[SnapshotFile, ...]) -> Snapshot | None:
    """Return the user's own snapshot of exactly these bytes, if there is one."""
    wanted = sorted(entry.sha256 for entry in files)
    own = [s for s in store.snapshots if s.source == source and not s.is_embedded]
    return next((s for s in own if sorted(entry.sha256 for entry in s.files) == wanted), None)


def _read(source: Source, paths: Sequence[Path], *, engine: str) -> Parsed:
    try:
        parsed = source.reader(engine)({path.name: path for path in paths})
        parsed.tables = {name: conform(table, table=name) for name, table in parsed.tables.items()}
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        names = ", ".join(path.name for path in paths)
        reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        raise UnexpectedData(f"{names} could not be read as {source.metadata.id}: {reason}. Get it from the publisher again.") from None
    return parsed
