"""Online recalibration: an intercept and a slope in log-odds, learnt from a model's own past forecasts whose outcome is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forefend.forecast.history import Matrix
from forefend.forecast.ridge import from_log_odds, log_odds, newton

SPANS = (10, 20)  # base years looked back on; the recalibrated chances of both are averaged, as the rate of onsets drifts
LEAST_POSITIVE = 20  # country-years with an onset in the longest span; with fewer, noise would be learnt
PRIOR = np.array([0.5, 20.0])  # precision of the normal priors that hold the intercept near 0 and the slope near 1


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What is added to log-odds after they are stretched; 0 and 1 change nothing."""

    intercept: float = 0.0
    slope: float = 1.0

    def apply(self, chance: Matrix) -> Matrix:
        """Return recalibrated chances."""
        return from_log_odds(self.intercept + self.slope * log_odds(chance))


def learn_calibration(chance: Matrix, outcome: Matrix) -> Calibration:
    """Learn from past chances and what followed; without any, change nothing."""
    if not chance.size:
        return Calibration()
    values, unchanged = np.column_stack([np.ones(chance.size), log_odds(chance)]), np.array([0.0, 1.0])
    found, _ = newton(values, outcome, each=np.ones(chance.size), pull=PRIOR, start=unchanged, towards=unchanged)
    return Calibration(intercept=float(found[0]), slope=float(found[1]))
