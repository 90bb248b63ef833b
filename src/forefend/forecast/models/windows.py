"""The last 12, 24 and 36 months as draws, pooled: recent months weigh most, older ones keep in mind what has been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.paths import ranks
from forefend.forecast.target import Period
from forefend.locale import N_

WINDOWS = ((12, 120), (24, 48), (36, 72))  # months, draws


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Each month ahead holds the past months of each window; a path keeps to a level by half, as months alike are no whole year alike."""

    name: ClassVar[str] = "windows"
    title: ClassVar[str] = N_("the last 12, 24 and 36 months, pooled")
    period: ClassVar[Period] = "month"

    def fit(self, history: History) -> Windows:
        """Learn nothing."""
        return self

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return every month of each window equally often at each horizon; months before the state is counted are 0."""
        short = max(0, WINDOWS[-1][0] - history.deaths.shape[1])
        deaths = np.pad(np.nan_to_num(history.deaths), ((0, 0), (short, 0)))
        found = []
        for months, count in WINDOWS:
            ordered = np.sort(deaths[:, np.resize(np.arange(-months, 0), count)], axis=1)
            rank = ranks(len(deaths), horizon, count, seed=int(f"{history.origin:%Y%m}") + months)
            found.append(np.take_along_axis(ordered[:, None], rank, axis=2))
        return np.concatenate(found, axis=2)


MODEL = Windows
