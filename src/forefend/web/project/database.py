"""The workbench's database: SQLite in the data folder, or PostgreSQL by one setting."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from forefend.errors import SettingsError
from forefend.settings import Settings

FILE = "workbench.sqlite3"
BUSY_SECONDS = 20
EXAMPLE = "postgresql://forefend@localhost/forefend"


def database_of(settings: Settings) -> dict[str, Any]:
    """Return Django's description of the database that the settings name; raises SettingsError."""
    if not settings.database:
        return sqlite(str(settings.data_dir / FILE))
    return postgresql(settings.database, password=settings.database_password)


def sqlite(name: str) -> dict[str, Any]:
    """Describe an SQLite file: readers never wait for the writer, and a writer takes its lock when it begins.

    A transaction that reads first and writes later would otherwise be refused in the middle when another one
    wrote meanwhile. ``synchronous=FULL``: what was acknowledged is on the disk, also after a power cut.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
    }


def postgresql(url: str, *, password: str = "") -> dict[str, Any]:
    """Describe a PostgreSQL database by its address; the password may stand apart from it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingsError(f"Setting database is not an address. Give one such as {EXAMPLE}.") from None
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise SettingsError(f"Setting database is not the address of a PostgreSQL database. Give one such as {EXAMPLE}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": password or unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # What markings ask of a query makes it look dear, and compiling it took longer than answering it.
        "OPTIONS": {"options": "-c jit=off"},
    }
