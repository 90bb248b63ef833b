"""The normal distribution without a library: its cumulative chance and its quantile."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from forefend.forecast.history import Matrix

_GRID = np.linspace(-6, 6, 12001)
_CHANCE = np.array([NormalDist().cdf(float(value)) for value in _GRID])


def cumulative(values: Matrix) -> Matrix:
    """Return the chance of a smaller value, right to six digits."""
    found: Matrix = np.interp(values, _GRID, _CHANCE)
    return found


def quantile(chances: Matrix) -> Matrix:
    """Return the value below which a chance lies; chances within a millionth of 0 and 1 are moved there."""
    found: Matrix = np.interp(np.clip(chances, 1e-6, 1 - 1e-6), _CHANCE, _GRID)
    return found
