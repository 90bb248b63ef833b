"""What is scored at one origin of the monthly back-test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from forefend.forecast import score
from forefend.forecast.history import Flags, History, Matrix
from forefend.forecast.target import ESCALATION_MONTHS, escalations

MONTH_SCORES = ("crps", "crps_log", "ignorance", "coverage_90")
EVENT, ESCALATION = "brier_25_in_3_months", "brier_escalation"

Names = npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class Cases:
    """One origin: what was known, the deaths that came (states x months ahead), and which months ahead are tested.

    ``has_event``: the three months after the origin are all tested. ``was_calm``: states that could escalate.
    """

    known: History
    came: Matrix
    is_tested: Flags
    has_event: bool
    was_calm: Flags
    had_event: Flags

    def countries(self) -> dict[str, Names]:
        """Return the state of every case, by score, in the order in which ``scores`` gives them."""
        names = np.array(self.known.iso3s)
        months = np.repeat(names, int(self.is_tested.sum()))
        found = dict.fromkeys(MONTH_SCORES, months)
        return found | {EVENT: names, ESCALATION: names[self.was_calm]} if self.has_event else found

    def labels(self) -> dict[str, Names]:
        """Return the year of every monthly case, and whether its state had deaths in the twelve months before the origin."""
        months = np.array([str(self.known.month(self.known.deaths.shape[1] + int(step)).year) for step in np.flatnonzero(self.is_tested)])
        was_violent = np.nan_to_num(self.known.deaths[:, -12:]).sum(axis=1) > 0
        return {
            "history": np.repeat(np.where(was_violent, "violent", "calm"), months.size),
            "year": np.tile(months, was_violent.size),
        }

    def scores(self, draws: Matrix, chance: Matrix) -> dict[str, Matrix]:
        """Score draws (states, horizon, draws) and chances of the event, case by case."""
        tested, came = draws[:, self.is_tested], self.came[:, self.is_tested]
        seed = int(f"{self.known.origin:%Y%m}")
        found = {
            "crps": score.crps(tested, came).ravel(),
            "crps_log": score.crps_log(tested, came).ravel(),
            "ignorance": score.ignorance(tested, came).ravel(),
            "coverage_90": score.covered(tested, came, seed=seed).ravel().astype(float),
        }
        if not self.has_event:
            return found
        brier = score.brier(chance, self.had_event)
        return found | {EVENT: brier, ESCALATION: brier[self.was_calm]}

    def predictions(self, draws: Matrix) -> pl.DataFrame:
        """Return the draws in the layout of the scorers: iso3, month, horizon, d0, d1, ..."""
        ahead = np.flatnonzero(self.is_tested)
        months = [f"{self.known.month(self.known.deaths.shape[1] + int(step)):%Y-%m}" for step in ahead]
        flat = np.ascontiguousarray(draws[:, ahead].reshape(-1, draws.shape[2]).T)
        whole = bool((flat == np.floor(flat)).all())
        return pl.DataFrame(
            {
                "iso3": np.repeat(np.array(self.known.iso3s), ahead.size),
                "month": months * len(self.known.iso3s),
                "horizon": np.tile(ahead + 1, len(self.known.iso3s)),
                **{f"d{place}": column.astype(np.int64) if whole else column for place, column in enumerate(flat)},
            }
        )

    def events(self, chance: Matrix) -> pl.DataFrame:
        """Return the chance of 25 or more deaths in the next three months: iso3, origin, p."""
        origin = [f"{self.known.origin:%Y-%m}"] * len(self.known.iso3s)
        return pl.DataFrame({"iso3": self.known.iso3s, "origin": origin, "p": chance})


def cases_at(past: History, origin: date, *, first: date, last: date, horizon: int) -> Cases:
    """Prepare an origin; months outside ``first`` to ``last`` are not tested."""
    known = past.until(origin)
    column = past.column(origin)
    deaths = past.deaths[np.isin(past.iso3s, known.iso3s)]
    ahead = deaths[:, column + 1 : column + 1 + horizon]
    came = np.pad(ahead, ((0, 0), (0, horizon - ahead.shape[1])), constant_values=np.nan)
    months = [past.month(column + step) for step in range(1, horizon + 1)]
    calm, event = escalations(deaths, column=column)
    return Cases(
        known=known,
        came=came,
        is_tested=np.array([first <= month <= last for month in months]),
        has_event=first <= months[0] and months[ESCALATION_MONTHS - 1] <= last,
        was_calm=calm,
        had_event=event,
    )
