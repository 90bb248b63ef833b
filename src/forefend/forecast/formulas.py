"""The formulas of this room. Their rows are deaths by state and month; a month without a row had none.

``panel`` tells how to lay them out, so that a record alone, with its rows, is enough to compute a number again:
``states`` names the states covered, ``since`` the first year of those counted later than 1989, ``newest`` the
last month known to the forecast, as 2024-12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from forefend.forecast.history import Flags, Matrix, windows
from forefend.forecast.reference import CLASSES, tally, wilson
from forefend.forecast.year_total import next_span_quantiles
from forefend.store.formulas import NOT_MONITORED, Frames, NothingToCompute, formula, single

FIRST_YEAR = 1989
SPAN = 12
QUIET = "no deaths in the months before"

Panel = Mapping[str, Any]


@formula("number of country-years of the class, or of all, whose two following years are known")
def class_country_years(frames: Frames, *, death_class: str, panel: Panel) -> float:
    """Count the cases of a reference class."""
    return float(_tally(frames, death_class=death_class, panel=panel)[1])


@formula("number of these country-years that a new mass killing followed within two years")
def class_onsets(frames: Frames, *, death_class: str, panel: Panel) -> float:
    """Count the cases of a reference class that an onset followed."""
    return float(_tally(frames, death_class=death_class, panel=panel)[0])


@formula("lower end of Wilson's 90 % interval for the first count out of the second; only half count as evidence, as base years overlap")
def wilson_low(frames: Frames) -> float:
    """Bound a share from below."""
    return wilson(single(frames[:1]), single(frames[1:]))[0]


@formula("upper end of Wilson's 90 % interval for the first count out of the second; only half count as evidence, as base years overlap")
def wilson_high(frames: Frames) -> float:
    """Bound a share from above."""
    return wilson(single(frames[:1]), single(frames[1:]))[1]


@formula("quantile of what followed past twelve-month spans with as many deaths, in proportion to the deaths of the last span")
def next_span_quantile(frames: Frames, *, iso3: str, q: float, panel: Panel) -> float:
    """Forecast the sum of the next twelve months of one state."""
    spans = windows(months_of(frames[0], panel=panel))
    value = float(next_span_quantiles(spans, quantiles=[q])[panel["states"].split().index(iso3), 0])
    if np.isnan(value):
        raise NothingToCompute(NOT_MONITORED)
    return value


@formula("number of later months that were forecast from the twelve months before each origin")
def months_tested(frames: Frames, *, only: Sequence[str], panel: Panel, origins: int) -> float:
    """Count the monthly outcomes of a back-test; see ``_months_ahead``."""
    return float(_months_ahead(frames[0], only=only, panel=panel, origins=origins)[0].size)


@formula("number of those months whose deaths lay between two quantiles of the forecast, ends included")
def months_between(frames: Frames, *, low: float, high: float, only: Sequence[str], panel: Panel, origins: int) -> float:
    """Count the monthly outcomes inside a band."""
    outcomes, before = _months_ahead(frames[0], only=only, panel=panel, origins=origins)
    bounds = np.quantile(before, [low, high], axis=1)[:, :, None]
    return float(((outcomes >= bounds[0]) & (outcomes <= bounds[1])).sum())


@formula("number of those months whose deaths lay above a quantile of the forecast")
def months_above(frames: Frames, *, q: float, only: Sequence[str], panel: Panel, origins: int) -> float:
    """Count the monthly outcomes above a line."""
    outcomes, before = _months_ahead(frames[0], only=only, panel=panel, origins=origins)
    return float((outcomes > np.quantile(before, q, axis=1)[:, None]).sum())


@formula("number of later twelve-month spans that were forecast from what was known at each origin")
def spans_tested(frames: Frames, *, only: Sequence[str], panel: Panel, origins: int) -> float:
    """Count the twelve-month outcomes of a back-test; see ``_spans_ahead``."""
    return float(_spans_ahead(frames[0], quantiles=[0.5], only=only, panel=panel, origins=origins)[0].size)


@formula("number of those spans whose deaths lay between two quantiles of the forecast, ends included")
def spans_between(frames: Frames, *, low: float, high: float, only: Sequence[str], panel: Panel, origins: int) -> float:
    """Count the twelve-month outcomes inside a band."""
    outcomes, bounds = _spans_ahead(frames[0], quantiles=[low, high], only=only, panel=panel, origins=origins)
    return float(((outcomes >= bounds[:, 0]) & (outcomes <= bounds[:, 1])).sum())


@formula("number of those spans whose deaths lay above a quantile of the forecast")
def spans_above(frames: Frames, *, q: float, only: Sequence[str], panel: Panel, origins: int) -> float:
    """Count the twelve-month outcomes above a line."""
    outcomes, bounds = _spans_ahead(frames[0], quantiles=[q], only=only, panel=panel, origins=origins)
    return float((outcomes > bounds[:, 0]).sum())


@formula("1 plus the number of states with a higher value; where a state has several rows, their sum or the highest")
def rank_from_top(frames: Frames, *, iso3: str, gathered: str) -> float:
    """Rank one state among all with a value; ``gathered`` is single, total or highest. Equal values share the best place."""
    value = pl.col("value").max() if gathered == "highest" else pl.col("value").sum()
    by_state = frames[0].filter(pl.col("value").is_not_null()).group_by("iso3").agg(value)
    own = by_state.filter(pl.col("iso3") == iso3)["value"]
    if own.is_empty():
        raise NothingToCompute(NOT_MONITORED)
    return 1.0 + float((by_state["value"] > own[0]).sum())


@formula("number of states with a value")
def states_counted(frames: Frames) -> float:
    """Count the states that have a row with a value."""
    return float(frames[0].filter(pl.col("value").is_not_null())["iso3"].n_unique())


def _tally(frames: Frames, *, death_class: str, panel: Panel) -> tuple[int, int]:
    entry = next((entry for entry in CLASSES if entry.id == death_class), None)
    return tally(windows(months_of(frames[0], panel=panel)), entry)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows known by being the same object: the store hands out one frame for one question."""

    frame: pl.DataFrame

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self.frame is other.frame

    def __hash__(self) -> int:
        return id(self.frame)


def months_of(frame: pl.DataFrame, *, panel: Panel) -> Matrix:
    """Lay rows out as states by months, from January 1989 to the newest; NaN before a state's first year.

    Dozens of figures of one page rest on the same rows, so the newest few layouts are kept.
    """
    return _laid_out(_Rows(frame), panel["newest"], panel["states"], tuple(sorted(panel["since"].items())))


@lru_cache(maxsize=4)
def _laid_out(rows: _Rows, newest: str, states: str, first_years: tuple[tuple[str, int], ...]) -> Matrix:
    frame, last, names, since = rows.frame, date.fromisoformat(f"{newest}-01"), states.split(), dict(first_years)
    deaths = np.zeros((len(names), (last.year - FIRST_YEAR) * 12 + last.month))
    column = (pl.col("start").dt.year().cast(pl.Int64) - FIRST_YEAR) * 12 + pl.col("start").dt.month() - 1
    place = pl.col("iso3").replace_strict(names, list(range(len(names))), default=None, return_dtype=pl.Int64)
    cells = frame.select(place.alias("place"), column.alias("column"), "value").drop_nulls().filter(pl.col("column") < deaths.shape[1])
    np.add.at(deaths, (cells["place"].to_numpy(), cells["column"].to_numpy()), cells["value"].to_numpy())
    first = (np.array([since.get(iso3, FIRST_YEAR) for iso3 in names]) - FIRST_YEAR) * 12
    deaths[np.arange(deaths.shape[1])[None, :] < first[:, None]] = np.nan
    deaths.flags.writeable = False  # shared by all who ask
    return deaths


def _months_ahead(frame: pl.DataFrame, *, only: Sequence[str], panel: Panel, origins: int) -> tuple[Matrix, Matrix]:
    """Return outcomes (cases, 12 months ahead) and the twelve months before each origin (cases, 12).

    Origins lie 12, 24, ... months before ``newest``. With ``only`` empty, the cases are all states with deaths
    in the twelve months before; else the states named, with or without deaths.
    """
    deaths = months_of(frame, panel=panel)
    outcomes, before = [], []
    for back in range(1, origins + 1):
        end = deaths.shape[1] - back * SPAN
        past, ahead = deaths[:, end - SPAN : end], deaths[:, end : end + SPAN]
        cases = _cases(past.sum(axis=1), only=only, panel=panel)
        outcomes.append(ahead[cases])
        before.append(past[cases])
    return _some(np.concatenate(outcomes)), np.concatenate(before)


def _spans_ahead(
    frame: pl.DataFrame, *, quantiles: Sequence[float], only: Sequence[str], panel: Panel, origins: int
) -> tuple[Matrix, Matrix]:
    """Return outcomes (cases) and the forecast's quantiles (cases, quantiles), each from earlier spans alone; cases as above."""
    spans = windows(months_of(frame, panel=panel))
    outcomes, bounds = [], []
    for back in range(1, origins + 1):
        known = spans[:, :-back]
        forecast = next_span_quantiles(known, quantiles=quantiles)
        cases = _cases(known[:, -1], only=only, panel=panel) & ~np.isnan(forecast[:, 0])
        outcomes.append(spans[:, -back][cases])
        bounds.append(forecast[cases])
    return _some(np.concatenate(outcomes)), np.concatenate(bounds)


def _cases(deaths_before: Matrix, *, only: Sequence[str], panel: Panel) -> Flags:
    if not only:
        return np.nan_to_num(deaths_before) > 0
    named = np.isin(panel["states"].split(), list(only))
    found: Flags = named & ~np.isnan(deaths_before)
    return found


def _some(outcomes: Matrix) -> Matrix:
    if not outcomes.size:
        raise NothingToCompute(QUIET)
    return outcomes
