"""The outlook for every country: deaths by month from the last twelve months, and the chance of a new mass killing.

Nothing dated after the day asked for enters. Models are exchanged here: ``MONTHLY`` and ``ANNUAL`` name
those whose forecasts the product shows.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.history import History, from_panel, windows
from forefend.forecast.memory import remember
from forefend.forecast.models import find_model
from forefend.forecast.reference import class_of
from forefend.forecast.target import HORIZON_YEARS, find_target
from forefend.panel.deaths import FIRST_YEAR, Counted, country_months, newest_month, window_query
from forefend.store import Store

MONTHLY = "conflictology"
ANNUAL = "reference_class"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LEVELS = (1, 25, 100)  # deaths in a month whose chance is given
FIRST_BASE_YEAR = 1995  # earlier, too few country-years have a known outcome
FIRST_ORIGIN = date(FIRST_YEAR, 12, 1)
LONGEST_HORIZON = 36

MONTHLY_COLUMNS = ("target", "iso3", "origin", "month", "horizon", "mean", *(f"q{q}" for q in QUANTILES), *(f"p_ge_{n}" for n in LEVELS))
ESCALATION_COLUMNS = ("target", "iso3", "origin", "months", "deaths_before", "probability", "status")
ANNUAL_COLUMNS = ("target", "iso3", "base_year", "horizon_years", "probability", "lower", "upper", "reference_class", "status")


def history(store: Store, kind: str = "os", *, as_of: date | None = None, counted: Counted = "deaths") -> History:
    """Return deaths, or events, by state and month up to the newest month known on a day; kept while the store stays the same.

    Raises NotLoaded, and ForecastError before December 1989.
    """
    newest = newest_month(store, kind, as_of=as_of)
    if newest < FIRST_ORIGIN:
        raise ForecastError(
            f"Forecasts begin with {FIRST_ORIGIN:%Y-%m}, when the first twelve months are counted. Give that month or a later one."
        )
    key = (kind, counted, window_query(store, kind=kind, start=newest, end=newest, as_of=as_of))

    def make() -> History:
        return from_panel(country_months(store, kind, as_of=as_of, counted=counted), target=kind, counted=counted)

    return remember(store, ("history", *key), make)


def monthly(store: Store, kind: str = "os", as_of: date | None = None, horizon: int = 12) -> pl.DataFrame:
    """Forecast deaths by state and month; one row for each state and month ahead, columns ``MONTHLY_COLUMNS``.

    ``origin`` and ``month`` are first days of months; ``p_ge_25`` is the chance of 25 or more deaths in the month.
    Raises ForecastError for an unknown target, and where the data of the target are not loaded.
    """
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ForecastError(f"A horizon of {horizon} months is not forecast. Give 1 to {LONGEST_HORIZON}.")
    past = history_of(store, kind, as_of=as_of)
    known = past.until(past.origin)
    draws = find_model(MONTHLY, period="month")().fit(known).draws(known, horizon=horizon)
    columns = {f"q{q}": values for q, values in zip(QUANTILES, np.quantile(draws, QUANTILES, axis=2), strict=True)}
    columns |= {f"p_ge_{level}": (draws >= level).mean(axis=2) for level in LEVELS}
    months = [known.month(known.deaths.shape[1] - 1 + ahead) for ahead in range(1, horizon + 1)]
    return pl.DataFrame(
        {
            "iso3": np.repeat(np.array(known.iso3s), horizon),
            "month": pl.Series(months * len(known.iso3s), dtype=pl.Date),
            "horizon": np.tile(np.arange(1, horizon + 1), len(known.iso3s)),
            "mean": draws.mean(axis=2).ravel(),
            **{name: values.ravel() for name, values in columns.items()},
        }
    ).select(pl.lit(kind).alias("target"), "iso3", pl.lit(known.origin).alias("origin"), pl.exclude("iso3"))


def annual(store: Store, target: str = "ucdp", as_of: date | None = None) -> pl.DataFrame:
    """Give every state the chance of a new mass killing within two years of the base year, with a 90 % interval.

    Columns are ``ANNUAL_COLUMNS``. ``status`` is ``forecast``; ``under way`` where 1,000 or more deaths in one of
    the last two years rule a *new* one out by definition, with no probability, as 0 would read as safe; or
    ``no past case``. Raises ForecastError for another target and for base years before 1995.
    """
    if find_target(target, period="year").needs:
        raise ForecastError(find_target(target, period="year").needs)
    known = base_history(store, as_of=as_of)
    chances = find_model(ANNUAL, period="year")().fit(known).chances(known)
    classes = class_of(windows(known.deaths))
    status = ["under way" if entry.is_under_way else "forecast" for entry in classes]
    table = pl.DataFrame(
        {
            "target": [target] * len(classes),
            "iso3": known.iso3s,
            "base_year": [known.origin.year] * len(classes),
            "horizon_years": [HORIZON_YEARS] * len(classes),
            **{name: chances[:, place] for place, name in enumerate(("probability", "lower", "upper"))},
            "reference_class": [entry.label for entry in classes],
            "status": status,
        }
    )
    is_known = (pl.col("status") == "forecast") & pl.col("probability").is_not_nan()
    return table.with_columns(
        pl.when(is_known).then(pl.col("probability", "lower", "upper")),
        status=pl.when(is_known | (pl.col("status") != "forecast")).then("status").otherwise(pl.lit("no past case")),
    )


def base_history(store: Store, *, as_of: date | None = None) -> History:
    """Return one-sided deaths up to the December of the newest whole year, for the states of that time."""
    past = history(store, "os", as_of=as_of)
    base_year = past.origin.year if past.origin.month == 12 else past.origin.year - 1
    if base_year < FIRST_BASE_YEAR:
        raise ForecastError(f"Chances of a new mass killing begin with base year {FIRST_BASE_YEAR}. Give that year or a later one.")
    return past.until(date(base_year, 12, 1))


def history_of(store: Store, kind: str, *, as_of: date | None = None) -> History:
    """Return the history of a monthly target; raises ForecastError for an unknown one, and with what to import."""
    target = find_target(kind, period="month")
    try:
        return history(store, kind, as_of=as_of)
    except NotLoaded as refusal:
        if target.needs:
            raise ForecastError(target.needs) from None
        raise refusal
