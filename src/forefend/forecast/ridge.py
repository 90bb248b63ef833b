"""Logistic regression with a ridge penalty, fitted by Newton's steps; no library needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from forefend.forecast.history import Matrix

STEPS, HALVINGS = 60, 30
FARTHEST = 4.0  # standard deviations: predictors beyond are moved there
LEAST, MOST = 1e-5, 1 - 1e-5


@dataclass(frozen=True, kw_only=True)
class Ridge:
    """``weights`` (1 + predictors) of the standardised predictors, intercept first; ``covariance`` of them, by Laplace."""

    centre: Matrix
    scale: Matrix
    weights: Matrix
    covariance: Matrix

    def standardised(self, inputs: Matrix) -> Matrix:
        """Return a 1 and the predictors in standard deviations; unknown ones stand at their mean."""
        values = np.nan_to_num((inputs - self.centre) / self.scale).clip(-FARTHEST, FARTHEST)
        return np.column_stack([np.ones(len(values)), values])

    def log_odds(self, inputs: Matrix) -> Matrix:
        """Return the log-odds of each row."""
        found: Matrix = self.standardised(inputs) @ self.weights
        return found

    def variance(self, inputs: Matrix) -> Matrix:
        """Return the variance of the log-odds of each row."""
        values = self.standardised(inputs)
        found: Matrix = np.einsum("ij,jk,ik->i", values, self.covariance, values)
        return found


def fit_ridge(inputs: Matrix, outcome: Matrix, *, penalty: float, weight: Matrix | None = None) -> Ridge:
    """Fit; the intercept is not penalised. ``outcome`` must hold both 0 and 1."""
    with np.errstate(invalid="ignore"):
        centre, scale = np.nanmean(inputs, axis=0), np.nanstd(inputs, axis=0, ddof=1)
    start = Ridge(centre=centre, scale=np.where(scale > 0, scale, 1.0), weights=np.zeros(0), covariance=np.zeros((0, 0)))
    values, each = start.standardised(inputs), np.ones(len(outcome)) if weight is None else weight
    pull = np.full(values.shape[1], float(penalty))
    pull[0] = 0.0
    weights = np.zeros(values.shape[1])
    weights[0] = log_odds(np.atleast_1d(np.average(outcome, weights=each)))[0]
    weights, bend = newton(values, outcome, each=each, pull=pull, start=weights, towards=np.zeros(values.shape[1]))
    covariance: Matrix = np.asarray(np.linalg.inv(bend), dtype=np.float64)
    return Ridge(centre=start.centre, scale=start.scale, weights=weights, covariance=covariance)


def newton(values: Matrix, outcome: Matrix, *, each: Matrix, pull: Matrix, start: Matrix, towards: Matrix) -> tuple[Matrix, Matrix]:
    """Maximise the penalised likelihood; returns the weights and the curvature there. ``pull`` draws weights ``towards`` a value."""
    weights = start.copy()
    for _ in range(STEPS):
        chance = from_log_odds(values @ weights)
        bend = (values * (each * chance * (1 - chance))[:, None]).T @ values + np.diag(pull)
        uphill = values.T @ (each * (outcome - chance)) - pull * (weights - towards)
        step: Matrix = np.asarray(np.linalg.solve(bend, uphill), dtype=np.float64)
        weights, step = _shortened(step, weights, loss=partial(_loss, values, outcome, each=each, pull=pull, towards=towards))
        if np.abs(step).max() < 1e-8:
            break
    return weights, bend


def _shortened(step: Matrix, weights: Matrix, *, loss: Callable[[Matrix], float]) -> tuple[Matrix, Matrix]:
    """Halve a step until it does not lead uphill, as a whole one of Newton's can."""
    before = loss(weights)
    for _ in range(HALVINGS):
        if loss(weights + step) <= before + 1e-12:
            return weights + step, step
        step = step / 2
    return weights, np.zeros_like(step)


def _loss(values: Matrix, outcome: Matrix, weights: Matrix, *, each: Matrix, pull: Matrix, towards: Matrix) -> float:
    odds = values @ weights
    lost = (each * (np.logaddexp(0, odds) - outcome * odds)).sum() + (pull * (weights - towards) ** 2).sum() / 2
    return float(lost)


def log_odds(chance: Matrix) -> Matrix:
    """Return log-odds; chances are kept a little off 0 and 1."""
    kept = np.clip(chance, LEAST, MOST)
    found: Matrix = np.log(kept / (1 - kept))
    return found


def from_log_odds(odds: Matrix) -> Matrix:
    """Return chances."""
    found: Matrix = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    return found
