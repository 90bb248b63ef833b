"""What rules measure, by state and month, from that month and earlier ones alone."""

from __future__ import annotations

import numpy as np

from forefend.forecast.history import Flags, Matrix
from forefend.forecast.target import ESCALATION_DEATHS, ESCALATION_MONTHS

REACH = 120  # months back that anything looks at
MANY = 8  # deaths in a month that, held for three months, come to 25


def last(deaths: Matrix, months: int) -> Matrix:
    """Return deaths of the last so many months; months before the state is counted, or before the first column, are 0."""
    totals = np.cumsum(np.pad(np.nan_to_num(deaths), ((0, 0), (months, 0))), axis=1)
    found: Matrix = totals[:, months:].copy()
    found -= totals[:, : deaths.shape[1]]
    return found


def highest(values: Matrix, months: int) -> Matrix:
    """Return the highest value of the last so many months."""
    padded = np.pad(values, ((0, 0), (months - 1, 0)))
    found: Matrix = np.lib.stride_tricks.sliding_window_view(padded, months, axis=1).max(axis=-1)
    return found


def fading(deaths: Matrix, half_life: float) -> Matrix:
    """Return the mean of the last 120 months, each month's weight halving in so many months."""
    weights = 0.5 ** (np.arange(REACH) / half_life)
    weights /= weights.sum()
    found = np.zeros_like(deaths)
    plain = np.nan_to_num(deaths)
    for back, weight in enumerate(weights[: deaths.shape[1]]):
        found[:, back:] += weight * plain[:, : deaths.shape[1] - back]
    return found


def is_calm(deaths: Matrix) -> Flags:
    """Return where fewer than 25 were killed in the last three months, so that an escalation can begin."""
    found: Flags = (last(deaths, ESCALATION_MONTHS) < ESCALATION_DEATHS) & ~np.isnan(deaths)
    return found


def spells(deaths: Matrix) -> Matrix:
    """Return the number of the calm spell a state is in: it rises whenever one has ended, so that what comes anew is told as new."""
    ended = np.diff(is_calm(deaths).astype(int), axis=1, prepend=1) < 0
    found: Matrix = np.cumsum(ended, axis=1).astype(float)
    return found
