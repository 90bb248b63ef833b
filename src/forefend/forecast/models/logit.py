"""Regularised logistic regression on the predictors of country-years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.reference import Z90
from forefend.forecast.ridge import Ridge, fit_ridge, from_log_odds
from forefend.forecast.target import HORIZON_YEARS, Period
from forefend.forecast.year_panel import YearPanel, as_panel
from forefend.locale import N_

LEAST_POSITIVE = 3


@dataclass(frozen=True, kw_only=True)
class Logit:
    """``half_life`` in years, by which older country-years weigh half; none for equal weights. ``fitted`` is None before fitting."""

    name: ClassVar[str] = "logit"
    title: ClassVar[str] = N_("regularised logistic regression")
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ewp", "ucdp_actor")
    predictors: Literal["short", "long"] = "short"
    penalty: float = 30.0
    half_life: float | None = None
    fitted: Ridge | None = None

    def fit(self, history: History | YearPanel) -> Logit:
        """Learn from country-years whose outcome is known; raises TooLittleToLearn without three onsets."""
        panel = as_panel(history)
        known = panel.is_known
        if np.nansum(panel.outcome[known]) < LEAST_POSITIVE:
            raise TooLittleToLearn("Fewer than three country-years with an onset are known. Use the base rate.")
        inputs = panel.columns(self._names(panel))[known]
        age = panel.base_year - HORIZON_YEARS - panel.year[known]
        weight = None if self.half_life is None else 0.5 ** (age / self.half_life)
        return replace(self, fitted=fit_ridge(inputs, panel.outcome[known], penalty=self.penalty, weight=weight))

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return chance and 90 % interval (how well the regression is determined) of the states of the base year."""
        panel = as_panel(history)
        assert self.fitted is not None  # noqa: S101 - fit returns a fitted model
        inputs, now = panel.columns(self._names(panel))[panel.is_now], panel.is_now
        middle, spread = self.fitted.log_odds(inputs), Z90 * np.sqrt(self.fitted.variance(inputs))
        found = from_log_odds(np.stack([middle, middle - spread, middle + spread], axis=1))
        return np.where(panel.impossible[now][:, None], 0.0, found)

    def _names(self, panel: YearPanel) -> tuple[str, ...]:
        return panel.short if self.predictors == "short" else panel.long


MODEL = Logit
