"""Where there is a PostgreSQL to test on: empty databases of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from forefend.web.project.database import postgresql

SERVER = os.environ.get("FOREFEND_TEST_DATABASE", "")
needs_postgresql = pytest.mark.skipif(not SERVER, reason="PostgreSQL is not running: sh scripts/postgres.sh pytest")


@pytest.fixture
def on_postgresql(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """An empty PostgreSQL database, gone afterwards."""
    import psycopg

    name = f"own_{os.getpid()}_{abs(hash(request.node.name)) % 10**6}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield postgresql(SERVER.rsplit("/", 1)[0] + f"/{name}") | {"CONN_MAX_AGE": 0}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
