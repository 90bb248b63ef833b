"""How every model would have done: forecasts made again from each past origin, scored against what came.

A forecast sees only what precedes its origin, but in the values stored now, which were revised since:
*pseudo-real-time*. Every state counted at the origin is scored; none is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
import polars as pl

from forefend.errors import ForecastError
from forefend.forecast import score
from forefend.forecast.by_group import month_groups, regions, year_groups
from forefend.forecast.cases import Cases, Names, cases_at
from forefend.forecast.events import event_chances
from forefend.forecast.history import Flags, Matrix
from forefend.forecast.known import NEED_LEARNING, months_known, years_known
from forefend.forecast.learn import can_learn
from forefend.forecast.models import find_model, models
from forefend.forecast.reliability import as_table, reliability
from forefend.forecast.resample import Countries, Span, countries
from forefend.forecast.tables import FIRST_BASE_YEAR
from forefend.forecast.target import ESCALATION_MONTHS, HORIZON_YEARS, Period
from forefend.forecast.tested import PSEUDO_REAL_TIME
from forefend.forecast.year_panel import YearPanel
from forefend.forecast.year_scores import Row, row, year_scores
from forefend.panel.deaths import months_before
from forefend.store import Store

HORIZON = 12
MONTHS_TESTED = 36
FIRST_MONTH = date(1991, 1, 1)  # earlier, the twelve months before the first origin are not all counted
FIRST_BASE_YEARS = {"ucdp": FIRST_BASE_YEAR, "ewp": 1993, "ucdp_actor": FIRST_BASE_YEAR}
ESCALATION_TARGET = "escalation"
KILLING = {"ucdp": "os", "ewp": "mk_ongoing_count", "ucdp_actor": "os"}  # predictor above 0 where the base year was violent
GROUPED = ("crps", "crps_log", "ignorance")
EVENTS = ("25_in_3_months", "escalation")
MONTHLY_REFERENCE, ANNUAL_REFERENCE = "conflictology", "base_rate"
COMPARED = ("crps", "crps_log", "ignorance", "brier_25_in_3_months", "brier_escalation", "brier", "log_loss")  # smaller is better
COLUMNS = ("target", "model", "score", "value", "low", "high", "ratio", "ratio_low", "ratio_high", "rows", "first", "last", "values")


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """Scores of every model, and the product's own forecasts in the layout of the scorers.

    ``scores`` has the columns ``COLUMNS``: value with its 90 % interval, and its ratio to the reference model on
    the same cases with its own, both by drawing countries anew. ``events`` is empty for yearly targets.
    ``groups`` has scores by region, history and time: see ``by_group``. ``reliability`` sets chances beside shares that
    came, of onsets or of events: see ``reliability``.
    """

    scores: pl.DataFrame
    predictions: pl.DataFrame
    events: pl.DataFrame
    groups: pl.DataFrame = field(default_factory=pl.DataFrame)
    reliability: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(kw_only=True)
class _Gathered:
    """Countries and scores of all cases, filled origin by origin: by score, and by model and score."""

    target: str
    countries: dict[str, list[Names]] = field(default_factory=lambda: defaultdict(list))
    scores: dict[str, dict[str, list[Matrix]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    labels: dict[str, list[Names]] = field(default_factory=lambda: defaultdict(list))
    event_countries: dict[str, list[Names]] = field(default_factory=lambda: defaultdict(list))
    happened: dict[str, list[Flags]] = field(default_factory=lambda: defaultdict(list))
    chances: dict[str, dict[str, list[Matrix]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, model: str, found: Mapping[str, Matrix]) -> None:
        for name, values in found.items():
            self.scores[model][name].append(values)

    def groups(self, *, reference: str) -> pl.DataFrame:
        labels = {name: np.concatenate(parts) for name, parts in self.labels.items()}
        labels["region"] = regions(np.concatenate(self.countries["crps"]))
        scores = {model: {name: np.concatenate(found[name]) for name in GROUPED} for model, found in self.scores.items()}
        return month_groups(self.target, scores, labels, reference=reference)

    def add_events(self, cases: Cases) -> None:
        if cases.has_event:
            codes = np.array(cases.known.iso3s)
            for event, kept in ((EVENTS[0], np.ones(codes.size, dtype=bool)), (EVENTS[1], cases.was_calm)):
                self.event_countries[event].append(codes[kept])
                self.happened[event].append(cases.had_event[kept])

    def add_chances(self, model: str, cases: Cases, chance: Matrix) -> None:
        if cases.has_event:
            for event, kept in ((EVENTS[0], np.ones(chance.size, dtype=bool)), (EVENTS[1], cases.was_calm)):
                self.chances[model][event].append(chance[kept])

    def table(self, *, reference: str, first: str, last: str) -> pl.DataFrame:
        groups = {name: countries(np.concatenate(parts)) for name, parts in self.countries.items()}
        joined = {model: {name: np.concatenate(parts) for name, parts in found.items()} for model, found in self.scores.items()}
        rows = [
            row(model, name, _mean(values, groups[name]), _ratio(name, values, joined[reference][name], groups[name]), values.size)
            for model, found in joined.items()
            for name, values in found.items()
        ]
        rows += [line for event, codes in self.event_countries.items() for line in self._events(event, countries(np.concatenate(codes)))]
        return _scores(rows, target=self.target, first=first, last=last)

    def reliability(self) -> pl.DataFrame:
        rows = []
        for event, codes in self.event_countries.items():
            chances = {model: np.concatenate(found[event]) for model, found in self.chances.items()}
            happened, groups = np.concatenate(self.happened[event]), countries(np.concatenate(codes))
            rows += reliability(self.target, event, chances, happened, groups=groups, overlap=ESCALATION_MONTHS)
        return as_table(rows)

    def _events(self, event: str, groups: Countries) -> list[Row]:
        """Score the ranking and the Brier skill of every model's chances of an event."""
        happened, rows = np.concatenate(self.happened[event]), []
        rate = happened.mean() if happened.size else 0.0
        for model, found in self.chances.items():
            chance = np.concatenate(found[event])
            ranking = groups.of(partial(_precision, chance, happened))
            rows.append(row(model, f"pr_auc_{event}", ranking, None, chance.size))
            if 0 < rate < 1:
                lost = groups.ratio(score.brier(chance, happened), score.brier(np.full(chance.size, rate), happened))
                rows.append(row(model, f"brier_skill_{event}", (1 - lost[0], 1 - lost[2], 1 - lost[1]), None, chance.size))
        return rows


def monthly_backtest(
    store: Store, *, target: str = "os", first: date | None = None, last: date | None = None, names: Sequence[str] = ()
) -> Backtest:
    """Try every monthly model on the months ``first`` to ``last``, at horizons of 1 to 12, from an origin in every month.

    By default the last 36 months stored. ``names`` are the models to try besides the reference, the product's own first;
    all, unless given. The target ``escalation`` keeps the scores of that event alone. Raises ForecastError and NotLoaded.
    """
    past = months_known(store, "os" if target == ESCALATION_TARGET else target)
    last = last or past.origin
    first = first or months_before(last, MONTHS_TESTED - 1)
    _check(f"{first:%Y-%m}", f"{last:%Y-%m}", earliest=f"{FIRST_MONTH:%Y-%m}", newest=f"{past.origin:%Y-%m}")
    own, tried = _tried("month", names, reference=MONTHLY_REFERENCE)
    gathered, predictions, events = _Gathered(target=target), [], []
    for origin in _origins(first, last):
        cases = cases_at(past, origin, first=first, last=last, horizon=HORIZON)
        for name, codes in cases.countries().items():
            gathered.countries[name].append(codes)
        for name, labels in cases.labels().items():
            gathered.labels[name].append(labels)
        gathered.add_events(cases)
        for name in tried:
            fitted = find_model(name, period="month")().fit(cases.known)
            draws = fitted.draws(cases.known, horizon=HORIZON)
            _check_draws(name, draws, cases)
            chance = event_chances(fitted, cases.known, draws)
            gathered.add(name, cases.scores(draws, chance))
            gathered.add_chances(name, cases, chance)
            if name == own:
                predictions.append(cases.predictions(draws))
                events.append(cases.events(chance))
    table = gathered.table(reference=MONTHLY_REFERENCE, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")
    if target == ESCALATION_TARGET:
        table = table.filter(pl.col("score").str.contains(ESCALATION_TARGET))
    return Backtest(
        scores=table,
        predictions=pl.concat(predictions),
        events=pl.concat(events),
        groups=gathered.groups(reference=MONTHLY_REFERENCE),
        reliability=gathered.reliability(),
    )


def annual_backtest(
    store: Store, *, target: str = "ucdp", first: int | None = None, last: int | None = None, names: Sequence[str] = ()
) -> Backtest:
    """Try every annual model on base years ``first`` to ``last``; by default from 1995 (``ewp``: 1993) to the newest that is over.

    Each forecast is fitted on onsets up to the base year alone. ``names`` as above. Raises ForecastError and NotLoaded.
    """
    panel = years_known(store, target)
    earliest, newest = FIRST_BASE_YEARS[target], panel.base_year - HORIZON_YEARS
    first, last = first or earliest, last or newest
    _check(str(first), str(last), earliest=str(earliest), newest=str(newest))
    own, tried = _tried("year", names, reference=ANNUAL_REFERENCE)
    tried = [name for name in tried if target in getattr(find_model(name, period="year"), "targets", ("ucdp",))]
    chances: dict[str, list[Matrix]] = {name: [] for name in tried}
    for year in range(first, last + 1):
        known = panel.until(year)
        for name in tried:
            found = find_model(name, period="year")().fit(known).chances(known)[:, 0]
            chances[name].append(_check_chances(name, found, known))
    tested = (panel.year >= first) & (panel.year <= last)
    joined = {name: np.concatenate(parts) for name, parts in chances.items()}
    rows = year_scores(joined, panel.outcome[tested] == 1, years=panel.year[tested], groups=countries(panel.iso3[tested]), own=own)
    own_rows = pl.DataFrame({"iso3": panel.iso3[tested], "base_year": panel.year[tested], "probability": joined[own]})
    table = _scores(rows, target=target, first=str(first), last=str(last))
    return Backtest(
        scores=table,
        predictions=own_rows,
        events=pl.DataFrame(),
        groups=_year_groups(panel, tested, joined),
        reliability=_year_reliability(panel, tested, joined),
    )


def _year_reliability(panel: YearPanel, tested: Flags, chances: Mapping[str, Matrix]) -> pl.DataFrame:
    """Set chances beside shares that came, of country-years whose definition does not rule an onset out."""
    possible = ~panel.impossible[tested]
    happened, groups = (panel.outcome[tested] == 1)[possible], countries(panel.iso3[tested][possible])
    kept = {name: chance[possible] for name, chance in chances.items()}
    return as_table(reliability(panel.target, "onset", kept, happened, groups=groups, overlap=HORIZON_YEARS))


def _year_groups(panel: YearPanel, tested: Flags, chances: Mapping[str, Matrix]) -> pl.DataFrame:
    happened, year = panel.outcome[tested] == 1, panel.year[tested]
    killing = panel.columns((KILLING[panel.target],))[tested, 0] > 0
    labels = {
        "history": np.where(killing, "violent", "calm"),
        "years": np.array([f"{start}–{start + 9}" for start in year // 10 * 10]),
        "region": regions(panel.iso3[tested]),
    }
    losses = {name: score.log_loss(chance, happened) for name, chance in chances.items()}
    return year_groups(panel.target, chances, losses, happened, labels)


def _tried(period: Period, names: Sequence[str], *, reference: str) -> tuple[str, list[str]]:
    """Return the product's own model and all to be tried: without scikit-learn, those that do without."""
    usual, without = ("pool", "conflictology") if period == "month" else ("pool", "reference_class")
    chosen = list(names) or [usual, *models(period)]
    for name in chosen:
        find_model(name, period=period)
    able = [name for name in chosen if can_learn() or name not in NEED_LEARNING] or [without]
    own = able[0] if names or can_learn() else without
    return own, list(dict.fromkeys([reference, *able]))


def _check_chances(name: str, found: Matrix, known: YearPanel) -> Matrix:
    states = known.iso3[known.is_now]
    if len(found) != len(states):
        raise ForecastError(f"The model {name} left out country-years of {known.base_year}. Every one must be forecast.")
    if np.isnan(found).any():
        raise ForecastError(
            f"The model {name} has no chance for {states[np.isnan(found)][0]} in {known.base_year}. Begin with a later year."
        )
    return found


def _check_draws(name: str, draws: Matrix, cases: Cases) -> None:
    if draws.shape[:2] != (len(cases.known.iso3s), HORIZON) or not np.isfinite(draws).all() or (draws < 0).any():
        raise ForecastError(f"The model {name} left out a country or month from {cases.known.origin:%Y-%m}. Every one must be forecast.")


def _mean(values: Matrix, groups: Countries) -> Span:
    return groups.ratio(values, np.ones(values.shape))


def _ratio(name: str, values: Matrix, reference: Matrix, groups: Countries) -> Span | None:
    return groups.ratio(values, reference) if name in COMPARED else None


def _precision(chance: Matrix, happened: Flags, weights: Matrix) -> float:
    return score.average_precision(chance, happened, weights=weights)


def _scores(rows: list[Row], *, target: str, first: str, last: str) -> pl.DataFrame:
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
