"""How every model would have done: forecasts made again from each past origin, scored against what came.

A forecast sees only what precedes its origin, but in the values stored now, which were revised since:
*pseudo-real-time*. Every state counted at the origin is scored; none is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from forefend.errors import ForecastError
from forefend.forecast import score
from forefend.forecast.cases import Names, cases_at
from forefend.forecast.history import Flags, Matrix, windows
from forefend.forecast.models import models
from forefend.forecast.resample import Countries, Span, countries
from forefend.forecast.tables import ANNUAL, FIRST_BASE_YEAR, MONTHLY, base_history, history_of
from forefend.forecast.target import HORIZON_YEARS, find_target, followed
from forefend.forecast.tested import PSEUDO_REAL_TIME
from forefend.panel.deaths import months_before
from forefend.store import Store

HORIZON = 12
MONTHS_TESTED = 36
FIRST_MONTH = date(1991, 1, 1)  # earlier, the twelve months before the first origin are not all counted
MONTHLY_REFERENCE, ANNUAL_REFERENCE = "conflictology", "base_rate"
COMPARED = ("crps", "crps_log", "ignorance", "brier_25_in_3_months", "brier_escalation", "brier", "log_loss")  # smaller is better
COLUMNS = ("target", "model", "score", "value", "low", "high", "ratio", "ratio_low", "ratio_high", "rows", "first", "last", "values")


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """Scores of every model, and the product's own forecasts in the layout of the scorers.

    ``scores`` has the columns ``COLUMNS``: value with its 90 % interval, and its ratio to the reference model on
    the same cases with its own, both by drawing countries anew. ``events`` is empty for yearly targets.
    """

    scores: pl.DataFrame
    predictions: pl.DataFrame
    events: pl.DataFrame


@dataclass(kw_only=True)
class _Gathered:
    """Countries and scores of all cases, filled origin by origin: by score, and by model and score."""

    target: str
    countries: dict[str, list[Names]] = field(default_factory=lambda: defaultdict(list))
    scores: dict[str, dict[str, list[Matrix]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, model: str, found: Mapping[str, Matrix]) -> None:
        for name, values in found.items():
            self.scores[model][name].append(values)

    def table(self, *, reference: str, first: str, last: str) -> pl.DataFrame:
        groups = {name: countries(np.concatenate(parts)) for name, parts in self.countries.items()}
        joined = {model: {name: np.concatenate(parts) for name, parts in found.items()} for model, found in self.scores.items()}
        rows = [
            _row(model, name, _mean(values, groups[name]), _ratio(name, values, joined[reference][name], groups[name]), values.size)
            for model, found in joined.items()
            for name, values in found.items()
        ]
        return _scores(rows, target=self.target, first=first, last=last)


def monthly_backtest(store: Store, *, target: str = "os", first: date | None = None, last: date | None = None) -> Backtest:
    """Try every monthly model on the months ``first`` to ``last``, at horizons of 1 to 12, from an origin in every month.

    By default the last 36 months stored. Raises ForecastError and NotLoaded.
    """
    past = history_of(store, target)
    last = last or past.origin
    first = first or months_before(last, MONTHS_TESTED - 1)
    _check(f"{first:%Y-%m}", f"{last:%Y-%m}", earliest=f"{FIRST_MONTH:%Y-%m}", newest=f"{past.origin:%Y-%m}")
    gathered, predictions, events = _Gathered(target=target), [], []
    for origin in _origins(first, last):
        cases = cases_at(past, origin, first=first, last=last, horizon=HORIZON)
        for name, names in cases.countries().items():
            gathered.countries[name].append(names)
        for name, model in models("month").items():
            draws = model().fit(cases.known).draws(cases.known, horizon=HORIZON)
            gathered.add(name, cases.scores(draws))
            if name == MONTHLY:
                predictions.append(cases.predictions(draws))
                events.append(cases.events(draws))
    table = gathered.table(reference=MONTHLY_REFERENCE, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")
    return Backtest(scores=table, predictions=pl.concat(predictions), events=pl.concat(events))


def annual_backtest(store: Store, *, target: str = "ucdp", first: int | None = None, last: int | None = None) -> Backtest:
    """Try every annual model on base years ``first`` to ``last``; by default from 1995 to the newest with a known outcome.

    Each forecast is fitted on onsets up to the base year alone. Raises ForecastError and NotLoaded.
    """
    if find_target(target, period="year").needs:
        raise ForecastError(find_target(target, period="year").needs)
    past = base_history(store)
    newest = past.origin.year - HORIZON_YEARS
    first, last = first or FIRST_BASE_YEAR, last or newest
    _check(str(first), str(last), earliest=str(FIRST_BASE_YEAR), newest=str(newest))
    outcome = followed(windows(past.deaths))
    names, years, happened = [], [], []
    chances: dict[str, list[Matrix]] = {name: [] for name in models("year")}
    for year in range(first, last + 1):
        known = past.until(date(year, 12, 1))
        names.append(np.array(known.iso3s))
        years.append(np.full(len(known.iso3s), year))
        happened.append(outcome[np.isin(past.iso3s, known.iso3s), year - past.first.year])
        for name, model in models("year").items():
            chances[name].append(np.nan_to_num(model().fit(known).chances(known)[:, 0]))
    joined = {name: np.concatenate(parts) for name, parts in chances.items()}
    table = _annual_scores(joined, np.concatenate(happened), years=np.concatenate(years), groups=countries(np.concatenate(names)))
    own = pl.DataFrame({"iso3": np.concatenate(names), "base_year": np.concatenate(years), "probability": joined[ANNUAL]})
    return Backtest(scores=_scores(table, target=target, first=str(first), last=str(last)), predictions=own, events=pl.DataFrame())


def _annual_scores(
    chances: Mapping[str, Matrix], happened: Flags, *, years: npt.NDArray[np.intp], groups: Countries
) -> list[dict[str, object]]:
    rows = []
    for name, chance in chances.items():
        for title, function in (("brier", score.brier), ("log_loss", score.log_loss)):
            values, reference = function(chance, happened), function(chances[ANNUAL_REFERENCE], happened)
            rows.append(_row(name, title, _mean(values, groups), _ratio(title, values, reference, groups), chance.size))
        rows.append(_row(name, "expected_over_observed", groups.ratio(chance, happened.astype(float)), None, chance.size))
        rows.append(_row(name, "auc_in_year", groups.of(_ranking(chance, happened, years=years)), None, chance.size))
    return rows


def _ranking(chance: Matrix, happened: Flags, *, years: npt.NDArray[np.intp]) -> Callable[[Matrix], float]:
    """Return the area under the curve as a function of the cases' weights; the sorting is done once."""
    keys, rank = np.unique(np.stack([years, chance]), axis=1, return_inverse=True)
    return lambda weights: score.concordance(keys[0], rank, happened, weights=weights)


def _mean(values: Matrix, groups: Countries) -> Span:
    return groups.ratio(values, np.ones(values.shape))


def _ratio(name: str, values: Matrix, reference: Matrix, groups: Countries) -> Span | None:
    return groups.ratio(values, reference) if name in COMPARED else None


def _row(model: str, name: str, value: Span, ratio: Span | None, rows: int) -> dict[str, object]:
    spans = zip(("value", "low", "high", "ratio", "ratio_low", "ratio_high"), (*value, *(ratio or (None,) * 3)), strict=True)
    return {"model": model, "score": name, "rows": rows, **dict(spans)}


def _scores(rows: list[dict[str, object]], *, target: str, first: str, last: str) -> pl.DataFrame:
    said = {"target": target, "first": first, "last": last, "values": PSEUDO_REAL_TIME}
    return pl.DataFrame([row | said for row in rows], infer_schema_length=None).select(COLUMNS)


def _origins(first: date, last: date) -> list[date]:
    """Return every month from which some month of the span lies at most a horizon ahead."""
    count = (last.year - first.year) * 12 + last.month - first.month + HORIZON
    return [months_before(first, HORIZON - step) for step in range(count)]


def _check(first: str, last: str, *, earliest: str, newest: str) -> None:
    if not (earliest <= first <= newest and earliest <= last <= newest):
        raise ForecastError(f"Forecasts can be tested from {earliest} to {newest}. Give --from and --to inside that span.")
    if first > last:
        raise ForecastError(f"The span {first} to {last} runs backwards. Give the earlier one with --from.")
