"""A monthly forecast taken apart where that is exact: the boosted trees for the chance of 26 or more deaths in a month.

They are one of the pool's members. The others give whole past paths or draws of counts, for which there are no exact contributions;
none is made up for them. Months ahead are explained together: contributions and log-odds are means over the twelve.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from forefend.forecast.explain import trees
from forefend.forecast.explain.yearly import Explanation
from forefend.forecast.history import History, Matrix
from forefend.forecast.models.hurdle_trees import HURDLES, LONGEST
from forefend.forecast.month_features import month_features

TREES, POOL = "hurdle_trees", "pool"
EXPLAINED = 26  # deaths in a month


def trees_of(fitted: Any, *, model: str) -> Any | None:
    """Return the boosted trees of a fitted monthly model, or of a pool; None where it has none that were fitted."""
    member = fitted if model == TREES else getattr(fitted, "members", {}).get(TREES)
    found = None if member is None else member.classifiers[list(HURDLES).index(EXPLAINED)]
    return None if found is None or isinstance(found, float) else found


def against_world(found: Any, known: History) -> Explanation:
    """Explain every state against the mean of all states' features at the origin."""
    now = _features(known, -1)
    return _explain(found, known, now, np.tile(now.mean(axis=0), (len(now), 1)))


def against_month_before(found: Any, known: History) -> Explanation:
    """Explain every state by the same trees against its own features a month earlier."""
    return _explain(found, known, _features(known, -1), _features(known, -2))


def _features(known: History, column: int) -> Matrix:
    return month_features(known).values[:, column].astype(np.float64)


def _explain(found: Any, known: History, now: Matrix, before: Matrix) -> Explanation:
    leaves, baseline = trees.boosted_leaves(found), float(np.ravel(found._baseline_prediction)[0])
    contributions, base, logit = np.zeros(now.shape), np.zeros(len(now)), np.zeros(len(now))
    for ahead in range(1, LONGEST + 1):
        here, there = (np.column_stack([rows, np.full(len(rows), float(ahead))]) for rows in (now, before))
        contributions += trees.shares(leaves, here, there)[:, :-1] / LONGEST
        base += (baseline + trees.total(leaves, there)) / LONGEST
        logit += (baseline + trees.total(leaves, here)) / LONGEST
    names = month_features(known).names
    return Explanation(iso3=known.iso3s, names=names, now=now, before=before, base=base, logit=logit, contributions=contributions)
