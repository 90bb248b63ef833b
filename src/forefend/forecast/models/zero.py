"""No deaths anywhere: right in most months of most countries, and worth nothing as a warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from forefend.forecast.history import History, Matrix
from forefend.forecast.target import Period
from forefend.locale import N_


@dataclass(frozen=True, kw_only=True)
class Zero:
    """One path of zeros."""

    name: ClassVar[str] = "zero"
    title: ClassVar[str] = N_("no deaths")
    period: ClassVar[Period] = "month"

    def fit(self, history: History) -> Self:
        """Learn nothing."""
        return self

    def draws(self, history: History, *, horizon: int) -> Matrix:
        """Return zeros."""
        return np.zeros((len(history.iso3s), horizon, 1))


MODEL = Zero
