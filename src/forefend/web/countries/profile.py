"""The risk-factor profile of a country as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forefend.assess.profile import FactorLevel, profile
from forefend.catalog.model import RiskFactor
from forefend.web.design.page import Page

WORST_FIFTH = 80.0


@dataclass(frozen=True, kw_only=True)
class FactorRow:
    """One factor of the table."""

    factor: RiskFactor
    level: FactorLevel

    @property
    def is_worst_fifth(self) -> bool:
        """Whether the factor stands in the worst fifth of the world."""
        return (self.level.percentile.value or 0.0) >= WORST_FIFTH

    @property
    def proxies(self) -> Sequence[Any]:
        """Readings that stand in for the factor and never lead."""
        return [reading for reading in self.level.readings if reading.strength == "proxy" and reading.value.value is not None]


def profile_of(page: Page, iso3: str) -> dict[str, Any]:
    """Return the 14 rows, and how many are in the worst fifth or not monitored."""
    bench = page.bench
    levels = profile(bench.store, bench.catalog, iso3, today=bench.today)
    rows = [FactorRow(factor=bench.catalog.risk_factors[level.factor], level=level) for level in levels]
    return {
        "rows": rows,
        "n_worst": sum(row.is_worst_fifth for row in rows),
        "n_unseen": sum(row.level.percentile.value is None for row in rows),
        "n": len(rows),
    }
