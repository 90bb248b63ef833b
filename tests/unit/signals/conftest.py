"""Stores and histories for signals: made ones, and one with the publisher's real counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pytest

from deaths_stores import real, release, store
from forefend.forecast.history import History
from forefend.signals.seen import Seen
from forefend.store import Store

__all__ = ["made", "real", "release", "store"]  # fixtures of this folder

Made = Callable[..., Seen]


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
