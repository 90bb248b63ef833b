"""Files that came in and wait until somebody has seen what they would change.

The browser keeps a signed token for an hour, the file stays here: what is taken in is what was shown, never what a form says.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing

from forefend.errors import AssessmentError
from forefend.locale import N_
from forefend.web.accounts.models import Person

SALT = "forefend.exchange.waiting"
SECONDS = 3600
EXPIRED = N_("This preview is no longer valid. Send the file again; nothing was changed.")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A file that waits, and the token by which its sender takes it in."""

    token: str
    content: bytes


def keep(content: bytes, *, kind: str, about: str, by: Person) -> Waiting:
    """Keep a file of a person, about one thing such as a round, for an hour."""
    remove_stale()
    name = secrets.token_hex(16)
    path = _folder() / name
    path.touch(mode=0o600)
    path.write_bytes(content)
    said = {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "kind": kind, "about": about, "by": by.pk}
    return Waiting(token=signing.dumps(said, salt=SALT), content=content)


def fetch(token: str, *, kind: str, about: str, by: Person) -> Waiting:
    """Return the file of a token; raises AssessmentError when it is not this person's, not about this, or too old."""
    try:
        said = signing.loads(token, salt=SALT, max_age=SECONDS)
        content = (_folder() / said["name"]).read_bytes()
    except (signing.BadSignature, OSError):
        raise AssessmentError(EXPIRED) from None
    is_ours = (said["kind"], said["about"], said["by"]) == (kind, about, by.pk)
    if not is_ours or hashlib.sha256(content).hexdigest() != said["sha256"]:
        raise AssessmentError(EXPIRED)
    return Waiting(token=token, content=content)


def drop(waiting: Waiting) -> None:
    """Remove a file that was taken in."""
    (_folder() / signing.loads(waiting.token, salt=SALT)["name"]).unlink(missing_ok=True)


def remove_stale() -> None:
    """Remove files that nobody took in."""
    for path in _folder().iterdir():
        if path.stat().st_mtime < time.time() - 2 * SECONDS:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.FOREFEND.data_dir) / "exchange"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
