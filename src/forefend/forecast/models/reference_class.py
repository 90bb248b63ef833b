"""The share of past country-years with as many deaths that a new mass killing followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from forefend.forecast.history import History, Matrix, windows
from forefend.forecast.reference import CLASSES, class_of, tally, wilson
from forefend.forecast.target import Period
from forefend.forecast.year_panel import YearPanel, as_history
from forefend.locale import N_

IMPOSSIBLE = (0.0, 0.0, 0.0)
UNKNOWN = (float("nan"), 0.0, 1.0)  # no past country-year was alike


@dataclass(frozen=True, kw_only=True)
class ReferenceClassModel:
    """``rates`` gives chance, lower and upper bound by the id of the class."""

    name: ClassVar[str] = "reference_class"
    title: ClassVar[str] = N_("past country-years with as many deaths")
    period: ClassVar[Period] = "year"
    rates: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    def fit(self, history: History | YearPanel) -> ReferenceClassModel:
        """Count by class the country-years that an onset followed."""
        yearly = windows(as_history(history).deaths)
        counts = {entry.id: tally(yearly, entry) for entry in CLASSES if not entry.is_under_way}
        rates = {name: (hits / trials, *wilson(hits, trials)) if trials else UNKNOWN for name, (hits, trials) in counts.items()}
        return ReferenceClassModel(rates=rates)

    def chances(self, history: History | YearPanel) -> Matrix:
        """Return each state's class's numbers; 0 where the definition rules an onset out."""
        return np.array([self.rates.get(entry.id, IMPOSSIBLE) for entry in class_of(windows(as_history(history).deaths))])


MODEL = ReferenceClassModel
