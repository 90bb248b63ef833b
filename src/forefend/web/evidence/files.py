"""The bytes of evidence: in the data folder, by their hash, never under a name that somebody gave.

A file is written under a passing name, brought to the disk, and only then given its place; what has a place is whole.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from forefend.locale import N_
from forefend.web.evidence.refusals import EvidenceError

BYTES_AT_MOST = 2 * 1024**3
TOO_LARGE = N_("The file is larger than %(limit)s GB. Attach a link to it instead, or the part that matters.")
EMPTY = N_("The file is empty. Choose another one.")
PIECE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A file that came in whole and has no place yet."""

    path: Path
    sha256: str
    size: int

    def drop(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)


def folder() -> Path:
    """Return where the files are."""
    return Path(settings.FOREFEND.data_dir) / "evidence"


def path_of(sha256: str) -> Path:
    """Return the place of a file."""
    return folder() / sha256[:2] / sha256


def passing_path(name: str = "") -> Path:
    """Return a path for a file that has no place yet."""
    coming = folder() / "coming"
    coming.mkdir(mode=0o700, parents=True, exist_ok=True)
    return coming / (name or secrets.token_hex(16))


def check_size(size: int) -> None:
    """Raise EvidenceError when a file of this size is not taken in."""
    if size > BYTES_AT_MOST:
        raise EvidenceError(TOO_LARGE, limit=BYTES_AT_MOST // 1024**3)
    if size <= 0:
        raise EvidenceError(EMPTY)


def receive(pieces: Iterable[bytes]) -> Coming:
    """Write a file that comes in pieces; raises EvidenceError as soon as it is too large, and leaves nothing behind."""
    path = passing_path()
    digest, size = hashlib.sha256(), 0
    try:
        with open_new(path) as out:
            for piece in pieces:
                size += len(piece)
                if size > BYTES_AT_MOST:
                    check_size(size)
                digest.update(piece)
                out.write(piece)
            to_disk(out)
        check_size(size)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise not_kept(error) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Coming(path=path, sha256=digest.hexdigest(), size=size)


def read_through(path: Path) -> Coming:
    """Return what a file holds that was written bit by bit."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return Coming(path=path, sha256=digest.hexdigest(), size=size)


def settle(coming: Coming) -> Path:
    """Give a file its place; bytes that are here already are kept once."""
    place = path_of(coming.sha256)
    try:
        if place.exists():
            coming.drop()
            return place
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        coming.path.replace(place)
        _folder_to_disk(place.parent)
    except OSError as error:
        raise not_kept(error) from None
    return place


def open_new(path: Path) -> BinaryIO:
    """Open a new file that only this user may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def to_disk(file: BinaryIO) -> None:
    """Bring what was written to the disk."""
    file.flush()
    os.fsync(file.fileno())


def not_kept(error: OSError) -> EvidenceError:
    """Return the refusal for a disk that did not take a file."""
    return EvidenceError(
        N_("The file could not be kept: %(reason)s. Nothing was changed; tell the administrator."), reason=error.strerror or str(error)
    )


def _folder_to_disk(path: Path) -> None:
    if os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
