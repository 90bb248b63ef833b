"""Exact Shapley values of sums of trees against a reference: each leaf is a box, and only what separates the two points counts.

For a leaf that some predictors' values of the state lead to, and others' values of the reference, the share of each follows from how
many there are of both: the mean over all orders in which the reference's values are exchanged for the state's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import Flags, Matrix

CELLS = 8_000_000  # flags held at a time


@dataclass(frozen=True, kw_only=True)
class Leaves:
    """Boxes (leaves, predictors): above ``low``, at most ``high``, missing values inside where ``missing``; ``value`` of each."""

    low: Matrix
    high: Matrix
    missing: Flags
    value: Matrix


def boosted_leaves(estimator: Any) -> Leaves:
    """Return the leaves of all trees of a binary histogram gradient boosting, whose sum with the baseline is the log-odds."""
    width = int(estimator.n_features_in_)
    return _joined([_boosted(tree[0].nodes, width=width) for tree in estimator._predictors])


def forest_leaves(estimator: Any) -> Leaves:
    """Return the leaves of all trees of a classifying forest, whose sum is the chance."""
    trees = estimator.estimators_
    return _joined([_grown(tree.tree_, width=int(estimator.n_features_in_), share=1 / len(trees)) for tree in trees])


def shares(leaves: Leaves, now: Matrix, before: Matrix) -> Matrix:
    """Return the contributions (rows, predictors) that lead from the value at ``before`` to that at ``now``, exactly."""
    found, step = np.zeros(now.shape), max(1, CELLS // max(1, now.size))
    weights = _weights(now.shape[1])
    for first in range(0, len(leaves.value), step):
        part = slice(first, first + step)
        here, there = _inside(leaves, part, now), _inside(leaves, part, before)
        gained, lost = here & ~there, there & ~here
        count, against = gained.sum(axis=2), lost.sum(axis=2)
        value = np.where((here | there).all(axis=2), leaves.value[part], 0.0)
        found += np.einsum("rl,rlp->rp", value * weights[0][count, against], gained)
        found -= np.einsum("rl,rlp->rp", value * weights[1][count, against], lost)
    return found


def total(leaves: Leaves, rows: Matrix) -> Matrix:
    """Return the sum of the trees for each row."""
    found: Matrix = _inside(leaves, slice(None), rows).all(axis=2) @ leaves.value
    return found


def _weights(most: int) -> tuple[Matrix, Matrix]:
    """Return by how many lead to a leaf, and how many to its reference: the share of one of the first, and of one of the second."""
    gain, loss = np.zeros((most + 1, most + 1)), np.zeros((most + 1, most + 1))
    for a in range(most + 1):
        for b in range(most + 1 - a):
            if a:
                gain[a, b] = factorial(a - 1) * factorial(b) / factorial(a + b)
            if b:
                loss[a, b] = factorial(a) * factorial(b - 1) / factorial(a + b)
    return gain, loss


def _inside(leaves: Leaves, part: slice, rows: Matrix) -> npt.NDArray[np.bool_]:
    values = rows[:, None, :]
    with np.errstate(invalid="ignore"):
        inside = (values > leaves.low[part]) & (values <= leaves.high[part])
    found: npt.NDArray[np.bool_] = np.where(np.isnan(values), leaves.missing[part], inside)
    return found


def _boosted(nodes: Any, *, width: int) -> Leaves:
    def child(place: int) -> tuple[int, int]:
        return int(nodes["left"][place]), int(nodes["right"][place])

    return _walk(
        [bool(leaf) for leaf in nodes["is_leaf"]],
        [child(place) for place in range(len(nodes))],
        [
            (int(f), float(t), bool(m))
            for f, t, m in zip(nodes["feature_idx"], nodes["num_threshold"], nodes["missing_go_to_left"], strict=True)
        ],
        [float(value) for value in nodes["value"]],
        width=width,
    )


def _grown(tree: Any, *, width: int, share: float) -> Leaves:
    counts = tree.value[:, 0, :]
    left, right = tree.children_left, tree.children_right
    return _walk(
        [bool(place < 0) for place in left],
        [(int(a), int(b)) for a, b in zip(left, right, strict=True)],
        [(int(f), float(t), False) for f, t in zip(tree.feature, tree.threshold, strict=True)],
        [float(share * count[1] / count.sum()) for count in counts],
        width=width,
    )


def _walk(
    is_leaf: Sequence[bool],
    children: Sequence[tuple[int, int]],
    splits: Sequence[tuple[int, float, bool]],
    values: Sequence[float],
    *,
    width: int,
) -> Leaves:
    """Follow every path of a tree; a predictor asked twice keeps the narrower bounds."""
    lows, highs, missings, found = [], [], [], []
    waiting = [(0, np.full(width, -np.inf), np.full(width, np.inf), np.ones(width, dtype=bool))]
    while waiting:
        place, low, high, missing = waiting.pop()
        if is_leaf[place]:
            lows.append(low)
            highs.append(high)
            missings.append(missing)
            found.append(values[place])
            continue
        feature, threshold, is_left = splits[place]
        for branch, goes_left in zip(children[place], (True, False), strict=True):
            a, b, m = low.copy(), high.copy(), missing.copy()
            if goes_left:
                b[feature] = min(b[feature], threshold)
            else:
                a[feature] = max(a[feature], threshold)
            m[feature] = m[feature] and is_left == goes_left
            waiting.append((branch, a, b, m))
    return Leaves(low=np.array(lows), high=np.array(highs), missing=np.array(missings), value=np.array(found))


def _joined(trees: Sequence[Leaves]) -> Leaves:
    return Leaves(
        low=np.concatenate([tree.low for tree in trees]),
        high=np.concatenate([tree.high for tree in trees]),
        missing=np.concatenate([tree.missing for tree in trees]),
        value=np.concatenate([tree.value for tree in trees]),
    )
