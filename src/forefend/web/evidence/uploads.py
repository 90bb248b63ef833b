"""Large files in pieces: begun, appended to, taken up again after a broken line, and finished."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from filelock import FileLock, Timeout

from forefend.errors import NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.evidence.files import Coming, check_size, not_kept, passing_path, read_through, to_disk
from forefend.web.evidence.models import Upload
from forefend.web.evidence.names import shown_name
from forefend.web.evidence.reading import NOT_HERE
from forefend.web.evidence.refusals import EvidenceError

PIECE_AT_MOST = 8 * 1024 * 1024
OPEN_AT_MOST = 20
KEPT_FOR = timedelta(days=7)
LOCK_SECONDS = 20
PIECE_TOO_LARGE = N_("A piece of a file may have %(limit)s MB at most.")
PIECE_DAMAGED = N_("A piece of the file was damaged on its way. Send it again.")


def begin(*, by: Person, filename: str, size: int, fingerprint: str = "") -> Upload:
    """Begin an upload, or find the one this person began with the same file; ``received`` says where it goes on."""
    require(by, ANSWER, COORDINATE)
    check_size(size)
    remove_stale()
    own = Upload.objects.filter(begun_by=by)
    mark = fingerprint[:200]
    if mark and (begun := own.filter(fingerprint=mark, size=size).first()) is not None:
        return begun
    if own.count() >= OPEN_AT_MOST:
        raise EvidenceError(N_("%(n)s files are still coming in. Finish one of them first."), n=OPEN_AT_MOST)
    return Upload.objects.create(
        token=secrets.token_urlsafe(32), filename=shown_name(filename), size=size, fingerprint=mark, begun_at=timezone.now(), begun_by=by
    )


def upload_of(token: str, *, by: Person) -> Upload:
    """Return an upload that this person began; raises NotAllowed when there is none."""
    found = Upload.objects.filter(token=token, begun_by=by).first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return found


def append(*, token: str, offset: int, data: bytes, by: Person, sha256: str = "") -> Upload:
    """Add a piece at its place; returns the upload, whose ``received`` says where to go on.

    A piece that came already, wholly or in part, is not written again. ``sha256`` is that of the piece, where the sender
    can tell; a piece that was damaged on its way is refused.
    """
    upload_of(token, by=by)
    if len(data) > PIECE_AT_MOST:
        raise EvidenceError(PIECE_TOO_LARGE, limit=PIECE_AT_MOST // 1024**2)
    if sha256 and hashlib.sha256(data).hexdigest() != sha256.lower():
        raise EvidenceError(PIECE_DAMAGED)
    with _alone(token) as path:
        upload = upload_of(token, by=by)
        if upload.received and not path.exists():
            upload = _set_received(upload, 0)
        if not 0 <= offset <= upload.received:
            raise EvidenceError(N_("This is not where the file goes on. Go on at byte %(received)s."), received=upload.received)
        rest = data[upload.received - offset :]
        if offset + len(data) > upload.size:
            raise EvidenceError(N_("This is more than the file was said to hold. Choose the file again."))
        if rest:
            _write(path, rest, at=upload.received)
            upload = _set_received(upload, upload.received + len(rest))
        return upload


def finish(*, token: str, by: Person, sha256: str = "") -> tuple[Coming, str]:
    """End an upload; returns the file and its name. Raises EvidenceError while a part is missing or the hash differs."""
    with _alone(token) as path:
        upload = upload_of(token, by=by)
        if upload.received != upload.size or not path.exists():
            raise EvidenceError(N_("The file has not come in whole. Choose it again; it goes on where it stopped."))
        with path.open("r+b") as file:
            file.truncate(upload.size)
        coming = read_through(path)
        if sha256 and coming.sha256 != sha256.lower():
            raise EvidenceError(N_("The file that came in is not the one that was sent. Send it again."))
        whole = passing_path()
        path.replace(whole)
        upload.delete()
    Path(f"{path}.lock").unlink(missing_ok=True)
    return Coming(path=whole, sha256=coming.sha256, size=coming.size), upload.filename


def remove_stale() -> int:
    """Remove uploads that nobody went on with, and passing files that no upload knows; returns how many."""
    oldest = timezone.now() - KEPT_FOR
    n_removed, _ = Upload.objects.filter(begun_at__lt=oldest).delete()
    for path in passing_path("x").parent.iterdir():
        if path.stat().st_mtime < oldest.timestamp():
            path.unlink(missing_ok=True)
    return n_removed


def _set_received(upload: Upload, received: int) -> Upload:
    upload.received = received
    upload.save(update_fields=["received"])
    return upload


def _write(path: Path, data: bytes, *, at: int) -> None:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.seek(at)
            file.write(data)
            to_disk(file)
    except OSError as error:
        raise not_kept(error) from None


@contextmanager
def _alone(token: str) -> Iterator[Path]:
    """Let one request at a time write to an upload."""
    path = passing_path(hashlib.sha256(token.encode()).hexdigest())  # a token is never a path
    try:
        with FileLock(f"{path}.lock", timeout=LOCK_SECONDS):
            yield path
    except Timeout:
        raise EvidenceError(N_("Another request is writing this file. Try again in a moment.")) from None
