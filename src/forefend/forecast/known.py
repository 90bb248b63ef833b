"""What models are given: months with the other kinds of violence beside, or country-years, up to a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.actors import TARGET as BY_ACTOR
from forefend.forecast.actors import known_actors
from forefend.forecast.ewp_panel import ewp_panel, imported
from forefend.forecast.history import EVENTS, History
from forefend.forecast.learn import can_learn
from forefend.forecast.memory import remember
from forefend.forecast.tables import base_history, history, history_of
from forefend.forecast.target import find_target
from forefend.forecast.training import check_counts
from forefend.forecast.year_panel import YearPanel, from_history
from forefend.panel.deaths import counts_events
from forefend.store import Store

OTHERS = {"os": ("sb", "ns"), "sb": ("os", "ns"), "ns": ("sb", "os"), "civilians": ("sb", "ns")}
NEED_LEARNING = ("hurdle_trees", "path_forest", "boosted_trees", "pool")
MONTHLY_POOL, YEARLY_POOL = "pool", "pool"
WITHOUT = "scikit-learn is not installed, so {model} takes the place of the pool. Install it with: pip install 'forefend[ml]'"


def months_known(store: Store, kind: str, *, as_of: date | None = None) -> History:
    """Return the history of a monthly target with its events and two other kinds beside, named as the features want them."""
    past = history_of(store, kind, as_of=as_of)
    beside = {name: _aligned(past, history(store, other, as_of=as_of)) for name, other in zip(("sb", "ns"), OTHERS[kind], strict=True)}
    if counts_events(store, kind, as_of=as_of):
        beside[EVENTS] = _aligned(past, history(store, kind, as_of=as_of, counted="events"))
    return replace(past, beside=beside)


def years_known(store: Store, target: str, *, as_of: date | None = None) -> YearPanel:
    """Return the country-years of a yearly target; raises ForecastError saying what to import."""
    find_target(target, period="year")
    if target == "ewp":
        return _ewp(store, as_of=as_of)
    past = base_history(store, as_of=as_of)
    beside = {kind: _aligned(past, history(store, kind, as_of=as_of)) for kind in ("sb", "ns")}
    check_counts(known := replace(past, beside=beside))
    panel = from_history(known)
    return known_actors(store, panel, as_of=as_of) if target == BY_ACTOR else panel


def _ewp(store: Store, *, as_of: date | None) -> YearPanel:
    _, folder = imported(store)

    def make() -> YearPanel:
        try:
            past = base_history(store)
            beside = {kind: _aligned(past, history(store, kind)) for kind in ("sb", "ns")}
            return ewp_panel(folder, deaths=replace(past, beside=beside))
        except NotLoaded:
            return ewp_panel(folder)

    panel = remember(store, ("ewp panel", str(folder)), make)
    if as_of is None or as_of.year >= panel.base_year:
        return panel
    if as_of.year < int(panel.year.min()):
        raise ForecastError(f"The Early Warning Project's predictors begin in {int(panel.year.min())}. Give that year or a later one.")
    return panel.until(as_of.year)


def stand_in(model: str, *, without: str) -> tuple[str, str]:
    """Return the model to use and, where scikit-learn is missing, a sentence on what takes its place."""
    if model in NEED_LEARNING and not can_learn():
        return without, WITHOUT.format(model=without)
    return model, ""


def _aligned(past: History, other: History) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return what else is counted for the same states and months."""
    place = {iso3: row for row, iso3 in enumerate(other.iso3s)}
    return other.deaths[[place[iso3] for iso3 in past.iso3s], : past.deaths.shape[1]]
