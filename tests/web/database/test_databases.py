"""Which database the tests stand on, and what it must do whichever it is."""

from __future__ import annotations

import os

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from forefend.web.project.triggers import DECLARED


def test_the_tests_stand_on_the_database_they_were_given() -> None:
    given = os.environ.get("FOREFEND_TEST_DATABASE", "")
    assert connection.vendor == ("postgresql" if given.startswith("postgresql://") else "sqlite")


def test_every_trigger_that_a_migration_declares_is_there() -> None:
    """SQLite loses the triggers of a table when a later migration alters it."""
    asked = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'", "postgresql": "SELECT tgname FROM pg_trigger"}
    MigrationLoader(None)
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        there = {row[0] for row in cursor.fetchall()}
    assert DECLARED
    assert there >= DECLARED
