"""The last 12, 24 and 36 months as draws, pooled: recent months weigh most, older ones keep in mind what has been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.target import Period

WINDOWS = ((12, 120), (24, 48), (36, 72))  # months, draws


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Each draw holds one past month's level at all horizons."""

    name: ClassVar[str] = "windows"
    title: ClassVar[str] = "the last 12, 24 and 36 months, pooled"
    period: ClassVar[Period] = "month"

    def fit(self, history: History) -> Windows:
        """Learn nothing."""
        return self

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return every month of each window equally often; months before the state is counted are 0."""
        short = max(0, WINDOWS[-1][0] - history.deaths.shape[1])
        deaths = np.pad(np.nan_to_num(history.deaths), ((0, 0), (short, 0)))
        picked = [np.resize(np.arange(-months, 0), count) for months, count in WINDOWS]
        return np.repeat(deaths[:, None, np.concatenate(picked)], horizon, axis=1)


MODEL = Windows
