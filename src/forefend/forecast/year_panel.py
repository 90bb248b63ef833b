"""Country-years for the fitted yearly models: predictors, what followed where it is known, and which states are forecast."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from forefend.errors import ForecastError
from forefend.forecast.history import Flags, History, Matrix, windows
from forefend.forecast.target import HORIZON_YEARS, followed, onsets, ruled_out

Names = npt.NDArray[np.str_]
Years = npt.NDArray[np.intp]

THRESHOLDS = (100, 250, 500, 1000)  # deaths in a year, the last being the target's
LONG_AGO = 40
FIRST_COLUMN = 2  # three years are known


@dataclass(frozen=True, kw_only=True)
class YearPanel:
    """One row for each country-year up to ``base_year``, sorted by year and state.

    ``inputs`` (rows, predictors), NaN where unknown; ``signs``: 1 where more means no less risk, -1 the reverse, 0 neither.
    ``short`` are the predictors of the short list, ``long`` those of the long one; the rest are for trees alone.
    ``outcome`` is NaN where not both following years are over at ``base_year``. ``begun``: an onset came in the year
    itself. ``impossible``: the definition rules an
    onset out. ``levels`` (rows, thresholds) tells whether a year with as many deaths followed; empty where not counted.
    ``history`` holds the months it was made of, if it was.
    """

    target: str
    base_year: int
    iso3: Names
    year: Years
    names: tuple[str, ...]
    signs: tuple[int, ...]
    short: tuple[str, ...]
    long: tuple[str, ...]
    inputs: Matrix
    outcome: Matrix
    begun: Flags
    impossible: Flags
    levels: Matrix
    history: History | None = None

    @property
    def is_now(self) -> Flags:
        """Rows of the base year: those to be forecast."""
        found: Flags = self.year == self.base_year
        return found

    @property
    def is_known(self) -> Flags:
        """Rows to learn from: outcome known, and an onset possible."""
        found: Flags = ~np.isnan(self.outcome) & ~self.impossible
        return found

    def columns(self, names: tuple[str, ...]) -> Matrix:
        """Return some predictors."""
        return self.inputs[:, [self.names.index(name) for name in names]]

    def until(self, base_year: int) -> YearPanel:
        """Return what was known at the end of an earlier base year: later rows gone, later outcomes unknown."""
        keep = self.year <= base_year
        is_over = self.year[keep] <= base_year - HORIZON_YEARS
        return replace(
            self,
            base_year=base_year,
            iso3=self.iso3[keep],
            year=self.year[keep],
            inputs=self.inputs[keep],
            outcome=np.where(is_over, self.outcome[keep], np.nan),
            begun=self.begun[keep],
            impossible=self.impossible[keep],
            levels=self.levels[keep],
            history=None if self.history is None else self.history.until(date(base_year, 12, 1)),
        )


def as_panel(known: History | YearPanel) -> YearPanel:
    """Return country-years as they are, or made of one-sided, state-based and non-state deaths up to the last year."""
    return known if isinstance(known, YearPanel) else from_history(known)


def as_history(known: History | YearPanel) -> History:
    """Return the months behind country-years; raises ForecastError where there are none."""
    found = known.history if isinstance(known, YearPanel) else known
    if found is None:
        raise ForecastError("This model learns from UCDP's months alone. Use it with the target ucdp.")
    return found


def from_history(history: History) -> YearPanel:
    """Make the country-years of the target ``ucdp``; a history ends with its base year's December."""
    deaths = windows(history.deaths)
    first = history.origin.year - deaths.shape[1] + 1
    columns = deaths_predictors(history)
    after = np.full(deaths.shape, np.nan)
    after[:, :-HORIZON_YEARS] = followed(deaths)[:, :-HORIZON_YEARS]
    most = np.full(deaths.shape, np.nan)
    most[:, :-HORIZON_YEARS] = np.fmax(np.nan_to_num(deaths[:, 1:-1]), np.nan_to_num(deaths[:, 2:]))
    blocked = ruled_out(deaths)
    keep = ~np.isnan(deaths)
    keep[:, :FIRST_COLUMN] = False
    order = np.argwhere(keep.T)  # by year, then state
    year, state = order[:, 0], order[:, 1]
    levels = np.stack([most[state, year] >= threshold for threshold in THRESHOLDS], axis=1).astype(float)
    levels[:, -1] = after[state, year]
    return YearPanel(
        target="ucdp",
        base_year=history.origin.year,
        iso3=np.array(history.iso3s)[state],
        year=first + year,
        names=tuple(columns),
        signs=tuple(-1 if name.startswith("since") else 1 for name in columns),
        short=tuple(columns),
        long=tuple(columns),
        inputs=np.stack([values[state, year] for values in columns.values()], axis=1),
        outcome=after[state, year],
        begun=onsets(deaths)[state, year],
        impossible=blocked[state, year],
        levels=levels,
        history=history,
    )


def deaths_predictors(history: History) -> dict[str, Matrix]:
    """Return predictors by name (states, years) from the deaths of the year and earlier ones, in logarithms."""
    own = np.nan_to_num(windows(history.deaths))
    found = {
        "os": np.log1p(own),
        "os_before": np.log1p(np.pad(own, ((0, 0), (1, 0)))[:, :-1]),
        "os_3": np.log1p(_mean(own, 3)),
        "os_5_most": np.log1p(_most(own, 5)),
        "os_10": np.log1p(_mean(own, 10)),
        "since_100": np.log1p(_since(own >= THRESHOLDS[0])),
    }
    for kind in ("sb", "ns"):
        other = np.nan_to_num(windows(history.beside[kind])) if kind in history.beside else np.zeros_like(own)
        found |= {kind: np.log1p(other), f"{kind}_3": np.log1p(_mean(other, 3))}
    return found


def _mean(values: Matrix, years: int) -> Matrix:
    totals = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    ends = np.arange(1, values.shape[1] + 1)
    starts = np.maximum(ends - years, 0)
    mean: Matrix = (totals[:, ends] - totals[:, starts]) / (ends - starts)
    return mean


def _most(values: Matrix, years: int) -> Matrix:
    padded = np.pad(values, ((0, 0), (years - 1, 0)))
    most: Matrix = np.lib.stride_tricks.sliding_window_view(padded, years, axis=1).max(axis=-1)
    return most


def _since(was: Flags) -> Matrix:
    columns = np.arange(was.shape[1])
    last = np.maximum.accumulate(np.where(was, columns, -LONG_AGO), axis=1)
    return np.minimum(columns - last, LONG_AGO).astype(float)
