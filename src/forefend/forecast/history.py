"""The past as a matrix: one row for each state, one column for each month (or year), which models learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from forefend.panel.deaths import months_before

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
EVENTS = "events"  # how often there was killing of the target's kind, beside how many died


@dataclass(frozen=True, kw_only=True)
class History:
    """Deaths by state and month up to an origin, the last month that is known.

    ``deaths[i, j]`` are the deaths in state ``iso3s[i]`` in the month ``j`` months after ``first``; NaN
    before the state is counted. ``target`` says what is counted. States stand in alphabetical order.
    ``beside`` holds the deaths by other kinds of violence, and the target's own ``EVENTS``, in the same layout, for the
    models that learn from them.
    """

    target: str
    iso3s: tuple[str, ...]
    first: date
    deaths: Matrix
    beside: Mapping[str, Matrix] = field(default_factory=dict)

    @property
    def origin(self) -> date:
        """First day of the last month that is known."""
        return self.month(self.deaths.shape[1] - 1)

    def month(self, column: int) -> date:
        """Return the first day of the month in a column; later than the origin, of a month ahead."""
        return months_before(self.first, -column)

    def column(self, month: date) -> int:
        """Return the column of a month."""
        return (month.year - self.first.year) * 12 + month.month - self.first.month

    def until(self, origin: date) -> History:
        """Return what was known at an earlier origin, without the states that were not yet counted."""
        known = self.deaths[:, : self.column(origin) + 1]
        counted = ~np.isnan(known[:, -1])
        iso3s = tuple(iso3 for iso3, is_counted in zip(self.iso3s, counted, strict=True) if is_counted)
        beside = {kind: deaths[counted, : known.shape[1]] for kind, deaths in self.beside.items()}
        return replace(self, iso3s=iso3s, deaths=known[counted], beside=beside)

    def without_events(self) -> History:
        """Return the same with deaths alone."""
        return replace(self, beside={kind: matrix for kind, matrix in self.beside.items() if kind != EVENTS})


def from_panel(panel: pl.DataFrame, *, target: str, counted: str = "deaths") -> History:
    """Turn the panel's rows (``iso3, month`` and what is counted, sorted, without gaps) into a history."""
    first, newest = panel["month"].min(), panel["month"].max()
    assert isinstance(first, date)  # noqa: S101 - tells the type checker what the panel's schema says
    assert isinstance(newest, date)  # noqa: S101
    columns = (panel["month"].dt.year().cast(pl.Int64) - first.year) * 12 + panel["month"].dt.month() - first.month
    iso3s = panel["iso3"].unique().sort()
    deaths = np.full((iso3s.len(), (newest.year - first.year) * 12 + newest.month - first.month + 1), np.nan)
    rows = panel["iso3"].cast(pl.Enum(iso3s)).to_physical().to_numpy()
    deaths[rows, columns.to_numpy()] = panel[counted].to_numpy()
    deaths.flags.writeable = False
    return History(target=target, iso3s=tuple(iso3s), first=first, deaths=deaths)


def windows(deaths: Matrix, *, months: int = 12) -> Matrix:
    """Sum months into windows counted back from the last column, oldest first; a remainder at the start is left out.

    A window that begins before the state is counted is NaN.
    """
    whole = deaths.shape[1] // months
    summed: Matrix = deaths[:, deaths.shape[1] - whole * months :].reshape(deaths.shape[0], whole, months).sum(axis=2)
    return summed
