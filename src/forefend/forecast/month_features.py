"""What is known of a country at the end of each month, for models that learn: levels, shares, ages and trends of deaths, and events.

Every value in column ``o`` comes from months up to ``o``. Nothing is taken from the calendar: an actor's killings are
counted once they reach 25 in a calendar year, so the place in the year would tell what later months decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forefend.forecast.history import EVENTS, History, Matrix
from forefend.forecast.kept import kept
from forefend.forecast.learn import digest

Single = npt.NDArray[np.float32]
Entry = tuple[str, Matrix, int]

LEVELS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
SHARES = (3, 12, 36, 120)
OTHER_LEVELS = (1, 3, 12, 36)
LONGEST = 120
MANY = 25
HALF_LIVES = (2, 4, 8)  # months after which a month weighs half as much
OVER, OVER_HALF_LIFE = (6, 26, 101), 4  # deaths in a month
EVENT_SUMS, MANY_EVENTS, DEATHS_EACH = (1, 2, 3, 6, 12, 24), 3, (6, 24)


@dataclass(frozen=True, kw_only=True)
class MonthFeatures:
    """``values`` (states, months, features); ``signs``: 1 where more means no fewer deaths ahead, -1 the reverse, 0 unknown."""

    names: tuple[str, ...]
    signs: tuple[int, ...]
    values: Single

    def column(self, name: str) -> Single:
        """Return one feature (states, months)."""
        return self.values[:, :, self.names.index(name)]


def month_features(history: History) -> MonthFeatures:
    """Compute every feature at every month; kinds of violence not given beside count as none, events not given have no features."""
    others = {kind: history.beside.get(kind, np.zeros_like(history.deaths)) for kind in ("sb", "ns")}
    events = history.beside.get(EVENTS)
    key = digest("month features", history.deaths, *others.values(), "without" if events is None else events)
    return kept(key, lambda: _compute(history.deaths, others, events))


def _compute(deaths: Matrix, others: dict[str, Matrix], events: Matrix | None) -> MonthFeatures:
    entries = list(_own(np.nan_to_num(deaths)))
    for kind, matrix in others.items():
        entries += _other(kind, np.nan_to_num(matrix))
    if events is not None:
        entries += _events(np.nan_to_num(events), np.nan_to_num(deaths))
    names, values, signs = zip(*entries, strict=True)
    return MonthFeatures(names=names, signs=signs, values=np.stack(values, axis=-1).astype(np.float32))


def _own(deaths: Matrix) -> Iterator[Entry]:
    some = (deaths > 0).astype(float)
    for months in LEVELS:
        yield f"mean_{months}", np.log1p(_mean(deaths, months)), 1
    for months in SHARES:
        yield f"share_{months}", _mean(some, months), 1
    yield "many_12", _sum((deaths >= MANY).astype(float), 12), 1
    yield "most", np.log1p(np.maximum.accumulate(deaths, axis=1)), 1
    recent = np.lib.stride_tricks.sliding_window_view(np.pad(deaths, ((0, 0), (11, 0))), 12, axis=1)
    yield "most_12", np.log1p(recent.max(axis=-1)), 1
    yield "since", np.log1p(_since(deaths)), -1
    yield "trend", _trend(deaths), 0
    for months in HALF_LIVES:
        yield f"fading_{months}", _fading(np.log1p(deaths), months), 1
        yield f"fading_share_{months}", _fading(some, months), 1
    for level in OVER:
        yield f"fading_over_{level}", _fading((deaths >= level).astype(float), OVER_HALF_LIFE), 1


def _other(kind: str, deaths: Matrix) -> Iterator[Entry]:
    for months in OTHER_LEVELS:
        yield f"{kind}_mean_{months}", np.log1p(_mean(deaths, months)), 1
    yield f"{kind}_share_12", _sum((deaths > 0).astype(float), 12) / 12, 1
    yield f"{kind}_trend", _trend(deaths), 0


def _events(events: Matrix, deaths: Matrix) -> Iterator[Entry]:
    """How often there was killing says how much there is more steadily than how many died, which one massacre can decide."""
    for months in EVENT_SUMS:
        yield f"events_{months}", np.log1p(_sum(events, months)), 1
    for months in HALF_LIVES:
        yield f"fading_events_{months}", _fading(np.log1p(events), months), 1
    yield f"fading_{MANY_EVENTS}_events", _fading((events >= MANY_EVENTS).astype(float), OVER_HALF_LIFE), 1
    for months in DEATHS_EACH:
        yield f"deaths_each_{months}", np.log1p(_sum(deaths, months) / np.maximum(_sum(events, months), 1)), 0


def _sum(values: Matrix, months: int) -> Matrix:
    totals = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    ends = np.arange(1, values.shape[1] + 1)
    summed: Matrix = totals[:, ends] - totals[:, np.maximum(ends - months, 0)]
    return summed


def _mean(values: Matrix, months: int) -> Matrix:
    return _sum(values, months) / np.minimum(months, np.arange(1, values.shape[1] + 1))


def _fading(values: Matrix, half_life: int) -> Matrix:
    """Return the mean of all months so far, each weighing half as much as one ``half_life`` months younger."""
    stays, total, weight = 0.5 ** (1 / half_life), np.zeros(len(values)), 0.0
    found = np.empty(values.shape)
    for column in range(values.shape[1]):
        total, weight = total * stays + values[:, column], weight * stays + 1
        found[:, column] = total / weight
    return found


def _trend(deaths: Matrix) -> Matrix:
    trend: Matrix = np.log1p(_sum(deaths, 3) / 3) - np.log1p(_sum(deaths, 12) / 12)
    return trend


def _since(deaths: Matrix) -> Matrix:
    """Months since the last death, at most 120."""
    columns = np.arange(deaths.shape[1])
    last = np.maximum.accumulate(np.where(deaths > 0, columns, -LONGEST), axis=1)
    return np.minimum(columns - last, LONGEST).astype(float)
