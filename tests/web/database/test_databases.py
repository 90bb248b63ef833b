"""Which database the tests stand on, and what it must do whichever it is."""

from __future__ import annotations

import os

from django.db import connection


def test_the_tests_stand_on_the_database_they_were_given() -> None:
    given = os.environ.get("FOREFEND_TEST_DATABASE", "")
    assert connection.vendor == ("postgresql" if given.startswith("postgresql://") else "sqlite")
