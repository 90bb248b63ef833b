"""Which database the tests stand on, and what it must do whichever it is."""

from __future__ import annotations

import os

import pytest
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from forefend.web.audit import chain
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


@pytest.mark.parametrize(
    "value",
    [-0.0, 0.0, 2.0, 0.1, 1e-07, 5e-324, 1e15, 1e16, 1.5e17, 1e22, -1e30, 10**30, True, "أ\u2028\\u0000", {"b": -0.0, "a": [{"d": 1e16}]}],
)
def test_a_recorded_value_comes_back_as_it_was_hashed(value: object) -> None:
    with transaction.atomic():
        chain.add("tried", subject="value", actor="test", actor_name="Test", before={"value": value}, after={"value": value})
    assert chain.verify().is_whole
