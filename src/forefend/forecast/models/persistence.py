"""Violence persists: the share of past country-years with (or without) killing under way that a new mass killing followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forefend.forecast.history import Flags, History, Matrix
from forefend.forecast.reference import wilson
from forefend.forecast.target import Period
from forefend.forecast.year_panel import YearPanel, as_panel
from forefend.locale import N_

PRIOR = 50  # country-years that the base rate counts for
UNDER_WAY = {  # predictor, and from which value on
    "ucdp": ("os", np.log1p(25)),
    "ewp": ("mk_ongoing_count", 1.0),
    "ucdp_actor": ("os", np.log1p(25)),
}


@dataclass(frozen=True, kw_only=True)
class Persistence:
    """``rates``: chance, lower and upper bound without (0) and with (1) killing under way."""

    name: ClassVar[str] = "persistence"
    title: ClassVar[str] = N_("whether killing is under way")
    period: ClassVar[Period] = "year"
    targets: ClassVar[tuple[str, ...]] = ("ucdp", "ewp", "ucdp_actor")
    rates: tuple[tuple[float, float, float], ...] = ((0.0, 0.0, 1.0),) * 2

    def fit(self, history: History | YearPanel) -> Persistence:
        """Count."""
        panel = as_panel(history)
        known = panel.is_known
        if not known.any():
            return self
        base, under_way = float(panel.outcome[known].mean()), _under_way(panel)
        return Persistence(rates=tuple(_rate(panel.outcome[known & (under_way == state)], base=base) for state in (False, True)))

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return the rate of each state's group; 0 where the definition rules an onset out."""
        panel = as_panel(history)
        found = np.array(self.rates)[_under_way(panel)[panel.is_now].astype(int)]
        return np.where(panel.impossible[panel.is_now][:, None], 0.0, found)


def _rate(outcome: Matrix, *, base: float) -> tuple[float, float, float]:
    hits, trials = outcome.sum() + PRIOR * base, outcome.size + PRIOR
    return (float(hits / trials), *wilson(float(hits), float(trials)))


def _under_way(panel: YearPanel) -> Flags:
    name, least = UNDER_WAY[panel.target]
    found: Flags = panel.columns((name,))[:, 0] >= least
    return found


MODEL = Persistence
