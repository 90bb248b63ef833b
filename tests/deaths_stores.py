"""Fixtures of stores with deaths: made ones, and one with the publisher's real counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from deaths_release import Row, write_real, write_release
from forefend.store import Snapshot, Store

Release = Callable[..., Snapshot]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def release(store: Store, tmp_path: Path) -> Release:
    """Write a release of made deaths: rows are (iso3, kind, month as 2020-01, deaths)."""

    def write(rows: Sequence[Row], **given: Any) -> Snapshot:
        return write_release(store, tmp_path / "made.csv", rows, **given)

    return write


@pytest.fixture(scope="session")
def real(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with UCDP's real counts; not to be written to."""
    store = Store(tmp_path_factory.mktemp("real") / "store")
    write_real(store, data)
    return store
