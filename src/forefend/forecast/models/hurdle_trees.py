"""Boosted hurdles: the chance of at least 1, 3, 6, ... 1,001 deaths, each by its own trees, joined to one distribution.

Trees may only rise with past deaths. Between two hurdles deaths are spread evenly in logarithms, above the last by a
power law. Draws lie evenly in each month's distribution; a path has one level that its months share by half.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import Flags, History, Matrix
from forefend.forecast.kept import kept
from forefend.forecast.learn import AT_ONCE, TooLittleToLearn, digest, ensemble
from forefend.forecast.month_features import month_features
from forefend.forecast.paths import ranks
from forefend.forecast.target import Period
from forefend.forecast.training import FIRST_COLUMN, until_december
from forefend.locale import N_

HURDLES = np.array([1, 3, 6, 11, 26, 51, 101, 251, 501, 1001])
LONGEST = 12  # months ahead that are learnt; farther months are forecast like the twelfth
HORIZONS_EACH = 2  # months ahead drawn for each state and origin, of twelve, to halve nothing but time
LEAST_POSITIVE = 20
SETTINGS = {
    "learning_rate": 0.04,
    "max_iter": 100,
    "min_samples_leaf": 200,
    "l2_regularization": 50.0,
    "max_leaf_nodes": 8,
    "max_features": 0.3,
    "max_bins": 128,
    "early_stopping": False,
    "random_state": 0,
}
POWER, FARTHEST = 0.7, 20.0  # of the power law above the last hurdle: exponent, and how many times the hurdle at most
DRAWS = 240


@dataclass(frozen=True, kw_only=True)
class HurdleTrees:
    """``classifiers`` stand in the order of ``HURDLES``; a number stands for a hurdle crossed too seldom to learn from."""

    name: ClassVar[str] = "hurdle_trees"
    title: ClassVar[str] = N_("boosted trees for ten levels of deaths")
    period: ClassVar[Period] = "month"
    count: int = DRAWS
    classifiers: Sequence[Any] = field(default_factory=tuple)

    def fit(self, history: History) -> HurdleTrees:
        """Learn from months to the last December; raises TooLittleToLearn, and ForecastError without scikit-learn."""
        learnt = until_december(history)
        key = digest(self.name, learnt.deaths, *learnt.beside.values())
        return HurdleTrees(count=self.count, classifiers=kept(key, lambda: _fit(learnt)))

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return paths for the months ahead."""
        chances = _chances(self.classifiers, history, horizon=horizon)
        rank = ranks(len(history.iso3s), horizon, self.count, seed=int(f"{history.origin:%Y%m}"))
        return _invert(chances, (rank + 0.5) / self.count)


def _fit(history: History) -> list[Any]:
    state, origin, ahead, deaths = _cases(history)
    features = month_features(history)
    inputs = np.column_stack([features.values[state, origin], ahead.astype(np.float32)])
    if (deaths >= HURDLES[0]).sum() < LEAST_POSITIVE:
        raise TooLittleToLearn("Too few months with deaths are known to fit trees. Use a longer history, or the model windows.")
    make = ensemble("HistGradientBoostingClassifier")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda hurdle: _classifier(make, inputs, deaths >= hurdle, signs=(*features.signs, 0)), HURDLES))


def _classifier(make: Any, inputs: npt.NDArray[np.float32], is_over: Flags, *, signs: Sequence[int]) -> Any:
    if is_over.sum() <= LEAST_POSITIVE:
        return float(is_over.mean())
    return make(monotonic_cst=list(signs), **SETTINGS).fit(inputs, is_over)


def _cases(history: History) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp], Matrix]:
    """Return state, origin, months ahead and deaths of the cases: all states and origins, two of twelve months ahead each."""
    states, months = history.deaths.shape
    if months <= FIRST_COLUMN + 1:
        raise TooLittleToLearn("Fewer than four years of months are known. Use a longer history, or the model windows.")
    state, origin = (part.ravel().repeat(HORIZONS_EACH) for part in np.mgrid[0:states, FIRST_COLUMN : months - 1])
    ahead = np.random.default_rng(0).integers(1, LONGEST + 1, state.size)
    inside = origin + ahead < months
    state, origin, ahead = state[inside], origin[inside], ahead[inside]
    deaths = history.deaths[state, origin + ahead]
    known = ~np.isnan(deaths) & ~np.isnan(history.deaths[state, origin])
    return state[known], origin[known], ahead[known], deaths[known]


def _chances(classifiers: Sequence[Any], history: History, *, horizon: int) -> Matrix:
    """Return the chance of crossing each hurdle (states, horizon, hurdles), never rising from one to the next."""
    now = month_features(history).values[:, -1]
    ahead = np.minimum(np.arange(1, horizon + 1), LONGEST).astype(np.float32)
    inputs = np.column_stack([np.repeat(now, horizon, axis=0), np.tile(ahead, len(now))])
    chances = [np.full(len(inputs), c) if isinstance(c, float) else c.predict_proba(inputs)[:, 1] for c in classifiers]
    stacked: Matrix = np.stack(chances, axis=-1).reshape(len(now), horizon, len(HURDLES))
    return np.minimum.accumulate(stacked, axis=-1)


def _invert(chances: Matrix, places: Matrix) -> Matrix:
    """Turn places in the distribution into deaths."""
    left = 1 - places
    crossed = (chances[..., None, :] > left[..., None]).sum(axis=-1)
    last = len(HURDLES) - 1
    below = np.clip(crossed - 1, 0, last)
    closed = np.concatenate([chances, np.zeros((*chances.shape[:2], 1))], axis=-1)
    here, above = (np.take_along_axis(closed, place, axis=-1) for place in (below, below + 1))
    share = np.clip((here - left) / np.maximum(here - above, 1e-12), 0, 1)
    floor, ceiling = np.log(HURDLES)[below], np.log(np.append(HURDLES[1:], HURDLES[-1]))[below]
    tail = HURDLES[-1] * np.minimum(np.maximum(1 - share, 1e-3) ** -POWER, FARTHEST)
    deaths = np.where(below == last, tail, np.exp(floor + share * (ceiling - floor)))
    return np.where(crossed > 0, np.floor(deaths), 0.0)


MODEL = HurdleTrees
