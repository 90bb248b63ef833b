"""Extremely random trees on country-years: many rough analogies, averaged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import History, Matrix
from forefend.forecast.kept import kept
from forefend.forecast.learn import TooLittleToLearn, digest, ensemble
from forefend.forecast.reference import Z90
from forefend.forecast.target import HORIZON_YEARS, Period
from forefend.forecast.year_panel import YearPanel, as_panel
from forefend.locale import N_

SETTINGS = {"n_estimators": 150, "min_samples_leaf": 10, "max_features": 0.3, "random_state": 0, "n_jobs": 1}
LEAST, MOST = 1e-4, 1 - 1e-4
LEAST_POSITIVE = 3


@dataclass(frozen=True, kw_only=True)
class ExtraTrees:
    """``half_life`` in years, by which older country-years weigh half. Unknown predictors stand at the ``middle`` (median)."""

    name: ClassVar[str] = "extra_trees"
    title: ClassVar[str] = N_("extremely random trees")
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ewp", "ucdp_actor")
    half_life: float | None = None
    middle: Matrix | None = None
    fitted: Any = None

    def fit(self, history: History | YearPanel) -> ExtraTrees:
        """Learn; raises TooLittleToLearn without three onsets, and ForecastError without scikit-learn."""
        panel = as_panel(history)
        known = panel.is_known
        outcome = panel.outcome[known]
        if outcome.sum() < LEAST_POSITIVE:
            raise TooLittleToLearn("Fewer than three country-years with an onset are known. Use the base rate.")
        inputs = panel.columns(panel.long)[known]
        middle = np.nan_to_num(np.nanmedian(inputs, axis=0))
        age = panel.base_year - HORIZON_YEARS - panel.year[known]
        weight = None if self.half_life is None else 0.5 ** (age / self.half_life)
        make, filled = ensemble("ExtraTreesClassifier"), _filled(inputs, middle)
        key = digest(self.name, self.half_life, filled, outcome, age)
        return replace(self, middle=middle, fitted=kept(key, lambda: make(**SETTINGS).fit(filled, outcome, sample_weight=weight)))

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return chance and an interval of how far the mean of so many trees may be from that of endlessly many."""
        panel = as_panel(history)
        assert self.middle is not None  # noqa: S101 - fit returns a fitted model
        inputs, now = _filled(panel.columns(panel.long)[panel.is_now], self.middle), panel.is_now
        each = np.stack([tree.predict_proba(inputs)[:, 1] for tree in self.fitted.estimators_])
        middle, spread = each.mean(axis=0), Z90 * each.std(axis=0) / np.sqrt(len(each))
        found = np.clip(np.stack([middle, middle - spread, middle + spread], axis=1), LEAST, MOST)
        return np.where(panel.impossible[now][:, None], 0.0, found)


def _filled(inputs: Matrix, middle: Matrix) -> npt.NDArray[np.float32]:
    return np.where(np.isnan(inputs), middle, inputs).astype(np.float32)


MODEL = ExtraTrees
