"""The risk-factor profile: 14 factors of the UN Framework of Analysis, each by its worst public indicator.

A factor's level is the highest percentile among its direct, monitored indicators, with that indicator
named. Levels are never averaged or added up. A factor that no direct series measures is not monitored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from forefend.catalog import Catalog
from forefend.panel.values import OUTSIDE, before, latest, percentile
from forefend.store import Figure, Store, missing_figure

Series = list[tuple[str, tuple[str, ...], str]]


@dataclass(frozen=True, kw_only=True)
class IndicatorReading:
    """One public series about one factor: its value, the value before, and the place among all states.

    ``risk_indicators`` are the factor's indicators (or the factor itself) the series serves; ``strength``
    says whether it measures them or stands in for them.
    """

    indicator: str
    risk_indicators: tuple[str, ...]
    strength: str
    value: Figure
    before: Figure
    percentile: Figure


@dataclass(frozen=True, kw_only=True)
class FactorLevel:
    """One factor: the percentile (0-100, 100 is worst) of its leading indicator, or why there is none."""

    factor: str
    percentile: Figure
    leading: IndicatorReading | None
    readings: tuple[IndicatorReading, ...]


def profile(store: Store, catalog: Catalog, iso3: str, *, today: date) -> tuple[FactorLevel, ...]:
    """Return all 14 factors of a state in their order."""
    measured = cache(partial(_measured, store, catalog, iso3=iso3, today=today))  # many a series serves several factors
    series = _series(catalog)
    return tuple(_level(factor, series=series[factor], measured=measured) for factor in catalog.risk_factors)


def _level(factor: str, *, series: Series, measured: Callable[[str], tuple[Figure, Figure, Figure]]) -> FactorLevel:
    readings = tuple(
        IndicatorReading(
            indicator=identifier,
            risk_indicators=served,
            strength=strength,
            **dict(zip(("value", "before", "percentile"), measured(identifier), strict=True)),
        )
        for identifier, served, strength in series
    )
    monitored = [r for r in readings if r.strength == "direct" and r.percentile.value is not None]
    if not monitored:
        reasons = {r.value.missing for r in readings if r.strength == "direct" and r.value.missing.startswith("not loaded")}
        is_outside = any(r.strength == "direct" and r.value.missing == OUTSIDE for r in readings)
        reason = min(reasons) if reasons else OUTSIDE if is_outside else "not monitored"
        return FactorLevel(
            factor=factor, percentile=missing_figure(label=factor, unit="percentile", reason=reason), leading=None, readings=readings
        )
    leading = max(monitored, key=lambda r: r.percentile.value or 0.0)
    return FactorLevel(factor=factor, percentile=leading.percentile, leading=leading, readings=readings)


def _series(catalog: Catalog) -> dict[str, Series]:
    """Return the series of each factor: its id, the risk indicators of the factor that it serves, and its best strength."""
    found: dict[str, Series] = {factor: [] for factor in catalog.risk_factors}
    for identifier, indicator in catalog.data_indicators.items():
        if indicator.table != "observations" or indicator.direction == "none":
            continue
        served: dict[str, dict[str, str]] = {}
        for entry in indicator.serves:
            served.setdefault(entry.id.partition(".")[0], {})[entry.id] = entry.strength
        for factor in served.keys() & found.keys():
            strength = "direct" if "direct" in served[factor].values() else "proxy"
            found[factor].append((identifier, tuple(served[factor]), strength))
    return found


def _measured(store: Store, catalog: Catalog, identifier: str, *, iso3: str, today: date) -> tuple[Figure, Figure, Figure]:
    """Return a series' newest value, the one before, and its place among all states."""
    newest = latest(store, catalog, identifier, iso3=iso3, today=today)
    return (
        newest,
        before(store, catalog, identifier, iso3=iso3, today=today, newest=newest),
        percentile(store, catalog, identifier, iso3=iso3, today=today, newest=newest),
    )
