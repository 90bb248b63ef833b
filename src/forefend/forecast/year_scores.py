"""Scores of yearly chances: how far off, how well ranked, how well calibrated, and paired with the rivals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from forefend.forecast import score
from forefend.forecast.history import Flags, Matrix
from forefend.forecast.resample import Countries, Span
from forefend.forecast.ridge import log_odds, newton

WATCHED = 30  # length of the watch list whose recall is told
PAIRED_SHARE = 0.95
REFERENCE = "base_rate"

Row = dict[str, object]
Years = npt.NDArray[np.intp]


def row(model: str, name: str, value: Span, ratio: Span | None, rows: int) -> Row:
    """Return one line of a table of scores: value and ratio to the reference, each with its interval."""
    spans = zip(("value", "low", "high", "ratio", "ratio_low", "ratio_high"), (*value, *(ratio or (None,) * 3)), strict=True)
    return {"model": model, "score": name, "rows": rows, **dict(spans)}


def year_scores(chances: Mapping[str, Matrix], happened: Flags, *, years: Years, groups: Countries, own: str) -> list[Row]:
    """Score every model on the same country-years, then pair the product's own with each rival (95 % intervals)."""
    rows = [line for name in chances for line in _of_model(name, chances, happened, years=years, groups=groups)]
    for rival in chances:
        if own in chances and rival != own:
            values = score.log_loss(chances[own], happened) - score.log_loss(chances[rival], happened)
            difference = groups.mean_of(values, share=PAIRED_SHARE)
            rows.append(row(own, f"log_loss_minus_{rival}", difference, None, values.size))
    return rows


def _of_model(name: str, chances: Mapping[str, Matrix], happened: Flags, *, years: Years, groups: Countries) -> list[Row]:
    chance, size = chances[name], happened.size
    rows = []
    for title, function in (("brier", score.brier), ("log_loss", score.log_loss)):
        values = function(chance, happened)
        ratio = groups.ratio(values, function(chances[REFERENCE], happened)) if REFERENCE in chances else None
        rows.append(row(name, title, groups.ratio(values, np.ones(size)), ratio, size))
    top = score.in_top(chance, group=years, count=WATCHED)
    rows += [
        row(name, "expected_over_observed", groups.ratio(chance, happened.astype(float)), None, size),
        row(name, "auc_in_year", groups.of(_ranking(chance, happened, group=years)), None, size),
        row(name, "auc", groups.of(_ranking(chance, happened, group=np.zeros_like(years))), None, size),
        row(name, "pr_auc", groups.of(lambda weights: score.average_precision(chance, happened, weights=weights)), None, size),
        row(name, f"recall_top_{WATCHED}", groups.ratio(top * happened, happened.astype(float)), None, size),
        row(name, "calibration_slope", (slope(chance, happened), float("nan"), float("nan")), None, size),
    ]
    return rows


def slope(chance: Matrix, happened: Flags) -> float:
    """Slope of what happened on log-odds: 1 is ideal, below 1 the chances are too extreme; NaN where all are equal."""
    odds = log_odds(chance)
    if np.ptp(odds) < 1e-9:
        return float("nan")
    start, none = np.array([0.0, 1.0]), np.full(2, 1e-9)
    outcome = happened.astype(float)
    found, _ = newton(np.column_stack([np.ones(odds.size), odds]), outcome, each=np.ones(odds.size), pull=none, start=start, towards=start)
    return float(found[1])


def _ranking(chance: Matrix, happened: Flags, *, group: Years) -> Callable[[Matrix], float]:
    """Return the area under the curve as a function of the cases' weights; the sorting is done once."""
    keys, rank = np.unique(np.stack([group, chance]), axis=1, return_inverse=True)
    return lambda weights: score.concordance(keys[0], rank, happened, weights=weights)
