"""The outlook for every country by the best model there is, with what stands in for it and why.

Nothing dated after the day asked for enters. The columns are those of ``forecast.tables``, whose simple models remain
what pages show until they follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from forefend.errors import ForecastError
from forefend.forecast.events import event_chances
from forefend.forecast.history import History, Matrix, windows
from forefend.forecast.known import MONTHLY_POOL, YEARLY_POOL, months_known, stand_in, years_known
from forefend.forecast.learn import TooLittleToLearn
from forefend.forecast.models import find_model
from forefend.forecast.reference import class_of
from forefend.forecast.tables import LEVELS, LONGEST_HORIZON, QUANTILES
from forefend.forecast.target import ESCALATION_DEATHS, ESCALATION_MONTHS, HORIZON_YEARS
from forefend.forecast.year_panel import YearPanel
from forefend.panel.deaths import months_old
from forefend.store import Store

OLD = 24  # months
SIMPLE_MONTHLY, SIMPLE_YEARLY = "conflictology", "reference_class"
STALE = "The newest month is {month}, {months} months ago: what happened since is in no interval."
BASE_RATE = "base_rate"


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A table of forecasts, the model they are of, and sentences on what a reader must know of them.

    ``known`` is what the model was ``fitted`` to; ``draws`` are the paths of a monthly one (states, months ahead, draws).
    """

    table: pl.DataFrame
    model: str
    notes: tuple[str, ...] = ()
    known: History | YearPanel | None = field(default=None, repr=False)
    fitted: Any = field(default=None, repr=False)
    draws: Matrix | None = field(default=None, repr=False)


def monthly_outlook(
    store: Store, target: str = "os", *, as_of: date | None = None, horizon: int = 12, model: str = "", today: date | None = None
) -> Outlook:
    """Forecast deaths by state and month with a model, the pool unless another is named.

    Raises ForecastError for an unknown target or model, and for counts that cannot be; NotLoaded without data.
    """
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ForecastError(f"A horizon of {horizon} months is not forecast. Give 1 to {LONGEST_HORIZON}.")
    past = months_known(store, target, as_of=as_of)
    known = past.until(past.origin)
    name, note = stand_in(model or MONTHLY_POOL, without=SIMPLE_MONTHLY)
    fitted, name, refusal = _fitted(name, known, period="month", simple=SIMPLE_MONTHLY)
    draws = fitted.draws(known, horizon=horizon)
    left_out = [f"{member} was left out: {reason}" for member, reason in getattr(fitted, "left_out", {}).items()]
    notes = (note, refusal, *left_out, _stale(known.origin, today=today if as_of is None else None))
    table = _months(known, target, draws, horizon=horizon)
    return Outlook(table=table, model=name, notes=tuple(filter(None, notes)), known=known, fitted=fitted, draws=draws)


def escalation_outlook(store: Store, *, as_of: date | None = None, model: str = "", today: date | None = None) -> Outlook:
    """Give every state the chance of 25 or more deaths in one-sided violence in the next three months, with those of the last three.

    The status is ``under way`` where as many came already in the last three months: there it is no escalation. Raises as
    ``monthly_outlook``.
    """
    found = monthly_outlook(store, as_of=as_of, horizon=ESCALATION_MONTHS, model=model, today=today)
    assert isinstance(found.known, History)  # noqa: S101 - a monthly outlook is made of months
    assert found.draws is not None  # noqa: S101
    recent = np.nan_to_num(found.known.deaths[:, -ESCALATION_MONTHS:]).sum(axis=1)
    table = pl.DataFrame(
        {
            "target": ["escalation"] * recent.size,
            "iso3": found.known.iso3s,
            "origin": [found.known.origin] * recent.size,
            "months": [ESCALATION_MONTHS] * recent.size,
            "deaths_before": recent,
            "probability": event_chances(found.fitted, found.known, found.draws),
            "status": np.where(recent < ESCALATION_DEATHS, "calm", "under way"),
        }
    )
    return replace(found, table=table)


def annual_outlook(store: Store, target: str = "ucdp", *, as_of: date | None = None, model: str = "", today: date | None = None) -> Outlook:
    """Give every state the chance of a new mass killing within two years of the base year, by the pool unless another is named.

    A state where the definition rules a *new* one out has the status ``under way`` and no chance. Raises ForecastError.
    """
    known = years_known(store, target, as_of=as_of)
    name, note = stand_in(model or YEARLY_POOL, without=SIMPLE_YEARLY if target == "ucdp" else BASE_RATE)
    fitted, name, refusal = _fitted(name, known, period="year", simple=BASE_RATE)
    chances = fitted.chances(known)
    notes = (note, refusal, _stale(date(known.base_year, 12, 1), today=today if as_of is None else None))
    return Outlook(table=_years(known, chances), model=name, notes=tuple(filter(None, notes)), known=known, fitted=fitted)


def _fitted(name: str, known: History | YearPanel, *, period: Any, simple: str) -> tuple[Any, str, str]:
    """Return the fitted model, or where too little is known the simple one, with its name and a sentence."""
    try:
        return find_model(name, period=period)().fit(known), name, ""
    except TooLittleToLearn as refusal:
        return find_model(simple, period=period)().fit(known), simple, f"{refusal} Shown here: {simple}."


def _stale(origin: date, *, today: date | None) -> str:
    age = 0 if today is None else months_old(origin, today=today)
    return STALE.format(month=f"{origin:%Y-%m}", months=age) if age > OLD else ""


def _months(known: History, target: str, draws: Matrix, *, horizon: int) -> pl.DataFrame:
    columns = {f"q{q}": values for q, values in zip(QUANTILES, np.quantile(draws, QUANTILES, axis=2), strict=True)}
    columns |= {f"p_ge_{level}": (draws >= level).mean(axis=2) for level in LEVELS}
    months = [known.month(known.deaths.shape[1] - 1 + ahead) for ahead in range(1, horizon + 1)]
    return pl.DataFrame(
        {
            "target": [target] * (len(known.iso3s) * horizon),
            "iso3": np.repeat(np.array(known.iso3s), horizon),
            "origin": [known.origin] * (len(known.iso3s) * horizon),
            "month": pl.Series(months * len(known.iso3s), dtype=pl.Date),
            "horizon": np.tile(np.arange(1, horizon + 1), len(known.iso3s)),
            "mean": draws.mean(axis=2).ravel(),
            **{name: values.ravel() for name, values in columns.items()},
        }
    )


def _years(known: YearPanel, chances: Matrix) -> pl.DataFrame:
    now = known.is_now
    if np.isnan(chances[~known.impossible[now]]).any():
        raise ForecastError(f"Not every state has a chance for base year {known.base_year}. Use another model, such as base_rate.")
    table = pl.DataFrame(
        {
            "target": [known.target] * int(now.sum()),
            "iso3": known.iso3[now],
            "base_year": [known.base_year] * int(now.sum()),
            "horizon_years": [HORIZON_YEARS] * int(now.sum()),
            **{name: chances[:, place] for place, name in enumerate(("probability", "lower", "upper"))},
            "reference_class": _classes(known),
            "status": np.where(known.impossible[now], "under way", "forecast"),
        }
    )
    return table.with_columns(pl.when(pl.col("status") == "forecast").then(pl.col("probability", "lower", "upper")))


def _classes(known: YearPanel) -> list[str | None]:
    if known.history is None:
        return [None] * int(known.is_now.sum())
    return [entry.label for entry in class_of(windows(known.history.deaths))]
