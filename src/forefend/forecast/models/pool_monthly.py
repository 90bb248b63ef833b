"""The pool of monthly models: draws of all members side by side, each still one path of one member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.models import find_model
from forefend.forecast.target import Period
from forefend.forecast.training import check_counts

MEMBERS = ("hurdle_trees", "path_forest", "hierarchical", "windows")
OF_EVENTS = {"hurdle_trees": 3.5}  # how much a member's path weighs on whether an event comes; 1 unless named


@dataclass(frozen=True, kw_only=True)
class MonthlyPool:
    """``members`` by name; ``left_out`` says of a member that could not be fitted why."""

    name: ClassVar[str] = "pool"
    title: ClassVar[str] = "pool of trees, analogues, a count model and past months"
    period: ClassVar[Period] = "month"
    members: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    def fit(self, history: History) -> MonthlyPool:
        """Fit every member; raises ForecastError for counts that cannot be, and without scikit-learn."""
        check_counts(history)
        members, left_out = {}, {}
        for name in MEMBERS:
            try:
                members[name] = find_model(name, period="month")().fit(history)
            except TooLittleToLearn as refusal:
                left_out[name] = str(refusal)
        return MonthlyPool(members=members, left_out=left_out)

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return the draws of all members that were fitted."""
        return np.concatenate([member.draws(history, horizon=horizon) for member in self.members.values()], axis=2)

    def weights_of_events(self, history: History) -> Matrix:
        """Return how much each path weighs in the chance of an event, such as 25 deaths in three months; in sum 1."""
        counts = {name: member.draws(history, horizon=1).shape[2] for name, member in self.members.items()}
        weight = np.repeat([OF_EVENTS.get(name, 1.0) for name in counts], list(counts.values()))
        found: Matrix = weight / weight.sum()
        return found


MODEL = MonthlyPool
