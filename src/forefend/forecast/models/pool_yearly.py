"""The pool of yearly models: the mean of their chances, level and slope learnt from how it would have done in past years."""

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
from forefend.forecast.recalibrate import YEARS, Calibration, calibrations, follow, likelihood, recalibrated, stretched
from forefend.forecast.reference import Z90
from forefend.forecast.ridge import from_log_odds, log_odds
from forefend.forecast.target import HORIZON_YEARS, Period
from forefend.forecast.year_panel import Names, YearPanel, as_panel
from forefend.locale import N_

MEMBERS: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]] = {
    "ewp": (
        ("logit", {"predictors": "short", "penalty": 30.0}),
        ("logit", {"predictors": "long", "penalty": 100.0, "half_life": 20.0}),
        ("boosted_trees", {}),
        ("boosted_trees", {"half_life": 20.0}),
        ("extra_trees", {}),
        ("extra_trees", {"half_life": 20.0}),
    ),
    "ucdp": (("logit", {}), ("thresholds", {}), ("boosted_trees", {}), ("extra_trees", {}), ("reference_class", {}), ("persistence", {})),
    "ucdp_actor": (("logit", {}), ("thresholds", {}), ("boosted_trees", {}), ("extra_trees", {}), ("persistence", {})),
}
UNKNOWN = "No member of the pool could be fitted: too few onsets are known. Use the base rate."


@dataclass(frozen=True, kw_only=True)
class YearlyPool:
    """``calibrations`` are learnt from the onsets of past years, each forecast again from the two base years before it, and weighed."""

    name: ClassVar[str] = "pool"
    title: ClassVar[str] = N_("pool of regressions and trees, recalibrated by its own past")
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ewp", "ucdp_actor")
    calibrations: tuple[Calibration, ...] = (Calibration(),)

    def fit(self, history: History | YearPanel) -> YearlyPool:
        """Forecast past years again, each from what was known before it, and learn from the onsets up to the base year.

        Raises TooLittleToLearn where no member can be fitted.
        """
        panel = as_panel(history)
        now = _possible(panel)
        first = max(panel.base_year - YEARS, int(panel.year.min()))
        bases = {year: base for year in range(first, panel.base_year) if (base := _earlier(panel.until(year))) is not None}
        told = [_told(bases, year, panel) for year in range(first + 1, panel.base_year + 1) if year - 1 in bases]
        return YearlyPool(calibrations=calibrations(follow(told), now.chance))

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return chance and 90 % interval: how far the members differ, and how well the regressions are determined."""
        panel = as_panel(history)
        return np.where(panel.impossible[panel.is_now][:, None], 0.0, recalibrated(self.calibrations, _raw(panel)))


@dataclass(frozen=True, kw_only=True)
class _Base:
    """The states that could be forecast from a base year, and their chances before recalibration."""

    iso3: Names
    chance: Matrix


def _possible(panel: YearPanel) -> _Base:
    possible = ~panel.impossible[panel.is_now]
    return _Base(iso3=panel.iso3[panel.is_now][possible], chance=_raw(panel)[possible, 0])


def _earlier(panel: YearPanel) -> _Base | None:
    """Return None for a base year from which nothing could be forecast."""
    try:
        found = _possible(panel)
    except TooLittleToLearn:
        return None
    return found if found.iso3.size else None


def _told(bases: Mapping[int, _Base], year: int, panel: YearPanel) -> Matrix:
    """Return how likely the onsets of a year were by the one or two base years before it."""
    states = bases[year - 1].iso3
    before = [bases[base] for base in range(year - HORIZON_YEARS, year) if base in bases]
    begun = panel.iso3[(panel.year == year) & panel.begun]
    return likelihood([_placed(base, states) for base in before], np.isin(states, begun))


def _placed(base: _Base, states: Names) -> Matrix:
    """Return stretched log-odds of some states; NaN for those not forecast from this base year."""
    place = {iso3: row for row, iso3 in enumerate(base.iso3.tolist())}
    rows = np.array([place.get(iso3, -1) for iso3 in states.tolist()], dtype=np.intp)
    found: Matrix = np.where(rows >= 0, stretched(base.chance)[:, rows], np.nan)
    return found


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
