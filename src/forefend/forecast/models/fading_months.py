"""A country's own past months as draws: each weighs half as much as one three months younger, and is blurred to what nearly happened.

What the last months were tells more of the next than trees fitted to all countries take from them. Single months alone say
that only deaths counted before can come again, so each deadly one is spread in the logarithm; a month without deaths stays one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.normal import quantile
from forefend.forecast.paths import even, ranks
from forefend.forecast.target import Period
from forefend.locale import N_

HALF_LIFE = 3  # months
SPREAD = 0.4  # of the logarithm of a month's deaths
DRAWS = 300
PICKS_PER_DRAW = 10  # months picked for each draw kept, so that the draws kept lie evenly in the distribution


@dataclass(frozen=True, kw_only=True)
class FadingMonths:
    """Each month ahead has the same distribution; a path keeps to a level by half."""

    name: ClassVar[str] = "fading_months"
    title: ClassVar[str] = N_("own past months, recent ones weighing most")
    period: ClassVar[Period] = "month"

    def fit(self, history: History) -> FadingMonths:
        """Learn nothing."""
        return self

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return paths for the months ahead; months before the state is counted are 0."""
        seed = int(f"{history.origin:%Y%m}")
        levels = _levels(np.nan_to_num(history.deaths), chance=np.random.default_rng(seed))
        rank = ranks(len(levels), horizon, DRAWS, seed=seed + 1)
        return np.take_along_axis(levels[:, None], rank, axis=2)


def _levels(deaths: Matrix, *, chance: np.random.Generator) -> Matrix:
    """Return the distribution of each state's month as draws in rising order."""
    weight = 0.5 ** (np.arange(deaths.shape[1] - 1, -1, -1) / HALF_LIFE)
    order = np.argsort(deaths, axis=1, kind="stable")
    reached = np.cumsum(weight[order], axis=1) / weight.sum()
    places = (np.arange(DRAWS * PICKS_PER_DRAW) + 0.5) / (DRAWS * PICKS_PER_DRAW)
    picked = np.array([np.searchsorted(row, places) for row in reached]).clip(max=deaths.shape[1] - 1)
    months = np.take_along_axis(np.take_along_axis(deaths, order, axis=1), picked, axis=1)
    blurred = months * np.exp(SPREAD * quantile(even(months.shape, chance=chance)))
    found: Matrix = np.sort(np.where(months > 0, np.maximum(1.0, np.round(blurred)), 0.0), axis=1)
    return found[:, PICKS_PER_DRAW // 2 :: PICKS_PER_DRAW]


MODEL = FadingMonths
