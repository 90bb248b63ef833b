"""One regression asked for 100, 250, 500 and 1,000 deaths at once, so that the few onsets lean on many lesser rises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.reference import Z90
from forefend.forecast.ridge import Ridge, fit_ridge, from_log_odds
from forefend.forecast.target import Period
from forefend.forecast.year_panel import THRESHOLDS, YearPanel, as_panel
from forefend.locale import N_

PENALTY = 30.0
LEAST_POSITIVE = 10  # of the lowest level


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """``fitted`` has the predictors, then one column for each level but the lowest."""

    name: ClassVar[str] = "thresholds"
    title: ClassVar[str] = N_("one regression for four levels of deaths")
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ucdp_actor")
    fitted: Ridge | None = None

    def fit(self, history: History | YearPanel) -> Thresholds:
        """Learn from country-years whose two following years are known; raises TooLittleToLearn."""
        panel = as_panel(history)
        known = panel.is_known
        levels = panel.levels[known]
        if not levels.size or levels[:, 0].sum() < LEAST_POSITIVE:
            raise TooLittleToLearn("Fewer than ten country-years before 100 deaths or more are known. Use the base rate.")
        inputs = np.concatenate([_asked(panel.inputs[known], level=level) for level in range(len(THRESHOLDS))])
        weight = np.full(len(inputs), 1 / len(THRESHOLDS))
        return Thresholds(fitted=fit_ridge(inputs, levels.T.ravel(), penalty=PENALTY / len(THRESHOLDS), weight=weight))

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return chance and 90 % interval for the highest level, which is the target's."""
        panel = as_panel(history)
        assert self.fitted is not None  # noqa: S101 - fit returns a fitted model
        inputs = _asked(panel.inputs[panel.is_now], level=len(THRESHOLDS) - 1)
        middle, spread = self.fitted.log_odds(inputs), Z90 * np.sqrt(self.fitted.variance(inputs))
        found = from_log_odds(np.stack([middle, middle - spread, middle + spread], axis=1))
        return np.where(panel.impossible[panel.is_now][:, None], 0.0, found)


def _asked(inputs: Matrix, *, level: int) -> Matrix:
    asked = np.zeros((len(inputs), len(THRESHOLDS) - 1))
    asked[:, :level] = 1.0
    return np.column_stack([inputs, asked])


MODEL = Thresholds
