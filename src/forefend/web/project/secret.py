"""The key that signs sessions: given by the settings, else made once and kept beside the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "secret-key"


def secret_key(given: str, *, folder: Path) -> str:
    """Return the key of this installation, made and written for its owner alone when there is none."""
    if given:
        return given
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was faster
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()
