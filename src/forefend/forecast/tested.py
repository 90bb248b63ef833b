"""How the monthly and twelve-month forecasts did when tested on the past, as figures.

Each forecast is made again from what precedes its origin. Values are those of the release stored now, so
they hold later revisions: *pseudo-real-time*. Origins are the last ten Decembers with a known outcome
(or the same month of earlier years, where the newest month is another).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forefend.forecast import formulas  # noqa: F401 - registers the formulas named below
from forefend.forecast.memory import remember
from forefend.forecast.rates import layout, rows_until
from forefend.locale import N_
from forefend.panel.deaths import first_years, year_deaths
from forefend.store import Figure, Query, Store, compute

PSEUDO_REAL_TIME = N_("pseudo-real-time: values revised after the fact")
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
ORIGINS = 10
YEARS = 7
BAND, HALF = {"low": 0.05, "high": 0.95}, {"low": 0.25, "high": 0.75}

MONTHS_TESTED = N_("Months with a past forecast")
MONTHS_IN_BAND = N_("Months with a past forecast whose deaths fell inside its 90 % band")
MONTHS_ABOVE_HALF = N_("Months with a past forecast whose deaths lay above its middle half")
YEARS_TESTED = N_("Years with a past forecast")
YEARS_IN_BAND = N_("Years with a past forecast whose deaths fell inside its 90 % band")
YEARS_ABOVE_HALF = N_("Years with a past forecast whose deaths lay above its middle half")
FORECAST_THEN = N_("Deaths in one-sided violence in the year, as forecast in the December before")


@dataclass(frozen=True, kw_only=True)
class PastYear:
    """A calendar year: its deaths, and what was forecast in the December before (q05, q25, q50, q75, q95)."""

    year: int
    outcome: Figure
    forecast: Mapping[str, Figure]


def tested(store: Store, iso3: str, *, newest: date, base_year: int, as_of: date | None) -> dict[str, Figure]:
    """Return how forecasts did, for the country and, with names that begin ``world_``, for all countries.

    ``months_tested``, ``months_in_band`` and ``months_above_half`` count months; ``years_tested``,
    ``years_in_band`` and ``years_above_half`` count calendar years, seven for the country and ten for the world;
    each with ``_share`` is the share of those tested. The country counts all its months and years; the world only
    countries with deaths in the twelve months before the forecast, as quiet ones are easily right.
    """
    world = _world(store, newest=newest, base_year=base_year, as_of=as_of)
    own = _figures(store, [iso3], newest=newest, base_year=base_year, as_of=as_of, years=YEARS)
    return own | world


def past_years(store: Store, iso3: str, *, base_year: int, as_of: date | None) -> tuple[PastYear, ...]:
    """Return the last seven calendar years with forecast and outcome, oldest first."""
    first = max(base_year - YEARS + 1, first_years()[iso3] + 1)
    return tuple(_past_year(store, iso3, year=year, as_of=as_of) for year in range(first, base_year + 1))


def _past_year(store: Store, iso3: str, *, year: int, as_of: date | None) -> PastYear:
    origin = date(year - 1, 12, 1)
    query, panel = rows_until(store, origin, as_of=as_of), layout(origin)
    forecast = {
        name: compute(
            store,
            label=FORECAST_THEN,
            unit="deaths",
            formula="next_span_quantile",
            inputs=[query],
            params={"iso3": iso3, "q": q, "panel": panel},
            period=str(year),
        )
        for name, q in QUANTILES.items()
    }
    return PastYear(year=year, outcome=year_deaths(store, iso3, year=year, as_of=as_of), forecast=forecast)


def _world(store: Store, *, newest: date, base_year: int, as_of: date | None) -> dict[str, Figure]:
    def make() -> dict[str, Figure]:
        found = _figures(store, [], newest=newest, base_year=base_year, as_of=as_of, years=ORIGINS)
        return {f"world_{name}": figure for name, figure in found.items()}

    return remember(store, ("tested", rows_until(store, newest, as_of=as_of)), make)


def _figures(store: Store, only: list[str], *, newest: date, base_year: int, as_of: date | None, years: int) -> dict[str, Figure]:
    months: dict[str, Any] = {"only": only, "panel": layout(newest), "origins": ORIGINS}
    december = date(base_year, 12, 1)
    spans: dict[str, Any] = {"only": only, "panel": layout(december), "origins": years}
    by_month, by_year = rows_until(store, newest, as_of=as_of), rows_until(store, december, as_of=as_of)
    made = {
        "months_tested": _count(store, MONTHS_TESTED, "months_tested", by_month, months),
        "months_in_band": _count(store, MONTHS_IN_BAND, "months_between", by_month, months | BAND),
        "months_above_half": _count(store, MONTHS_ABOVE_HALF, "months_above", by_month, months | {"q": HALF["high"]}),
        "years_tested": _count(store, YEARS_TESTED, "spans_tested", by_year, spans),
        "years_in_band": _count(store, YEARS_IN_BAND, "spans_between", by_year, spans | BAND),
        "years_above_half": _count(store, YEARS_ABOVE_HALF, "spans_above", by_year, spans | {"q": HALF["high"]}),
    }
    shares = {
        f"{name}_share": _share(store, made[name], made[f"{name.split('_')[0]}_tested"]) for name in made if not name.endswith("_tested")
    }
    return made | shares


def _share(store: Store, part: Figure, whole: Figure) -> Figure:
    return compute(store, label=part.label, unit="share", formula="ratio", inputs=[part, whole], period=part.period)


def _count(store: Store, label: str, formula: str, query: Query, params: dict[str, Any]) -> Figure:
    last = int(params["panel"]["newest"][:4])
    period = f"{last - params['origins'] + 1}–{last}"
    unit = "months" if formula.startswith("months") else "years"
    return compute(store, label=label, unit=unit, formula=formula, inputs=[query], params=params, period=period)
