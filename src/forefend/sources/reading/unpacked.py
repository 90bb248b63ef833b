"""Opens a publisher's file, packed or not, never to more than a limit: a small archive can hold a disk full of zeros."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

from forefend.errors import UnexpectedData

LIMIT = 2_000_000_000  # bytes; the largest file read here, V-Dem's, unpacks to about 500 million


def unpacked(path: Path, *, ending: str = ".csv", limit: int = LIMIT) -> bytes:
    """Return a file's content; of a zip, its only member with the ending. Raises UnexpectedData for anything else."""
    kind = path.suffix.lower()
    try:
        if kind == ".zip":
            return _member(path, ending=ending, limit=limit)
        if kind == ".gz":
            with gzip.open(path) as stream:
                return _within(stream.read(limit + 1), path=path, limit=limit)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        raise UnexpectedData(f"{path.name} is cut off or damaged. Download it again.") from None
    return path.read_bytes()


def _member(path: Path, *, ending: str, limit: int) -> bytes:
    with zipfile.ZipFile(path) as archive:
        found = [entry for entry in archive.infolist() if entry.filename.lower().endswith(ending) and not entry.filename.startswith("__")]
        if len(found) != 1:
            raise UnexpectedData(f"{path.name} holds {len(found)} {ending} files instead of one. Get the file from the publisher again.")
        with archive.open(found[0]) as stream:
            return _within(stream.read(limit + 1), path=path, limit=limit)


def _within(content: bytes, *, path: Path, limit: int) -> bytes:
    if len(content) > limit:
        raise UnexpectedData(f"{path.name} unpacks to more than {limit:,} bytes, far more than the publisher's file. Download it again.")
    return content
