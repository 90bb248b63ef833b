"""Online recalibration: one shift in log-odds, by how many onsets a model expected of each past year and how many came.

The rate of onsets drifts. Its level beside the model's is followed by a filter: counts of a year are Poisson about the number
expected times the level, the level is gamma distributed, and what is known of it fades from year to year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from forefend.forecast.history import Matrix
from forefend.forecast.ridge import from_log_odds, log_odds

YEARS = 15  # looked back on; an older one would weigh less than a thousandth
STAYS = 0.6  # of what is known of the level, from one year to the next
PRIOR = 6.0  # onsets that the level of 1 is worth


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What is added to log-odds after they are stretched; 0 and 1 change nothing."""

    intercept: float = 0.0
    slope: float = 1.0

    def apply(self, chance: Matrix) -> Matrix:
        """Return recalibrated chances."""
        return from_log_odds(self.intercept + self.slope * log_odds(chance))


def follow_level(expected: Sequence[float], came: Sequence[float]) -> Calibration:
    """Follow the level through past years, oldest first, to the year after the last; without any, change nothing."""
    onsets = model = PRIOR
    for ours, theirs in zip(expected, came, strict=True):
        onsets, model = _faded(onsets + theirs), _faded(model + ours)
    return Calibration(intercept=log(onsets / model))


def _faded(known: float) -> float:
    return STAYS * known + (1 - STAYS) * PRIOR
