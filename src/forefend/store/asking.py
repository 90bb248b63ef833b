"""What a connector is given to fetch with, where a publisher's data are more than files at fixed addresses.

Pages of an interface, a form to send, a key to show: the connector says what to ask, and everything of the
network (new attempts, resume, limits, what counts as whole) stays here.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forefend.errors import SourceUnavailable
from forefend.store.fetch import PLAIN, Connection, Progress, Request, download, shown

FRESH_SECONDS = 6 * 3600  # a page fetched in an earlier, broken-off call is used again for so long
KEYRING = "forefend"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One source's access to its publisher. Files go to ``folder``, which is emptied once they are stored."""

    source: str
    folder: Path
    connection: Connection = field(default_factory=Connection)
    progress: Progress | None = None
    environ: Mapping[str, str] | None = None

    def file(self, address: str, *, name: str, request: Request = PLAIN) -> Path:
        """Download one file whole and return its path; one that an earlier call already got is not asked for again."""
        target = self.folder / name
        if target.is_file() and time.time() - target.stat().st_mtime < FRESH_SECONDS:
            return target
        return download(address, name=name, folder=self.folder, connection=self.connection, progress=self.progress, request=request).path

    def answer(self, address: str, *, request: Request = PLAIN) -> Any:
        """Ask for JSON that is not kept, such as a token or a number of pages; raises SourceUnavailable when it is none."""
        with tempfile.TemporaryDirectory() as aside:  # a token is never written among the downloads
            path = download(address, name="answer", folder=Path(aside), connection=self.connection, request=request).path
            try:
                return json.loads(path.read_text(encoding="utf-8-sig"))
            except ValueError:
                raise SourceUnavailable(f"{shown(address)} did not answer with JSON. The publisher may have changed it.") from None

    def secret(self, name: str) -> str:
        """Return a key from the environment variable of that name, or from the system's keyring under it.

        Raises SourceUnavailable saying what to set. Keys are never written to files, logs or messages.
        """
        given = (os.environ if self.environ is None else self.environ).get(name) or _from_keyring(name)
        if not given:
            raise SourceUnavailable(
                f"{self.source} asks for a key: set the environment variable {name}, or store it with: keyring set {KEYRING} {name}"
            )
        return given


def _from_keyring(name: str) -> str:
    try:
        import keyring
    except ImportError:  # an optional package; without it the environment is the only place
        return ""
    try:
        return keyring.get_password(KEYRING, name) or ""
    except keyring.errors.KeyringError:
        return ""
