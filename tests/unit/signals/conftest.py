"""Stores and histories for signals: made ones, and one with the publisher's real counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deaths_release import Row, write_real, write_release
from forefend.forecast.history import History
from forefend.signals.seen import Seen
from forefend.store import Snapshot, Store

Release = Callable[..., Snapshot]
Made = Callable[..., Seen]


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


@pytest.fixture
def made(store: Store) -> Made:
    """Make what is seen from rows of one-sided deaths that end in December 2020; earlier months are quiet, other violence none."""

    def make(**rows: Sequence[float]) -> Seen:
        months = 32 * 12
        deaths = np.zeros((len(rows), months))
        for place, iso3 in enumerate(sorted(rows)):
            deaths[place, months - len(rows[iso3]) :] = rows[iso3]
        beside = {"sb": np.zeros_like(deaths), "ns": np.zeros_like(deaths)}
        past = History(target="os", iso3s=tuple(sorted(rows)), first=date(1989, 1, 1), deaths=deaths, beside=beside)
        return Seen(store=store, past=past, as_of=date(2020, 12, 31))

    return make
