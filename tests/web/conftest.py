"""Django set up once over an installation that holds the embedded starter and nothing else.

The database is SQLite, or what FOREFEND_TEST_DATABASE names: ``sh scripts/postgres.sh pytest tests/web``.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings as django_settings
from django.test import Client

SETTINGS = "forefend.web.project.settings"


def set_up() -> None:
    """Set Django up with an empty data folder, and leave the environment as it was."""
    given = {
        "FOREFEND_DATA_DIR": tempfile.mkdtemp(prefix="forefend-web-"),
        "FOREFEND_DATABASE": os.environ.get("FOREFEND_TEST_DATABASE", ""),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    for name in [name for name in os.environ if name.startswith("FOREFEND_")]:
        given.setdefault(name, "")
    before = {name: os.environ.get(name) for name in given}
    os.environ.update({name: value for name, value in given.items() if value})
    for name in [name for name, value in given.items() if not value]:
        os.environ.pop(name, None)
    try:
        django.setup()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


set_up()
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # sign-ins are many here, and passwords nobody's


@pytest.fixture(autouse=True)
def database(db: None) -> None:
    """Every test of the web stands on the database, in a transaction that is undone; nobody has an account at its beginning."""
    from forefend.web.accounts.gate import Gate

    Gate._somebody_exists = False


@pytest.fixture
def client() -> Client:
    """A reader on this machine."""
    return Client(headers={"host": "127.0.0.1"})


@pytest.fixture
def empty_memory() -> None:
    """Forget every rendered page."""
    from forefend.web.project.memory import kept

    kept.clear()


@pytest.fixture
def source_folder() -> Path:
    """Where the code of the pages is."""
    import forefend.web

    return Path(forefend.web.__file__).parent
