"""Reference classes: what followed in past country-years that looked like this one. Plain counting.

A base year belongs to the class of its deaths in one-sided violence in that year alone; of the ways tried
(highest of two or three years, sum of three), this one tells best what follows. Country-years with 1,000 or
more in the base year or the year before stand apart: by the definition no *new* mass killing can begin
within two years.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from forefend.forecast.history import Flags, Matrix
from forefend.forecast.target import HORIZON_YEARS, THRESHOLD, followed, ruled_out
from forefend.locale import N_

Z90 = 1.6448536269514722  # 95th percentile of the normal distribution: 5 % beyond each end
FIRST_BASE_COLUMN = 2  # the first base year for which three years before every onset are known


@dataclass(frozen=True, kw_only=True)
class DeathClass:
    """Base years with at least ``low`` and fewer than ``high`` deaths. ``is_under_way``: the class that stands apart."""

    id: str
    label: str
    low: int
    high: int | None
    is_under_way: bool = False


CLASSES: tuple[DeathClass, ...] = (
    DeathClass(id="none", label=N_("no deaths in one-sided violence in the last year"), low=0, high=1),
    DeathClass(id="few", label=N_("1 to 24 deaths in one-sided violence in the last year"), low=1, high=25),
    DeathClass(id="some", label=N_("25 to 249 deaths in one-sided violence in the last year"), low=25, high=250),
    DeathClass(id="many", label=N_("250 to 999 deaths in one-sided violence in the last year"), low=250, high=THRESHOLD),
    DeathClass(
        id="under_way",
        label=N_("1,000 or more deaths in one-sided violence in one of the last two years"),
        low=THRESHOLD,
        high=None,
        is_under_way=True,
    ),
)
UNDER_WAY = N_("1,000 or more deaths in one of the last two years: by the definition no new one can begin within two years")


def membership(deaths: Matrix, entry: DeathClass) -> Flags:
    """Return which country-years belong to a class; none before the state is counted."""
    counted, apart = ~np.isnan(deaths), ruled_out(deaths)
    if entry.is_under_way:
        return counted & apart
    known = np.nan_to_num(deaths)
    return counted & ~apart & (known >= entry.low) & (known < (entry.high or np.inf))


def class_of(deaths: Matrix) -> tuple[DeathClass, ...]:
    """Return the class of each state in the last year (column)."""
    members = [membership(deaths, entry)[:, -1] for entry in CLASSES]
    return tuple(CLASSES[int(place)] for place in np.argmax(np.stack(members), axis=0))


def tally(deaths: Matrix, entry: DeathClass | None) -> tuple[int, int]:
    """Return in how many country-years of a class (None: of all) an onset followed, and how many there are.

    Counted are base years whose two following years are among the columns.
    """
    inside = ~np.isnan(deaths) if entry is None else membership(deaths, entry)
    settled = np.s_[:, FIRST_BASE_COLUMN : deaths.shape[1] - HORIZON_YEARS]
    return int((inside & followed(deaths))[settled].sum()), int(inside[settled].sum())


def wilson(hits: float, trials: float, *, z: float = Z90, overlap: int = HORIZON_YEARS) -> tuple[float, float]:
    """Return Wilson's interval for a share; raises ZeroDivisionError where nothing was tried.

    Every onset is seen from ``overlap`` base years, which are not independent, so only the ``overlap``-th
    part of the trials counts as evidence.
    """
    p, n = hits / trials, trials / overlap
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)
