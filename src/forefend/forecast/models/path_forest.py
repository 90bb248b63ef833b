"""A forest of analogues: each tree leads to past country-months alike, and a draw is the twelve months that followed one of them.

Paths are whole pasts, so that months hang together as they did. A random forest and extra trees each give half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import History, Matrix
from forefend.forecast.kept import kept
from forefend.forecast.learn import AT_ONCE, TooLittleToLearn, digest, ensemble
from forefend.forecast.month_features import month_features
from forefend.forecast.target import Period
from forefend.forecast.training import FIRST_COLUMN, until_december
from forefend.locale import N_

SPAN = 12
TREES = 60
DRAWS_PER_TREE = 2
PICKS_PER_DRAW = 5  # cases picked from the leaves for each draw kept, so that the draws kept lie evenly among the picked
EVERY = 2  # months between the origins learnt from; neighbouring ones tell nearly the same
LEAST_CASES = 200
SHARED = {"n_estimators": TREES, "min_samples_leaf": 10, "max_features": 0.33, "random_state": 0, "n_jobs": AT_ONCE}
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("RandomForestRegressor", {"bootstrap": True, "max_samples": 0.5}),
    ("ExtraTreesRegressor", {"bootstrap": False}),
)

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Leaves:
    """One tree: cases in order of their leaf, the leaves' numbers, and where each begins and how many it holds."""

    order: Places
    numbers: Places
    starts: Places
    sizes: Places

    def pick(self, leaf: Places, *, chance: np.random.Generator) -> Places:
        """Return one case at random from each leaf named."""
        place = np.searchsorted(self.numbers, leaf)
        inside = (chance.random(leaf.size) * self.sizes[place]).astype(int)
        found: Places = self.order[self.starts[place] + inside]
        return found


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """Forests with their trees' leaves, and the paths of the cases (cases, 12)."""

    forests: tuple[tuple[Any, tuple[Leaves, ...]], ...]
    paths: Matrix


@dataclass(frozen=True, kw_only=True)
class PathForest:
    """``learnt`` is None until it is fitted."""

    name: ClassVar[str] = "path_forest"
    title: ClassVar[str] = N_("what followed past country-months alike, by a forest")
    period: ClassVar[Period] = "month"
    learnt: Learnt | None = field(default=None)

    def fit(self, history: History) -> PathForest:
        """Learn from months to the last December; raises TooLittleToLearn, and ForecastError without scikit-learn."""
        past = until_december(history)
        key = digest(self.name, past.deaths, *past.beside.values())
        return PathForest(learnt=kept(key, lambda: _fit(past)))

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return two paths for each tree, evenly chosen by their total from more of them; beyond twelve months a path is repeated."""
        if self.learnt is None:
            raise TooLittleToLearn("The forest is not fitted.")
        now, chance = month_features(history).values[:, -1], np.random.default_rng(int(f"{history.origin:%Y%m}"))
        picked = [case for forest, trees in self.learnt.forests for case in _walk(forest, trees, now, chance=chance)]
        cases = _evenly(np.stack(picked, axis=1), self.learnt.paths.sum(axis=1), chance=chance)
        found: Matrix = self.learnt.paths[cases]  # (states, draws, 12)
        ahead = np.resize(np.arange(SPAN), horizon)
        return found[:, :, ahead].transpose(0, 2, 1)


def _evenly(cases: Places, totals: Matrix, *, chance: np.random.Generator) -> Places:
    """Return of each state's cases (states, picked), in order of their total, one at random from every few, in random order."""
    ordered = np.take_along_axis(cases, np.argsort(totals[cases], axis=1, kind="stable"), axis=1)
    groups = ordered.reshape(len(cases), -1, PICKS_PER_DRAW)
    one = chance.integers(0, PICKS_PER_DRAW, (*groups.shape[:2], 1))
    found: Places = chance.permuted(np.take_along_axis(groups, one, axis=2)[:, :, 0], axis=1)
    return found


def _walk(forest: Any, trees: Sequence[Leaves], now: npt.NDArray[np.float32], *, chance: np.random.Generator) -> list[Places]:
    leaves = forest.apply(now)
    picks = range(DRAWS_PER_TREE * PICKS_PER_DRAW)
    return [tree.pick(leaves[:, place], chance=chance) for place, tree in enumerate(trees) for _ in picks]


def _fit(history: History) -> Learnt:
    states, months = history.deaths.shape
    if months - SPAN <= FIRST_COLUMN:
        raise TooLittleToLearn("Fewer than four years of months are known. Use a longer history, or the model windows.")
    state, origin = (part.ravel() for part in np.mgrid[0:states, FIRST_COLUMN : months - SPAN : EVERY])
    paths = history.deaths[state[:, None], origin[:, None] + np.arange(1, SPAN + 1)]
    known = ~np.isnan(paths).any(axis=1) & ~np.isnan(history.deaths[state, origin])
    state, origin, paths = state[known], origin[known], paths[known]
    if len(paths) < LEAST_CASES or not paths.any():
        raise TooLittleToLearn("Too few months with deaths are known to fit a forest. Use a longer history, or the model windows.")
    inputs = month_features(history).values[state, origin]
    goal = np.log1p(paths).astype(np.float32)
    forests = [ensemble(kind)(**SHARED, **given).fit(inputs, goal) for kind, given in KINDS]
    return Learnt(forests=tuple((forest, _leaves(forest, inputs)) for forest in forests), paths=paths)


def _leaves(forest: Any, inputs: npt.NDArray[np.float32]) -> tuple[Leaves, ...]:
    reached = forest.apply(inputs)
    found = []
    for column in range(reached.shape[1]):
        order = np.argsort(reached[:, column], kind="stable")
        numbers, starts, sizes = np.unique(reached[order, column], return_index=True, return_counts=True)
        found.append(Leaves(order=order, numbers=numbers, starts=starts, sizes=sizes))
    return tuple(found)


MODEL = PathForest
