"""Online recalibration: level and slope of a pool's log-odds, learnt from how likely they made the onsets of past years.

The rate of onsets drifts and comes in bursts, and members grow sharper as they learn. So level and slope move at random from year to
year. How much of the level stays and how far both move is not fixed: of a small grid of values, each weighs by how well it foretold
past years. A year's onsets are counted once, though two base years forecast them: each gives the year half of its two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import inf

import numpy as np

from forefend.forecast.history import Flags, Matrix
from forefend.forecast.ridge import from_log_odds, log_odds

YEARS = 30  # looked back on
HALF_LIVES = (1.5, 3.0, 6.0, 12.0, 24.0, inf)  # in years, of the level
LEVEL_STEPS, SLOPE_STEPS = (0.05, 0.1, 0.2, 0.4), (0.0, 0.05, 0.1)  # in a year, standard deviation
LEVEL_SPREAD, SLOPE_SPREAD = 0.3, 0.2  # what is thought before the first year, about 0 and 1
LEVELS, SLOPES = np.linspace(-1.5, 1.5, 31), np.linspace(0.6, 1.4, 9)
LEAST_WEIGHT = 1e-5
FARTHEST, HALVINGS = 30.0, 50


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What is added to log-odds after they are stretched, 0 and 1 changing nothing, and how much it weighs beside others."""

    intercept: float = 0.0
    slope: float = 1.0
    weight: float = 1.0

    def apply(self, chance: Matrix) -> Matrix:
        """Return recalibrated chances."""
        return from_log_odds(self.intercept + self.slope * log_odds(chance))


def recalibrated(calibrations: Sequence[Calibration], chance: Matrix) -> Matrix:
    """Return the mean of what the calibrations make of chances, by their weights."""
    weights = [calibration.weight for calibration in calibrations]
    found: Matrix = np.average([calibration.apply(chance) for calibration in calibrations], axis=0, weights=weights)
    return found


def stretched(chance: Matrix) -> Matrix:
    """Return log-odds (slopes, states) stretched by each slope and moved so that the chances keep their sum: a slope is no level."""
    return SLOPES[:, None] * log_odds(chance) + _intercepts(chance)[:, None]


def likelihood(odds: Sequence[Matrix], came: Flags) -> Matrix:
    """Return how likely (log; levels, slopes) a year's onsets were by the stretched log-odds of the base years before it.

    ``odds`` hold the same states in the same order; NaN where a base year did not forecast one.
    """
    each = [1 - np.sqrt(1 - from_log_odds(LEVELS[:, None, None] + base)) for base in odds]
    chance = np.nanmean(each, axis=0)
    found: Matrix = np.where(came, np.log(chance), np.log1p(-chance)).sum(axis=-1)
    return found


def follow(likelihoods: Sequence[Matrix]) -> Matrix:
    """Return the weights (levels, slopes) for the year after past years, which stand oldest first."""
    grid = list(product(HALF_LIVES, LEVEL_STEPS, SLOPE_STEPS))
    level = np.stack([_moves(LEVELS, stays=0.5 ** (1 / half_life), step=step) for half_life, step, _ in grid])
    slope = np.stack([_moves(SLOPES, stays=1.0, step=step) for _, _, step in grid])
    known = np.tile(np.outer(_about(LEVELS, 0.0, LEVEL_SPREAD), _about(SLOPES, 1.0, SLOPE_SPREAD)), (len(grid), 1, 1))
    weight = np.zeros(len(grid))
    for found in likelihoods:
        known = _year_on(known, level, slope) * np.exp(found - found.max())
        told = known.sum(axis=(1, 2))
        known, weight = known / told[:, None, None], weight + np.log(told)
    weight = np.exp(weight - weight.max())
    ahead: Matrix = np.average(_year_on(known, level, slope), axis=0, weights=weight)
    return ahead


def calibrations(weights: Matrix, chance: Matrix) -> tuple[Calibration, ...]:
    """Return what to do to the chances of a base year; what weighs next to nothing is left out."""
    intercepts = _intercepts(chance)
    return tuple(
        Calibration(intercept=float(LEVELS[level] + intercepts[slope]), slope=float(SLOPES[slope]), weight=float(weights[level, slope]))
        for level, slope in np.argwhere(weights > LEAST_WEIGHT)
    )


def _intercepts(chance: Matrix) -> Matrix:
    """Find by halving, for each slope, what keeps the sum of the chances."""
    low, high = np.full(SLOPES.size, -FARTHEST), np.full(SLOPES.size, FARTHEST)
    odds = SLOPES[:, None] * log_odds(chance)
    total = from_log_odds(log_odds(chance)).sum()
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_over = from_log_odds(odds + middle[:, None]).sum(axis=1) > total
        low, high = np.where(is_over, low, middle), np.where(is_over, middle, high)
    found: Matrix = (low + high) / 2
    return found


def _about(values: Matrix, centre: float, spread: float) -> Matrix:
    bell = np.exp(-(((values - centre) / spread) ** 2) / 2)
    found: Matrix = bell / bell.sum()
    return found


def _moves(values: Matrix, *, stays: float, step: float) -> Matrix:
    """Return the chances (from, to) of moving in a year."""
    if not step:
        return np.eye(values.size)
    bell = np.exp(-(((values - stays * values[:, None]) / step) ** 2) / 2)
    found: Matrix = bell / bell.sum(axis=1, keepdims=True)
    return found


def _year_on(known: Matrix, level: Matrix, slope: Matrix) -> Matrix:
    found: Matrix = np.swapaxes(level, 1, 2) @ known @ slope
    return found
