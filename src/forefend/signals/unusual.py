"""How unusual recent deaths are by a state's own past: a scan over windows with a negative binomial, as counts are overdispersed."""

from __future__ import annotations

from math import lgamma

import numpy as np

from forefend.forecast.history import Matrix
from forefend.signals.measures import last

WINDOWS = (1, 3, 6)  # months scanned; the rarest counts, after Bonferroni
PAST = 60  # months before the window
PRIOR_MONTHS, PRIOR_MEAN, PRIOR_SHAPE = 12.0, 0.5, 0.1  # a state without deaths is held to have had as many: no past is never no chance
PRIOR_SQUARE = PRIOR_MEAN + PRIOR_MEAN**2 * (1 + 1 / PRIOR_SHAPE)
LEAST_SHAPE, MOST_SHAPE = 0.05, 0.5
MOST = 300.0


def rarity(deaths: Matrix) -> Matrix:
    """Return minus the decimal logarithm of the chance of so many deaths or more, by state and month; 0 where usual."""
    plain = np.nan_to_num(deaths)
    found = np.zeros(plain.shape)
    for window in WINDOWS:
        recent = last(plain, window)
        past = np.pad(plain, ((0, 0), (window, 0)))[:, : plain.shape[1]]
        mean = (last(past, PAST) + PRIOR_MONTHS * PRIOR_MEAN) / (PAST + PRIOR_MONTHS)
        square = (last(past**2, PAST) + PRIOR_MONTHS * PRIOR_SQUARE) / (PAST + PRIOR_MONTHS)
        shape = np.clip(mean**2 / np.maximum(square - mean**2 - mean, 1e-9), LEAST_SHAPE, MOST_SHAPE)
        for state, column in np.argwhere(recent > window * mean):
            chance = _tail(recent[state, column], mean[state, column] * window, shape[state, column] * window)
            found[state, column] = max(found[state, column], -np.log10(max(chance * len(WINDOWS), 10.0**-MOST)))
    return found


def _tail(count: float, mean: float, shape: float) -> float:
    """The chance of a negative binomial of ``count`` or more."""
    if count <= 0:
        return 1.0
    places = np.arange(int(min(count, 20_000)))
    logs = np.cumsum(
        np.concatenate(
            [[shape * np.log(shape / (shape + mean))], np.log((places[:-1] + shape) / (places[:-1] + 1)) + np.log(mean / (mean + shape))]
        )
    )
    below = float(np.exp(logs).sum())
    return max(1 - below, _far(count, mean, shape))


def _far(count: float, mean: float, shape: float) -> float:
    """The chance of exactly ``count``: what is left of the tail where 1 minus the rest is lost in rounding."""
    log = (
        lgamma(count + shape)
        - lgamma(shape)
        - lgamma(count + 1)
        + shape * np.log(shape / (shape + mean))
        + count * np.log(mean / (mean + shape))
    )
    return float(np.exp(log))
