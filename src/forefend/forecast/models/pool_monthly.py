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


MODEL = MonthlyPool
