"""Boosted trees whose chance may only rise (or fall) with a predictor, as theory says; the mean of three seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.kept import kept
from forefend.forecast.learn import TooLittleToLearn, digest, ensemble
from forefend.forecast.reference import Z90
from forefend.forecast.ridge import from_log_odds, log_odds
from forefend.forecast.target import HORIZON_YEARS, Period
from forefend.forecast.year_panel import YearPanel, as_panel
from forefend.locale import N_

SETTINGS = {
    "learning_rate": 0.03,
    "max_iter": 150,
    "max_depth": 3,
    "min_samples_leaf": 40,
    "l2_regularization": 20.0,
    "max_features": 0.3,
    "max_bins": 64,
    "early_stopping": False,
}
SEEDS = 3
LEAST_POSITIVE = 3


@dataclass(frozen=True, kw_only=True)
class BoostedTrees:
    """``half_life`` in years, by which older country-years weigh half; none: equal. ``used``: predictors known in training."""

    name: ClassVar[str] = "boosted_trees"
    title: ClassVar[str] = N_("monotone boosted trees")
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ewp", "ucdp_actor")
    half_life: float | None = None
    used: tuple[int, ...] = ()
    fitted: Sequence[Any] = ()

    def fit(self, history: History | YearPanel) -> BoostedTrees:
        """Learn; raises TooLittleToLearn without three onsets, and ForecastError without scikit-learn."""
        panel = as_panel(history)
        known = panel.is_known
        inputs, outcome = panel.inputs[known], panel.outcome[known]
        if outcome.sum() < LEAST_POSITIVE:
            raise TooLittleToLearn("Fewer than three country-years with an onset are known. Use the base rate.")
        age = panel.base_year - HORIZON_YEARS - panel.year[known]
        weight = None if self.half_life is None else 0.5 ** (age / self.half_life)
        make, used = ensemble("HistGradientBoostingClassifier"), np.flatnonzero((~np.isnan(inputs)).any(axis=0))
        inputs = inputs[:, used]

        def train() -> list[Any]:
            signs = [panel.signs[place] for place in used]
            return [
                make(monotonic_cst=signs, random_state=seed, **SETTINGS).fit(inputs, outcome, sample_weight=weight) for seed in range(SEEDS)
            ]

        return replace(
            self, used=tuple(int(place) for place in used), fitted=kept(digest(self.name, self.half_life, inputs, outcome, age), train)
        )

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return chance and an interval of how far the seeds differ, which is less than is not known."""
        panel = as_panel(history)
        now = panel.is_now
        odds = np.stack([log_odds(trees.predict_proba(panel.inputs[now][:, self.used])[:, 1]) for trees in self.fitted])
        middle, spread = odds.mean(axis=0), Z90 * odds.std(axis=0)
        found = from_log_odds(np.stack([middle, middle - spread, middle + spread], axis=1))
        return np.where(panel.impossible[now][:, None], 0.0, found)


MODEL = BoostedTrees
