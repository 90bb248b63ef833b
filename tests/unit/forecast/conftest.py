"""Stores with made deaths, and one with the publisher's real counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pytest

from deaths_stores import real, release, store
from forefend.forecast.history import History

__all__ = ["made", "real", "release", "store"]  # fixtures of this folder

Made = Callable[..., History]


@pytest.fixture
def made() -> Made:
    """Make a history from rows of deaths, one for each state, beginning in January 2000."""

    def make(**rows: Sequence[float]) -> History:
        deaths = np.array([rows[iso3] for iso3 in sorted(rows)], dtype=float)
        return History(target="os", iso3s=tuple(sorted(rows)), first=date(2000, 1, 1), deaths=deaths)

    return make
