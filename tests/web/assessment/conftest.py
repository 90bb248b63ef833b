"""The world of a round, anew for each test, with nothing remembered of the one before."""

from __future__ import annotations

import pytest

from forefend.web.assessment import editions, showing

from .builders import World, build


@pytest.fixture(autouse=True)
def nothing_remembered(request: pytest.FixtureRequest) -> None:
    """Forget catalogs and results: a test's rows are undone, and their keys given again."""
    editions._catalog.cache_clear()
    showing.kept.clear()


@pytest.fixture
def world() -> World:
    """Institutions, people, and a round of the action M3 that asks them all."""
    return build()
