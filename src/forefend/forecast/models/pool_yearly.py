"""The pool of yearly models: the mean of their chances, their level set by how many onsets the pool expected of past years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from forefend.errors import ForecastError
from forefend.forecast.history import History, Matrix
from forefend.forecast.kept import kept
from forefend.forecast.learn import TooLittleToLearn, digest
from forefend.forecast.models import find_model
from forefend.forecast.recalibrate import YEARS, Calibration, follow_level
from forefend.forecast.reference import Z90
from forefend.forecast.ridge import from_log_odds, log_odds
from forefend.forecast.target import HORIZON_YEARS, Period
from forefend.forecast.year_panel import YearPanel, as_panel

MEMBERS: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]] = {
    "ewp": (
        ("logit", {"predictors": "short", "penalty": 30.0}),
        ("logit", {"predictors": "long", "penalty": 100.0, "half_life": 20.0}),
        ("boosted_trees", {}),
        ("boosted_trees", {"half_life": 20.0}),
        ("extra_trees", {}),
        ("extra_trees", {"half_life": 20.0}),
    ),
    "ucdp": (("logit", {}), ("thresholds", {}), ("boosted_trees", {}), ("extra_trees", {}), ("reference_class", {})),
    "ucdp_actor": (("logit", {}), ("thresholds", {}), ("boosted_trees", {}), ("extra_trees", {})),
}
UNKNOWN = "No member of the pool could be fitted: too few onsets are known. Use the base rate."


@dataclass(frozen=True, kw_only=True)
class YearlyPool:
    """``calibrations`` are learnt from the onsets of past years, each forecast again from the two base years before it."""

    name: ClassVar[str] = "pool"
    title: ClassVar[str] = "pool of regressions and trees, recalibrated by its own past"
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ewp", "ucdp_actor")
    calibrations: tuple[Calibration, ...] = (Calibration(),)

    def fit(self, history: History | YearPanel) -> YearlyPool:
        """Forecast past years again, each from what was known before it, and compare with the onsets up to the base year."""
        panel = as_panel(history)
        first = max(panel.base_year - YEARS + 1, int(panel.year.min()))
        years = range(first, panel.base_year + 1)
        expected = [_expected(panel, year) for year in years]
        came = [float(panel.begun[panel.year == year].sum()) for year in years]
        told = [(ours, theirs) for ours, theirs in zip(expected, came, strict=True) if ours is not None]
        return YearlyPool(calibrations=(follow_level([ours for ours, _ in told], [theirs for _, theirs in told]),))

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return chance and 90 % interval: how far the members differ, and how well the regressions are determined."""
        panel = as_panel(history)
        found = np.mean([calibration.apply(_raw(panel)) for calibration in self.calibrations], axis=0)
        return np.where(panel.impossible[panel.is_now][:, None], 0.0, found)


def _expected(panel: YearPanel, year: int) -> float | None:
    """Return the onsets expected of a year by the two base years before it, each of which gives it half of its two years' chance."""
    found = []
    for base in range(max(year - HORIZON_YEARS, int(panel.year.min())), year):
        try:
            found.append(float(_raw(panel.until(base))[:, 0].sum()) / HORIZON_YEARS)
        except TooLittleToLearn:
            continue
    return sum(found) / len(found) if found else None


def _raw(panel: YearPanel) -> Matrix:
    key = digest("yearly pool", panel.target, panel.base_year, panel.inputs, panel.outcome, panel.impossible, panel.levels)
    return kept(key, lambda: _mean(panel))


def _mean(panel: YearPanel) -> Matrix:
    members = [_member(name, given, panel) for name, given in MEMBERS[panel.target]]
    chances = [member for member in members if member is not None]
    if not chances:
        raise TooLittleToLearn(UNKNOWN)
    stacked = np.stack(chances)  # (members, states, 3)
    odds, middle = log_odds(stacked), stacked[:, :, 0].mean(axis=0)
    within = ((odds[:, :, 2] - odds[:, :, 1]) / (2 * Z90)) ** 2
    spread = Z90 * np.sqrt(within.mean(axis=0) + odds[:, :, 0].var(axis=0))
    centre = log_odds(middle)
    return np.stack([middle, from_log_odds(centre - spread), from_log_odds(centre + spread)], axis=1)


def _member(name: str, given: Mapping[str, Any], panel: YearPanel) -> Matrix | None:
    try:
        found: Matrix = find_model(name, period="year")(**given).fit(panel).chances(panel)
    except TooLittleToLearn:
        return None
    if np.isnan(found).any():
        return None
    if len(found) != panel.is_now.sum():
        raise ForecastError(f"The model {name} left out states of base year {panel.base_year}. Every state must be forecast.")
    return found


MODEL = YearlyPool
