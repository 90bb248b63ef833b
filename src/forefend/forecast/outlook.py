"""The outlook for one country: every number a figure, with how past forecasts did beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.history import History
from forefend.forecast.memory import remember
from forefend.forecast.rates import BASE_RATE, MULTIPLE, ReferenceClass, World, layout, multiple, rows_until, world_rates
from forefend.forecast.tables import annual, history, monthly
from forefend.forecast.target import HORIZON_YEARS
from forefend.forecast.tested import PastYear, past_years, tested
from forefend.locale import N_
from forefend.panel.deaths import KINDS, OUTSIDE, covered, months_before, months_old, months_query, year_deaths
from forefend.store import Figure, Store, compute, missing_figure

__all__ = [
    "CountryLine",
    "CountryOutlook",
    "PastYear",
    "ReferenceClass",
    "World",
    "annual",
    "country_outlook",
    "history",
    "monthly",
    "world_outlook",
    "world_rates",
]

NOT_FORECAST = N_("not forecast: outside coverage")
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
LEVELS = {"p1": 1, "p25": 25, "p100": 100}
MONTH = N_("Deaths in one-sided violence in each of the next 12 months")
YEAR = N_("Deaths in one-sided violence in the next 12 months together")
YEARS_SHOWN = 3
SHOWN = ("q05", "q50", "q95", "p25")


@dataclass(frozen=True, kw_only=True)
class CountryOutlook:
    """What is forecast for one country, or why nothing is (``reason``).

    ``fan`` holds mean, q05, q25, q50, q75, q95, p1, p25, p100 of any one of the next twelve months; every
    month ahead has the same. ``year_total`` holds q05 … q95 of their sum, which has its own method. ``totals``
    gives the deaths of the last three whole years by kind of violence, oldest first. ``backtest`` tells how such
    forecasts did: see ``forecast.tested``. ``past_years`` sets forecasts of past Decembers beside outcomes.
    """

    iso3: str
    is_covered: bool
    reason: str
    newest_month: date | None = None
    months_old: int | None = None
    base_year: int | None = None
    horizon_years: int = HORIZON_YEARS
    history: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"month": pl.Date, "deaths": pl.Float64}))
    fan: Mapping[str, Figure] = field(default_factory=dict)
    year_total: Mapping[str, Figure] = field(default_factory=dict)
    last_year: Figure
    totals: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    base_rate: Figure
    reference_class: ReferenceClass | None = None
    multiple: Figure
    backtest: Mapping[str, Figure] = field(default_factory=dict)
    past_years: tuple[PastYear, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CountryLine:
    """One country in the table of all: its class, the deaths of the last whole year, and of a month ahead ``SHOWN`` of the fan."""

    iso3: str
    reference_class: ReferenceClass
    last_year: Figure
    fan: Mapping[str, Figure]


def country_outlook(store: Store, iso3: str, *, today: date) -> CountryOutlook:
    """Return the outlook for a country from what was known on a day; never raises for want of data."""
    if not covered(iso3):
        return _without(iso3, is_covered=False, reason=NOT_FORECAST, figure_reason=OUTSIDE)
    try:
        world, past = world_rates(store, as_of=today), history(store, "os", as_of=today)
    except NotLoaded as refusal:
        reason = f"not loaded: fetch {refusal.source}"
        return _without(iso3, is_covered=True, reason=reason, figure_reason=reason)
    except ForecastError as refusal:
        return _without(iso3, is_covered=True, reason=str(refusal), figure_reason="not monitored")
    if iso3 not in world.class_by_state:
        return _without(iso3, is_covered=True, reason="not monitored", figure_reason="not monitored")
    reference = world.classes[world.class_by_state[iso3]]
    shown = range(world.base_year - YEARS_SHOWN + 1, world.base_year + 1)
    totals = {kind: tuple(year_deaths(store, iso3, year=year, kind=kind, as_of=today) for year in shown) for kind in KINDS}
    return CountryOutlook(
        iso3=iso3,
        is_covered=True,
        reason="",
        newest_month=past.origin,
        months_old=months_old(past.origin, today=today),
        base_year=world.base_year,
        history=_history(past, iso3),
        fan=_fan(store, iso3, origin=past.origin, as_of=today),
        year_total=_year_total(store, iso3, origin=past.origin, as_of=today),
        last_year=totals["os"][-1],
        totals=totals,
        base_rate=world.base_rate,
        reference_class=reference,
        multiple=multiple(store, reference.chance, world.base_rate),
        backtest=tested(store, iso3, newest=past.origin, base_year=world.base_year, as_of=today),
        past_years=past_years(store, iso3, base_year=world.base_year, as_of=today),
    )


def world_outlook(store: Store, *, today: date) -> tuple[CountryLine, ...]:
    """Return one line for every state the source covers, by code; kept while the store stays the same.

    Raises NotLoaded, and ForecastError where the years stored are too few.
    """
    world, past = world_rates(store, as_of=today), history(store, "os", as_of=today)

    def line(iso3: str) -> CountryLine:
        return CountryLine(
            iso3=iso3,
            reference_class=world.classes[world.class_by_state[iso3]],
            last_year=year_deaths(store, iso3, year=world.base_year, as_of=today),
            fan=_fan(store, iso3, origin=past.origin, as_of=today, names=SHOWN),
        )

    key = ("lines", rows_until(store, past.origin, as_of=today))
    return remember(store, key, lambda: tuple(line(iso3) for iso3 in sorted(world.class_by_state)))


def _history(past: History, iso3: str) -> pl.DataFrame:
    deaths = past.deaths[past.iso3s.index(iso3)]
    counted = np.flatnonzero(~np.isnan(deaths))
    return pl.DataFrame({"month": [past.month(int(column)) for column in counted], "deaths": deaths[counted]})


def _ahead(origin: date) -> str:
    """The twelve months after an origin, as text: the year, where they are one."""
    first, last = months_before(origin, -1), months_before(origin, -12)
    return str(first.year) if first.month == 1 else f"{first:%Y-%m}–{last:%Y-%m}"


def _fan(store: Store, iso3: str, *, origin: date, as_of: date, names: Collection[str] = ()) -> dict[str, Figure]:
    wanted: dict[str, tuple[str, str, dict[str, Any]]] = {"mean": ("deaths", "window_mean", {})}
    wanted |= {name: ("deaths", "window_quantile", {"q": q}) for name, q in QUANTILES.items()}
    wanted |= {name: ("chance", "window_chance", {"at_least": level}) for name, level in LEVELS.items()}
    query, period = months_query(store, iso3, as_of=as_of), _ahead(origin)
    return {
        name: compute(store, label=MONTH, unit=unit, formula=formula, inputs=[query], params=params | {"months": 12}, period=period)
        for name, (unit, formula, params) in wanted.items()
        if not names or name in names
    }


def _year_total(store: Store, iso3: str, *, origin: date, as_of: date) -> dict[str, Figure]:
    query, panel = rows_until(store, origin, as_of=as_of), layout(origin)
    return {
        name: compute(
            store,
            label=YEAR,
            unit="deaths",
            formula="next_span_quantile",
            inputs=[query],
            params={"iso3": iso3, "q": q, "panel": panel},
            period=_ahead(origin),
        )
        for name, q in QUANTILES.items()
    }


def _without(iso3: str, *, is_covered: bool, reason: str, figure_reason: str) -> CountryOutlook:
    def nothing(label: str, unit: str) -> Figure:
        return missing_figure(label=label, unit=unit, reason=figure_reason)

    return CountryOutlook(
        iso3=iso3,
        is_covered=is_covered,
        reason=reason,
        last_year=nothing(N_("Deaths in one-sided violence"), "deaths"),
        base_rate=nothing(BASE_RATE, "chance"),
        multiple=nothing(MULTIPLE, "times"),
    )
