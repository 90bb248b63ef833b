"""Intervals from drawing countries anew: cases of one country belong together, and models are compared on the same draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import Matrix

DRAWS = 1000
SEED = 20241231
SHARE = 0.9

Span = tuple[float, float, float]  # value, and the 90 % interval's ends


@dataclass(frozen=True, kw_only=True)
class Countries:
    """Which country every case belongs to (``place``, 0 to ``count`` - 1), and how often each is drawn, the same for all models."""

    place: npt.NDArray[np.intp]
    times: Matrix

    def sums(self, values: Matrix) -> Matrix:
        """Sum values by country."""
        summed: Matrix = np.bincount(self.place, weights=values, minlength=self.times.shape[1]).astype(float)
        return summed

    def ratio(self, part: Matrix, whole: Matrix) -> Span:
        """Return the sum of one quantity over that of another, both given by case."""
        above, below = self.sums(part), self.sums(whole)
        with np.errstate(divide="ignore", invalid="ignore"):
            return _span(above.sum() / below.sum(), (self.times @ above) / (self.times @ below))

    def of(self, function: Callable[[Matrix], float], *, share: float = SHARE) -> Span:
        """Return a quantity that takes a weight for every case."""
        drawn = np.array([function(times[self.place]) for times in self.times])
        return _span(function(np.ones(self.place.size)), drawn, share=share)

    def mean_of(self, values: Matrix, *, share: float = SHARE) -> Span:
        """Return the mean of a quantity given by case, such as a difference between two models."""
        above, below = self.sums(values), self.sums(np.ones(values.shape))
        return _span(float(above.sum() / below.sum()), (self.times @ above) / (self.times @ below), share=share)


def countries(codes: npt.NDArray[np.str_]) -> Countries:
    """Draw countries with replacement, as many as there are, 1,000 times."""
    names, place = np.unique(codes, return_inverse=True)
    picked = np.random.default_rng(SEED).multinomial(names.size, np.full(names.size, 1 / names.size), size=DRAWS)
    return Countries(place=place, times=picked.astype(float))


def _span(value: float, drawn: Matrix, *, share: float = SHARE) -> Span:
    kept = drawn[np.isfinite(drawn)]
    if not kept.size:
        return float(value), float("nan"), float("nan")
    low, high = np.quantile(kept, [(1 - share) / 2, (1 + share) / 2])
    return float(value), float(low), float(high)
