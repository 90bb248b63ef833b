"""What each predictor adds in one yearly model, on the scale on which the model adds, and the chances at both ends.

Exact for regressions (weight times difference), for boosted trees and for forests (see ``trees``), and for the reference class and
persistence, which rest on one number. The scale's name does not matter: ``pooled`` carries it over to log-odds by its own total.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from forefend.forecast.explain import trees
from forefend.forecast.history import History, Matrix
from forefend.forecast.models.persistence import UNDER_WAY
from forefend.forecast.ridge import Ridge
from forefend.forecast.year_panel import YearPanel

OS = "os"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """``contributions`` (states, predictors of the panel) lead from ``before`` to ``now``, both chances.

    ``slope`` is how a chance changes with the scale where the two do not differ.
    """

    contributions: Matrix
    now: Matrix
    before: Matrix
    slope: Matrix


Explain = Callable[[Any, YearPanel, Matrix, Matrix], Matrix]


def parts_of(fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Parts | None:
    """Explain a fitted member at rows of predictors against others; None for a model that is not taken apart."""
    if fitted.name not in EXPLAINED:
        return None
    chance, reference = chances_at(fitted, panel, now), chances_at(fitted, panel, before)
    is_chance = fitted.name in ON_CHANCES
    return Parts(
        contributions=EXPLAINED[fitted.name](fitted, panel, now, before),
        now=chance,
        before=reference,
        slope=np.ones(len(chance)) if is_chance else chance * (1 - chance),
    )


def chances_at(fitted: Any, panel: YearPanel, inputs: Matrix) -> Matrix:
    """Return a fitted model's chances at any rows of predictors."""
    count = len(inputs)
    rows = replace(
        panel,
        iso3=np.array([f"{place:03d}" for place in range(count)]),
        year=np.full(count, panel.base_year),
        inputs=inputs,
        outcome=np.full(count, np.nan),
        impossible=np.zeros(count, dtype=bool),
        levels=np.zeros((count, panel.levels.shape[1])),
        history=_history(panel, inputs) if OS in panel.names and panel.history is not None else None,
    )
    found: Matrix = fitted.chances(rows)[:, 0]
    return found


def _history(panel: YearPanel, inputs: Matrix) -> History:
    """Return months that hold a row's deaths of the last year and none before, for models that look at months."""
    deaths = np.zeros((len(inputs), 36))
    deaths[:, -1] = np.round(np.expm1(inputs[:, panel.names.index(OS)]), 6)
    return History(
        target=OS, iso3s=tuple(f"{place:03d}" for place in range(len(inputs))), first=date(panel.base_year - 2, 1, 1), deaths=deaths
    )


def _regression(fitted: Ridge, now: Matrix, before: Matrix) -> Matrix:
    width = now.shape[1]
    spare = np.ones((len(now), len(fitted.weights) - 1 - width))  # of levels asked at once, the target's is the highest
    here, there = (fitted.standardised(np.column_stack([rows, spare])) for rows in (now, before))
    found: Matrix = ((here - there) * fitted.weights)[:, 1 : 1 + width]
    return found


def _logit(fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Matrix:
    names = panel.short if fitted.predictors == "short" else panel.long
    return _over(panel, names, lambda columns: _regression(fitted.fitted, now[:, columns], before[:, columns]))


def _thresholds(fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Matrix:
    return _over(panel, panel.names, lambda columns: _regression(fitted.fitted, now[:, columns], before[:, columns]))


def _boosted(fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Matrix:
    names = tuple(panel.names[place] for place in fitted.used)

    def make(columns: list[int]) -> Matrix:
        each = [trees.shares(trees.boosted_leaves(one), now[:, columns], before[:, columns]) for one in fitted.fitted]
        mean: Matrix = np.mean(each, axis=0)
        return mean

    return _over(panel, names, make)


def _extra(fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Matrix:
    def filled(rows: Matrix) -> Matrix:
        found: Matrix = np.where(np.isnan(rows), fitted.middle, rows).astype(np.float32).astype(np.float64)
        return found

    leaves = trees.forest_leaves(fitted.fitted)
    return _over(panel, panel.long, lambda columns: trees.shares(leaves, filled(now[:, columns]), filled(before[:, columns])))


def _class(fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Matrix:
    return _by_one(OS, fitted, panel, now, before)


def _persistence(fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Matrix:
    return _by_one(UNDER_WAY[panel.target][0], fitted, panel, now, before)


def _by_one(name: str, fitted: Any, panel: YearPanel, now: Matrix, before: Matrix) -> Matrix:
    difference = chances_at(fitted, panel, now) - chances_at(fitted, panel, before)
    return _over(panel, (name,), lambda _: difference[:, None])


def _over(panel: YearPanel, names: tuple[str, ...], make: Callable[[list[int]], Matrix]) -> Matrix:
    """Lay a model's contributions out over all predictors of the panel; those it does not use add nothing."""
    columns = [panel.names.index(name) for name in names]
    made = make(columns)
    found = np.zeros((len(made), len(panel.names)))
    found[:, columns] = made
    return found


EXPLAINED: Mapping[str, Explain] = {
    "logit": _logit,
    "thresholds": _thresholds,
    "boosted_trees": _boosted,
    "extra_trees": _extra,
    "reference_class": _class,
    "persistence": _persistence,
}
ON_CHANCES = ("extra_trees", "reference_class", "persistence")  # models that add chances; the others add log-odds
