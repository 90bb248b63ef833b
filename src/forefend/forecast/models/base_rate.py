"""The world's base rate: every country has the chance that the average country-year had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix, windows
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.reference import tally, wilson
from forefend.forecast.target import Period
from forefend.forecast.year_panel import YearPanel, as_history
from forefend.locale import N_


@dataclass(frozen=True, kw_only=True)
class BaseRate:
    """``rate`` is chance, lower and upper bound, the same for all."""

    name: ClassVar[str] = "base_rate"
    title: ClassVar[str] = N_("the world's base rate")
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ewp", "ucdp_actor")
    rate: tuple[float, float, float] = (0.0, 0.0, 1.0)

    def fit(self, history: History | YearPanel) -> BaseRate:
        """Count the country-years that an onset followed; raises TooLittleToLearn where of none it is known."""
        hits, trials = _count(history)
        if not trials:
            raise TooLittleToLearn("Of no country-year is it known what followed. Begin with a later base year.")
        return BaseRate(rate=(hits / trials, *wilson(hits, trials)))

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return the same three numbers for every state."""
        states = int(history.is_now.sum()) if isinstance(history, YearPanel) else len(history.iso3s)
        return np.tile(self.rate, (states, 1))


def _count(history: History | YearPanel) -> tuple[int, int]:
    if isinstance(history, YearPanel) and history.history is None:
        return int(history.outcome[history.is_known].sum()), int(history.is_known.sum())
    return tally(windows(as_history(history).deaths), None)


MODEL = BaseRate
