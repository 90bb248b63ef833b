"""A hierarchical hurdle model of counts: whether any deaths, then how many, each country leaning on those alike where it has few.

A country's months count less with age (half as much every six months). What its class (by deaths in twelve months) showed
enters as three months of evidence on whether, and as four deadly months on how many. Each path draws its own chance and
level, so that what is not known of them is shared by all its months.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import Flags, History, Matrix
from forefend.forecast.normal import quantile
from forefend.forecast.paths import even
from forefend.forecast.target import Period
from forefend.forecast.training import until_december

EDGES = np.array([0, 0.05, 0.35, 1, 4, 15, 60, 250])  # deaths a month, mean of twelve, where classes 1 to 8 begin
CLASSES = len(EDGES) + 2  # 0: none in five years; the last: none in twelve months, but some in five years
HALF_LIFE = 6
PRIOR_MONTHS = 3  # what the class says of whether there are deaths
PRIOR_DEADLY_MONTHS = 4  # and of how many
PRIOR_SPREAD_MONTHS = 8
SPAN, LONG, BACK = 12, 60, 180
FARTHEST = 2.6  # standard deviations
DRAWS = 240

Classes = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Hierarchical:
    """``chance`` (classes, 12) of any deaths so many months ahead; ``level`` (classes) mean logarithm; ``spread`` of the logarithms."""

    name: ClassVar[str] = "hierarchical"
    title: ClassVar[str] = "a hierarchical count model with recent months weighing most"
    period: ClassVar[Period] = "month"
    chance: Matrix = field(default_factory=lambda: np.full((CLASSES, SPAN), 0.01))
    level: Matrix = field(default_factory=lambda: np.ones(CLASSES))
    spread: float = 1.0

    def fit(self, history: History) -> Hierarchical:
        """Count by class what followed, in the fifteen years to the last December; a short history leaves wide defaults."""
        past = until_december(history)
        months = past.deaths.shape[1]
        origins = np.arange(max(23, months - 1 - BACK), months - 1)
        if origins.size <= SPAN:
            return self
        classes = np.stack([_classes(past.deaths[:, : origin + 1]) for origin in origins], axis=1)
        chance = np.stack([_chance(past.deaths, classes, origins, ahead=ahead) for ahead in range(1, SPAN + 1)], axis=1)
        ahead = past.deaths[:, origins[:-6] + 6]
        deadly, of = np.nan_to_num(ahead) > 0, classes[:, :-6]
        level = np.array([_level(ahead, deadly & (of == place)) for place in range(CLASSES)])
        rest = np.log(ahead[deadly]) - level[of[deadly]]
        spread = float(np.sqrt(np.mean(rest**2))) if rest.size else self.spread
        return Hierarchical(chance=chance, level=level, spread=spread)

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return paths for the months ahead."""
        deaths = history.deaths
        weight = 0.5 ** (np.arange(deaths.shape[1] - 1, -1, -1) / HALF_LIFE)
        deadly, logs = np.nan_to_num(deaths) > 0, np.log(np.maximum(np.nan_to_num(deaths), 1))
        seen, some = ((~np.isnan(deaths)) * weight).sum(axis=1), (deadly * weight).sum(axis=1)
        of = _classes(deaths)
        level = (PRIOR_DEADLY_MONTHS * self.level[of] + (weight * deadly * logs).sum(axis=1)) / (PRIOR_DEADLY_MONTHS + some)
        squares = (weight * deadly * (logs - level[:, None]) ** 2).sum(axis=1)
        spread = np.sqrt((PRIOR_SPREAD_MONTHS * self.spread**2 + squares) / (PRIOR_SPREAD_MONTHS + some))
        ahead = np.minimum(np.arange(horizon), SPAN - 1)
        yes = PRIOR_MONTHS * self.chance[of][:, ahead] + some[:, None]
        no = PRIOR_MONTHS * (1 - self.chance[of][:, ahead]) + (seen - some)[:, None]
        chance = np.random.default_rng(int(f"{history.origin:%Y%m}"))
        is_deadly = _deadly(yes, no, chance=chance)
        unsure = spread / np.sqrt(PRIOR_DEADLY_MONTHS + some)
        centre = level[:, None, None] + _column(unsure) * quantile(even((len(of), 1, DRAWS), chance=chance))
        noise = quantile(even((len(of), horizon, DRAWS), chance=chance)).clip(-FARTHEST, FARTHEST)
        return np.where(is_deadly, np.maximum(1.0, np.round(np.exp(centre + _column(spread) * noise))), 0.0)


def _column(values: Matrix) -> Matrix:
    return values[:, None, None]


def _deadly(yes: Matrix, no: Matrix, *, chance: np.random.Generator) -> Flags:
    """Draw whether there are deaths; what is not known of the chance is shared by a path's months."""
    mean, evidence = yes / (yes + no), yes + no
    spread = np.sqrt(mean * (1 - mean) / (evidence + 1))
    shared = quantile(even((yes.shape[0], 1, DRAWS), chance=chance).clip(1e-4, 1 - 1e-4))
    drawn = np.clip(mean[..., None] + spread[..., None] * shared, mean[..., None] * 0.1, 1)
    found: Flags = even(drawn.shape, chance=chance) < drawn
    return found


def _classes(deaths: Matrix) -> Classes:
    recent = np.nan_to_num(deaths[:, -SPAN:]).sum(axis=1) / SPAN
    earlier = np.nan_to_num(deaths[:, -LONG:]).sum(axis=1)
    inside = np.searchsorted(EDGES, recent, side="left")
    return np.where(recent > 0, inside, np.where(earlier > 0, CLASSES - 1, 0))


def _chance(deaths: Matrix, classes: Classes, origins: Classes, *, ahead: int) -> Matrix:
    inside = origins + ahead < deaths.shape[1]
    came, of = deaths[:, origins[inside] + ahead], classes[:, inside]
    known = ~np.isnan(came) & ~np.isnan(deaths[:, origins[inside]])
    hits = np.bincount(of[known & (np.nan_to_num(came) > 0)], minlength=CLASSES)
    return (hits + 0.5) / (np.bincount(of[known], minlength=CLASSES) + 20)


def _level(deaths: Matrix, mine: Flags) -> float:
    return float((np.log(deaths[mine]).sum() + 2) / (mine.sum() + 2))


MODEL = Hierarchical
