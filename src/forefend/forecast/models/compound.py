"""A compound count model: how many events a month ahead holds, and how many die in each.

Events come more steadily than deaths, which one massacre can decide. A country's months count half as much every four months. What
followed from past rates like its own, in all countries, says how the rate goes on and how it scatters (negative binomial, its
spread such that months without events are as frequent as they were). Deaths per event lean on the world's where events are few
(logarithm, mean of the country's months with events, half as much every twelve), and scatter less where events are many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import EVENTS, Flags, History, Matrix
from forefend.forecast.kept import kept
from forefend.forecast.learn import TooLittleToLearn, digest
from forefend.forecast.normal import quantile
from forefend.forecast.paths import even, ranks
from forefend.forecast.target import Period
from forefend.forecast.training import FIRST_COLUMN, until_december

SPAN = 12  # months ahead that are learnt; farther months are forecast like the twelfth
HALF_LIFE, EACH_HALF_LIFE = 4, 12  # months, of events and of deaths in each
EDGES = np.array([0.003, 0.02, 0.06, 0.15, 0.35, 0.7, 1.3, 2.5, 5, 10, 20, 40])  # events a month that divide past rates
LEAST_CASES = 30  # of a division; with fewer it is taken as the one below
PRIOR_EACH = 2.0  # months with events that the world's deaths per event weigh
TINY_RATE, FEW = 1e-6, 0.05  # events
DISPERSIONS = (1e-4, 30.0)  # size of the negative binomial: small scatters most
HALVINGS = 40
SIZES = np.array([1, 2, 3, 5, 8, 15, 30, np.inf])  # events in a month, between which the scatter of deaths in each is learnt
DRAWS, PICKS_PER_DRAW = 240, 5  # of so many picked, one is kept, so that those kept lie evenly
FARTHEST = 2.5  # standard deviations
NO_EVENTS = "Events are not stored beside deaths. Import UCDP's events, or its country-months."

Classes = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """``onward`` and ``size`` by division and month ahead: what a rate is multiplied by (below all edges: the rate itself), and
    the negative binomial's size. ``each``: the world's logarithm of deaths per event; ``scatter``: slope and level of the
    logarithm of its variance over the logarithm of events; ``shift``: by how much the means were too low.
    """

    onward: Matrix
    size: Matrix
    each: float
    scatter: tuple[float, float]
    shift: float


@dataclass(frozen=True, kw_only=True)
class Compound:
    """``learnt`` is None until it is fitted."""

    name: ClassVar[str] = "compound"
    title: ClassVar[str] = "events a month, and deaths in each"
    period: ClassVar[Period] = "month"
    learnt: Learnt | None = None

    def fit(self, history: History) -> Compound:
        """Learn from months to the last December; raises TooLittleToLearn without events, or with too few."""
        past = until_december(history)
        if EVENTS not in past.beside:
            raise TooLittleToLearn(NO_EVENTS)
        return Compound(learnt=kept(digest(self.name, past.deaths, past.beside[EVENTS]), lambda: _learn(past)))

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return paths for the months ahead: even draws of each month's distribution, a path keeping to a level by half."""
        if self.learnt is None or EVENTS not in history.beside:
            raise TooLittleToLearn(NO_EVENTS)
        events, seed = history.beside[EVENTS], int(f"{history.origin:%Y%m}")
        chance, ahead = np.random.default_rng(seed), np.minimum(np.arange(horizon), SPAN - 1)
        rate = _fading(np.nan_to_num(events), ~np.isnan(events), HALF_LIFE)[:, -1]
        of = np.searchsorted(EDGES, rate)
        expected = np.where(of == 0, 1.0, rate)[:, None] * self.learnt.onward[of][:, ahead]
        each = _each(*_logarithms(history), world=self.learnt.each)[:, -1] + self.learnt.shift
        picked = self._picked(expected, self.learnt.size[of][:, ahead], each, chance=chance)
        levels = np.sort(picked, axis=2)[:, :, PICKS_PER_DRAW // 2 :: PICKS_PER_DRAW]
        return np.take_along_axis(levels, ranks(len(rate), horizon, DRAWS, seed=seed + 1), axis=2)

    def _picked(self, expected: Matrix, size: Matrix, each: Matrix, *, chance: np.random.Generator) -> Matrix:
        assert self.learnt is not None  # noqa: S101 - draws has asked
        shape = (*expected.shape, DRAWS * PICKS_PER_DRAW)
        events = chance.negative_binomial(size[..., None], (size / (size + expected))[..., None], shape)
        some, (slope, level) = np.maximum(events, 1), self.learnt.scatter
        noise = quantile(even(shape, chance=chance)).clip(-FARTHEST, FARTHEST)
        deaths = some * np.exp(each[:, None, None] + np.exp((slope * np.log(some) + level) / 2) * noise)
        return np.where(events > 0, np.maximum(1.0, np.round(deaths)), 0.0)


def _learn(history: History) -> Learnt:
    events = history.beside[EVENTS]
    if events.shape[1] <= FIRST_COLUMN + SPAN or np.nansum(events > 0) < LEAST_CASES:
        raise TooLittleToLearn("Too few months with events are known. Use a longer history, or the model windows.")
    rates = _fading(np.nan_to_num(events), ~np.isnan(events), HALF_LIFE)
    pairs = [_onward(events, rates, ahead=ahead) for ahead in range(1, SPAN + 1)]
    logs, some = _logarithms(history)
    world = float(logs[some].mean())
    missed = (logs[:, 1:] - _each(logs, some, world=world)[:, :-1])[some[:, 1:]]
    scatter = _scatter(missed, events[:, 1:][some[:, 1:]])
    onward, size = (np.stack(columns, axis=1) for columns in zip(*pairs, strict=True))
    return Learnt(onward=onward, size=size, each=world, scatter=scatter, shift=float(missed.mean()))


def _onward(events: Matrix, rates: Matrix, *, ahead: int) -> tuple[Matrix, Matrix]:
    """Return, by division of past rates, what came against them so many months ahead, and the size of its scatter."""
    origins = np.arange(FIRST_COLUMN, events.shape[1] - ahead)
    known = ~np.isnan(events[:, origins]) & ~np.isnan(events[:, origins + ahead])
    came, rate = events[:, origins + ahead][known], rates[:, origins][known]
    of = np.searchsorted(EDGES, rate)
    base = np.where(of == 0, 1.0, rate)
    onward, size = np.ones(EDGES.size + 1), np.full(EDGES.size + 1, DISPERSIONS[0])
    onward[0] = TINY_RATE
    for place in range(EDGES.size + 1):
        mine = of == place
        if mine.sum() >= LEAST_CASES:
            few = FEW if place else 0.0
            onward[place] = TINY_RATE + (came[mine].sum() + few) / (base[mine].sum() + few)
            size[place] = _size(onward[place] * base[mine], float((came[mine] == 0).mean()))
        elif place > 1:
            onward[place], size[place] = onward[place - 1], size[place - 1]
    return onward, size


def _size(expected: Matrix, quiet: float) -> float:
    """Find, by halving, the size with which months without events are as frequent as they were."""
    low, high = DISPERSIONS
    for _ in range(HALVINGS):
        middle = float(np.sqrt(low * high))
        is_quieter = ((middle / (middle + expected)) ** middle).mean() > quiet
        low, high = (middle, high) if is_quieter else (low, middle)
    return low


def _logarithms(history: History) -> tuple[Matrix, Flags]:
    """Return the logarithm of deaths per event by state and month, and where there were events."""
    events, deaths = np.nan_to_num(history.beside[EVENTS]), np.nan_to_num(history.deaths)
    some: Flags = events > 0
    return np.where(some, np.log(np.maximum(deaths, 0.5) / np.maximum(events, 1)), 0.0), some


def _each(logs: Matrix, some: Flags, *, world: float) -> Matrix:
    """Return what is known at the end of each month of a state's deaths per event (logarithm)."""
    total, weight = _sums(logs, some, EACH_HALF_LIFE)
    found: Matrix = (PRIOR_EACH * world + total) / (PRIOR_EACH + weight)
    return found


def _scatter(missed: Matrix, events: Matrix) -> tuple[float, float]:
    inside = np.searchsorted(SIZES, events, side="right") - 1
    enough = [place for place in range(SIZES.size - 1) if (inside == place).sum() >= LEAST_CASES]
    if len(enough) < 2:
        return 0.0, float(np.log(np.mean(missed**2) + TINY_RATE))
    size = [np.log(events[inside == place].mean()) for place in enough]
    variance = [np.log((missed[inside == place] ** 2).mean() + TINY_RATE) for place in enough]
    slope, level = np.polyfit(size, variance, 1)
    return float(slope), float(level)


def _fading(values: Matrix, known: Flags, half_life: int) -> Matrix:
    total, weight = _sums(values, known, half_life)
    found: Matrix = total / np.maximum(weight, TINY_RATE)
    return found


def _sums(values: Matrix, counts: Flags, half_life: int) -> tuple[Matrix, Matrix]:
    """Return the sums of values that count and of their weights, half as much every ``half_life`` months of age, by month."""
    stays, total, weight = 0.5 ** (1 / half_life), np.zeros(len(values)), np.zeros(len(values))
    totals, weights = np.empty(values.shape), np.empty(values.shape)
    for column in range(values.shape[1]):
        total, weight = total * stays + values[:, column] * counts[:, column], weight * stays + counts[:, column]
        totals[:, column], weights[:, column] = total, weight
    return totals, weights


MODEL = Compound
