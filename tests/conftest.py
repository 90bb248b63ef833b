"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# The browser's driver keeps an event loop on the thread of the tests, where Django would then refuse every query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with the publishers' real files; tests that need it skip where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the folder with the publishers' files (../shared) is not here")
    return SHARED


@pytest.fixture(scope="session")
def data(shared: Path) -> Path:
    """The publishers' data files."""
    return shared / "data"
