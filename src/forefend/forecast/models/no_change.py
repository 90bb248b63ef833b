"""The last month again: what a reader of the news would say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.target import Period
from forefend.locale import N_


@dataclass(frozen=True, kw_only=True)
class NoChange:
    """One path: the deaths of the last month in every month ahead."""

    name: ClassVar[str] = "no_change"
    title: ClassVar[str] = N_("the last month again")
    period: ClassVar[Period] = "month"

    def fit(self, history: History) -> Self:
        """Learn nothing."""
        return self

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return the last month once for each horizon."""
        return np.repeat(history.deaths[:, -1:, None], horizon, axis=1)


MODEL = NoChange
