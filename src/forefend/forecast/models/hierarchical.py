"""A hierarchical hurdle model of counts: whether any deaths, then how many, each country leaning on those alike where it has few.

How many die in a deadly month is how many events it has times how many die in each, where events are known: events tell how much
killing there is more steadily than deaths, which one massacre decides, and change faster than how deadly an event is. A country's
months count less with age. What its class (by events, or else deaths, in twelve months) showed enters as months of evidence. Each
path draws its own chance and level, so that what is not known of them is shared by all its months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import EVENTS, Flags, History, Matrix
from forefend.forecast.normal import quantile
from forefend.forecast.paths import even
from forefend.forecast.target import Period
from forefend.forecast.training import until_december
from forefend.locale import N_

HALF_LIFE = 6  # months, of whether there are deaths
PRIOR_MONTHS = 3  # what the class says of that
PRIOR_LEVEL_MONTHS = 4  # what is known of a level without a deadly month
FIRST_MONTHS = 2  # of a class without cases
SPAN, LONG, BACK = 12, 60, 180
TYPICAL = 6  # months ahead at which a class's level is taken
FARTHEST = 2.6  # standard deviations
DRAWS = 240

Classes = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the logarithm of a deadly month's deaths: how fast it fades, deadly months its class weighs, what is thought at first."""

    half_life: float
    prior: float
    first: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How months are read: ``edges`` (a month, mean of twelve) where classes 1 and up begin, the parts, and the spread's prior months."""

    edges: Matrix
    parts: tuple[Part, ...]
    spread_months: float

    @property
    def classes(self) -> int:
        """Class 0: none in five years; the last: none in twelve months, but some in five years."""
        return len(self.edges) + 2


DEATHS_ALONE = Reading(
    edges=np.array([0, 0.05, 0.35, 1, 4, 15, 60, 250]), parts=(Part(half_life=HALF_LIFE, prior=4, first=1.0),), spread_months=8
)
WITH_EVENTS = Reading(
    edges=np.array([0, 0.09, 0.26, 0.55, 1.1, 2.2, 4.5, 9, 20, 40]),
    parts=(Part(half_life=3, prior=2, first=0.1), Part(half_life=12, prior=4, first=1.0)),  # events, and deaths in each
    spread_months=4,
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What classes showed: ``chance`` (classes, 12) of any deaths so many months ahead; ``levels`` (parts, classes); ``spread``."""

    chance: Matrix
    levels: Matrix
    spread: float


@dataclass(frozen=True, kw_only=True)
class Hierarchical:
    """``known`` is None until it is fitted."""

    name: ClassVar[str] = "hierarchical"
    title: ClassVar[str] = N_("a hierarchical count model with recent months weighing most")
    period: ClassVar[Period] = "month"
    known: Known | None = None

    def fit(self, history: History) -> Hierarchical:
        """Count by class what followed, in the fifteen years to the last December; a short history leaves wide defaults."""
        past, reading = until_december(history), _reading(history)
        months = past.deaths.shape[1]
        origins = np.arange(max(23, months - 1 - BACK), months - 1)
        first = np.repeat([[part.first] for part in reading.parts], reading.classes, axis=1)
        if origins.size <= SPAN:
            return Hierarchical(known=Known(chance=np.full((reading.classes, SPAN), 0.01), levels=first, spread=1.0))
        classes = np.stack([_classes(past, reading, months=origin + 1) for origin in origins], axis=1)
        chance = np.stack(
            [_chance(past.deaths, classes, origins, ahead=ahead, count=reading.classes) for ahead in range(1, SPAN + 1)], axis=1
        )
        ahead, of = origins[:-TYPICAL] + TYPICAL, classes[:, :-TYPICAL]
        logs, deadly = _logarithms(past), np.nan_to_num(past.deaths[:, ahead]) > 0
        levels = np.array([_levels(log[:, ahead][deadly], of[deadly], first=start) for log, start in zip(logs, first, strict=True)])
        rest = sum(log[:, ahead][deadly] - level[of[deadly]] for log, level in zip(logs, levels, strict=True))
        spread = float(np.sqrt(np.mean(np.square(rest)))) if deadly.any() else 1.0
        return Hierarchical(known=Known(chance=chance, levels=levels, spread=spread))

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return paths for the months ahead."""
        fitted = self.known or self.fit(history).known
        assert fitted is not None  # noqa: S101 - fit returns a fitted model
        reading, deadly = _reading(history), np.nan_to_num(history.deaths) > 0
        of, logs = _classes(history, reading, months=deadly.shape[1]), _logarithms(history)
        some, seen = _sum(deadly, HALF_LIFE), _sum(~np.isnan(history.deaths), HALF_LIFE)
        level = np.sum(
            [_level(log, deadly, part, of=row[of]) for log, part, row in zip(logs, reading.parts, fitted.levels, strict=True)], axis=0
        )
        squares = _sum(deadly * (np.sum(logs, axis=0) - level[:, None]) ** 2, HALF_LIFE)
        spread = np.sqrt((reading.spread_months * fitted.spread**2 + squares) / (reading.spread_months + some))
        ahead = np.minimum(np.arange(horizon), SPAN - 1)
        yes = PRIOR_MONTHS * fitted.chance[of][:, ahead] + some[:, None]
        no = PRIOR_MONTHS * (1 - fitted.chance[of][:, ahead]) + (seen - some)[:, None]
        chance = np.random.default_rng(int(f"{history.origin:%Y%m}"))
        is_deadly = _deadly(yes, no, chance=chance)
        unsure = spread / np.sqrt(PRIOR_LEVEL_MONTHS + some)
        centre = level[:, None, None] + _column(unsure) * quantile(even((len(of), 1, DRAWS), chance=chance))
        noise = quantile(even((len(of), horizon, DRAWS), chance=chance)).clip(-FARTHEST, FARTHEST)
        return np.where(is_deadly, np.maximum(1.0, np.round(np.exp(centre + _column(spread) * noise))), 0.0)


def _reading(history: History) -> Reading:
    return WITH_EVENTS if EVENTS in history.beside else DEATHS_ALONE


def _logarithms(history: History) -> Sequence[Matrix]:
    """Return the parts of the logarithm of each month's deaths: events and deaths in each, or the whole."""
    deaths = np.log(np.maximum(np.nan_to_num(history.deaths), 1))
    if EVENTS not in history.beside:
        return (deaths,)
    events = np.log(np.maximum(np.nan_to_num(history.beside[EVENTS]), 1))
    return events, deaths - events


def _column(values: Matrix) -> Matrix:
    return values[:, None, None]


def _sum(values: Matrix | Flags, half_life: float) -> Matrix:
    """Sum months by state, each weighing half as much as one ``half_life`` months younger."""
    weight = 0.5 ** (np.arange(values.shape[1] - 1, -1, -1) / half_life)
    found: Matrix = (weight * values).sum(axis=1)
    return found


def _level(logs: Matrix, deadly: Flags, part: Part, *, of: Matrix) -> Matrix:
    """Return a part of each state's level: its own deadly months and what its class (``of``) says."""
    found: Matrix = (part.prior * of + _sum(deadly * logs, part.half_life)) / (part.prior + _sum(deadly, part.half_life))
    return found


def _deadly(yes: Matrix, no: Matrix, *, chance: np.random.Generator) -> Flags:
    """Draw whether there are deaths; what is not known of the chance is shared by a path's months."""
    mean, evidence = yes / (yes + no), yes + no
    spread = np.sqrt(mean * (1 - mean) / (evidence + 1))
    shared = quantile(even((yes.shape[0], 1, DRAWS), chance=chance).clip(1e-4, 1 - 1e-4))
    drawn = np.clip(mean[..., None] + spread[..., None] * shared, mean[..., None] * 0.1, 1)
    found: Flags = even(drawn.shape, chance=chance) < drawn
    return found


def _classes(history: History, reading: Reading, *, months: int) -> Classes:
    """Return each state's class after so many months."""
    counts = np.nan_to_num(history.beside.get(EVENTS, history.deaths)[:, :months])
    recent, earlier = counts[:, -SPAN:].sum(axis=1) / SPAN, counts[:, -LONG:].sum(axis=1)
    inside = np.searchsorted(reading.edges, recent, side="left")
    return np.where(recent > 0, inside, np.where(earlier > 0, reading.classes - 1, 0))


def _chance(deaths: Matrix, classes: Classes, origins: Classes, *, ahead: int, count: int) -> Matrix:
    inside = origins + ahead < deaths.shape[1]
    came, of = deaths[:, origins[inside] + ahead], classes[:, inside]
    known = ~np.isnan(came) & ~np.isnan(deaths[:, origins[inside]])
    hits = np.bincount(of[known & (np.nan_to_num(came) > 0)], minlength=count)
    return (hits + 0.5) / (np.bincount(of[known], minlength=count) + 20)


def _levels(logs: Matrix, of: Classes, *, first: Matrix) -> Matrix:
    """Return the mean logarithm by class, a few months of what is thought at first beside."""
    total, cases = np.bincount(of, weights=logs, minlength=first.size), np.bincount(of, minlength=first.size)
    found: Matrix = (total + FIRST_MONTHS * first) / (cases + FIRST_MONTHS)
    return found


MODEL = Hierarchical
