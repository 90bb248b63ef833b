"""Paths from single months: which rank each path has in each month's distribution, and chances spread evenly over paths.

A month's distribution is the same whatever the order of its draws; the order decides what sums of months tell. Half of a
path's variance, in the normal scale, is shared by all its months.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import Matrix
from forefend.forecast.normal import quantile

SHARED = 0.5


def ranks(states: int, horizon: int, count: int, *, seed: int) -> npt.NDArray[np.intp]:
    """Return the rank of each path in each month (states, horizon, paths): every rank once in every month."""
    chance = np.random.default_rng(seed)
    level = np.sqrt(SHARED) * quantile(even((states, 1, count), chance=chance))
    noise = np.sqrt(1 - SHARED) * chance.standard_normal((states, horizon, count))
    found: npt.NDArray[np.intp] = np.argsort(np.argsort(level + noise, axis=-1), axis=-1)
    return found


def even(shape: tuple[int, ...], *, chance: np.random.Generator) -> Matrix:
    """Return numbers between 0 and 1, one from each equal part of the last axis, in random order."""
    count = shape[-1]
    found: Matrix = (np.argsort(chance.random(shape), axis=-1) + chance.random(shape)) / count
    return found


def along(paths: Matrix, values: Matrix, *, seed: int) -> Matrix:
    """Give each month's values (in rising order) to paths in the order in which these stand in the month; all (states, horizon, paths).

    Paths that stand level in a month, as those without deaths do, are told apart by lot: by their totals, sums would spread too far.
    """
    lots = np.random.default_rng(seed).random(paths.shape)
    rank = np.argsort(np.lexsort((lots, paths), axis=-1), axis=-1)
    found: Matrix = np.take_along_axis(values, rank, axis=-1)
    return found
