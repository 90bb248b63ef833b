"""The pool of monthly models: one distribution of the draws of its members, drawn together a little, along paths of the members.

A mixture of forecasts each right by itself says too wide a range, so the log-odds of its distribution are stretched; those of
the chance of so many deaths in all as well. That has members of its own, which learn from deaths alone: how often there was killing
makes the range of deaths better and the order of states that escalate no better. Where killing rests, its return is rare and known from
other states alone: there nothing is stretched, and the member that forgets within months is not heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from forefend.forecast.history import Flags, History, Matrix
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.models import find_model
from forefend.forecast.paths import along
from forefend.forecast.ridge import from_log_odds, log_odds
from forefend.forecast.target import Period
from forefend.forecast.training import check_counts
from forefend.locale import N_

MEMBERS = ("hurdle_trees", "path_forest", "hierarchical", "fading_months")
# Members of the chance of so many deaths in all, with their weights.
OF_CHANCES = {"hurdle_trees": 0.4, "path_forest": 0.1, "hierarchical": 0.1, "fading_months": 0.1, "windows": 0.3}
STRETCH = 1.08  # of log-odds
DRAWS = 240
EVEN = (np.arange(DRAWS) + 0.5) / DRAWS
FORGETS = "fading_months"  # not heard on a month where deaths rest: it tells no more of them
RECENT, LONG = 12, 60  # months


@dataclass(frozen=True, kw_only=True)
class MonthlyPool:
    """``members`` by name, fitted to ``learnt``; ``left_out`` says of one that could not be why."""

    name: ClassVar[str] = "pool"
    title: ClassVar[str] = N_("pool of trees, analogues, a count model and past months")
    period: ClassVar[Period] = "month"
    members: Mapping[str, Any] = field(default_factory=dict)
    learnt: History | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)

    def fit(self, history: History) -> MonthlyPool:
        """Fit every member; raises ForecastError for counts that cannot be, and without scikit-learn."""
        check_counts(history)
        members, left_out = _fitted(MEMBERS, history)
        return MonthlyPool(members=members, learnt=history, left_out=left_out)

    @cached_property
    def of_chances(self) -> Mapping[str, Any]:
        """The members of the chance of so many deaths, fitted when they are first asked: deaths by month need none of them."""
        return {} if self.learnt is None else _fitted(OF_CHANCES, self.learnt.without_events())[0]

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return paths that move as paths of the members do, with values that lie evenly in the pool's distribution."""
        drawn = {name: member.draws(history, horizon=horizon) for name, member in self.members.items()}
        pooled, resting = np.concatenate(list(drawn.values()), axis=2), _resting(history)
        values = _evenly(pooled, stretch=STRETCH)
        others = np.concatenate([draws[resting] for name, draws in drawn.items() if name != FORGETS], axis=2)
        values[resting] = _evenly(others, stretch=1.0)
        paths = pooled[:, :, (EVEN * pooled.shape[2]).astype(int)]
        return along(paths, values, seed=int(f"{history.origin:%Y%m}"))

    def event_chances(self, history: History, *, deaths: float, months: int) -> Matrix:
        """Return each state's chance of so many deaths in all in the months ahead, by their members' paths."""
        weights, known = np.array([OF_CHANCES[name] for name in self.of_chances]), history.without_events()
        totals = [member.draws(known, horizon=months).sum(axis=1) for member in self.of_chances.values()]
        shares = np.stack([(total >= deaths).mean(axis=1) for total in totals], axis=-1)
        return from_log_odds(STRETCH * log_odds(shares @ weights / weights.sum()))


def _fitted(names: Iterable[str], history: History) -> tuple[dict[str, Any], dict[str, str]]:
    """Return members fitted, by name, and of those that could not be why."""
    found, left_out = {}, {}
    for name in names:
        try:
            found[name] = find_model(name, period="month")().fit(history)
        except TooLittleToLearn as refusal:
            left_out[name] = str(refusal)
    return found, left_out


def _evenly(draws: Matrix, *, stretch: float) -> Matrix:
    """Return draws in rising order that lie evenly in the distribution of those given, its log-odds stretched."""
    places = from_log_odds(log_odds(EVEN) / stretch)
    found: Matrix = np.sort(draws, axis=2)[:, :, (places * draws.shape[2]).astype(int)]
    return found


def _resting(history: History) -> Flags:
    """Tell which states had deaths in five years, but none in the last one."""
    deaths = np.nan_to_num(history.deaths)
    resting: Flags = deaths[:, -RECENT:].any(axis=1) < deaths[:, -LONG:].any(axis=1)
    return resting


MODEL = MonthlyPool
