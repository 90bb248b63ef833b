"""The world's base rate: every country has the chance that the average country-year had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix, windows
from forefend.forecast.reference import tally, wilson
from forefend.forecast.target import Period


@dataclass(frozen=True, kw_only=True)
class BaseRate:
    """``rate`` is chance, lower and upper bound, the same for all."""

    name: ClassVar[str] = "base_rate"
    title: ClassVar[str] = "the world's base rate"
    period: ClassVar[Period] = "year"
    rate: tuple[float, float, float] = (0.0, 0.0, 1.0)

    def fit(self, history: History) -> BaseRate:
        """Count the country-years that an onset followed."""
        hits, trials = tally(windows(history.deaths), None)
        return BaseRate(rate=(hits / trials, *wilson(hits, trials)))

    def chances(self, history: History) -> Matrix:
        """Return the same three numbers for every state."""
        return np.tile(self.rate, (len(history.iso3s), 1))


MODEL = BaseRate
