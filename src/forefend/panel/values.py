"""The newest value of a public series for a state, the one before, and its place among all states.

A value is missing with its reason: *not loaded* (no snapshot), *not monitored* (the source says nothing
about the state), *too old* (older than the catalog allows for this series), *outside coverage* (the state
lies outside the source's universe). Series by month are shown for a calendar year: summed, or averaged where the
catalog says so, as shares are.
"""

from __future__ import annotations

from datetime import date, timedelta

from forefend.catalog import Catalog
from forefend.catalog.model import DataIndicator
from forefend.errors import NotLoaded
from forefend.places import universe
from forefend.store import Figure, Query, Store, compute, missing_figure, observations

OUTSIDE = "outside coverage"


def latest(store: Store, catalog: Catalog, indicator: str, *, iso3: str, today: date) -> Figure:
    """Return the newest value of a series for a state, in the unit the catalog declares."""
    declared = catalog.data_indicators[indicator]
    if declared.formula:
        from forefend.panel.derived import derived  # computed from the values of this module

        return derived(store, catalog, declared, iso3=iso3, today=today)
    year, reason = _newest_year(store, declared, iso3=iso3, today=today)
    if year is None:
        return missing_figure(label=declared.title, unit=declared.unit, reason=reason)
    if declared.max_age_years is not None and today.year - year > declared.max_age_years:
        return missing_figure(label=declared.title, unit=declared.unit, reason="too old", period=str(year))
    return in_year(store, declared, iso3=iso3, year=year)


def before(store: Store, catalog: Catalog, indicator: str, *, iso3: str, today: date, newest: Figure | None = None) -> Figure:
    """Return the value of the year before the newest one; ``newest`` is that one, where the caller has it already."""
    newest = newest or latest(store, catalog, indicator, iso3=iso3, today=today)
    if newest.value is None:
        return newest
    declared, year = catalog.data_indicators[indicator], int(newest.period) - 1
    if declared.formula:
        from forefend.panel.derived import derived_in_year  # computed from the values of this module

        return derived_in_year(store, catalog, declared, iso3=iso3, year=year)
    return in_year(store, declared, iso3=iso3, year=year)


def percentile(store: Store, catalog: Catalog, indicator: str, *, iso3: str, today: date, newest: Figure | None = None) -> Figure:
    """Return the state's place among all states with a value in its newest year: 0-100, 100 is worst; ``newest`` as above."""
    declared = catalog.data_indicators[indicator]
    newest = newest or latest(store, catalog, indicator, iso3=iso3, today=today)
    label = f"{declared.title}: place among all states"
    if newest.value is None or declared.direction == "none":
        return missing_figure(label=label, unit="percentile", reason=newest.missing or "not monitored", period=newest.period)
    params: dict[str, object] = {"iso3": iso3, "worse": "high" if declared.direction == "higher_is_worse" else "low"}
    if declared.universe:
        params["fill_zero"] = sorted(universe(declared.universe))
    read = declared
    if declared.formula:
        read = catalog.data_indicators[declared.inputs[0]]
        params["by"] = declared.formula
    if read.of_months == "mean":
        params["gathered"] = "mean"
    return compute(
        store,
        label=label,
        unit="percentile",
        formula="derived_percentile" if declared.formula else "percentile",
        inputs=[
            _year(observations(one), int(newest.period) - back) for one in declared.inputs or (indicator,) for back in range(declared.years)
        ],
        params=params,
        period=newest.period,
    )


def in_year(store: Store, declared: DataIndicator, *, iso3: str, year: int) -> Figure:
    """Return the value of one year: the one row of a yearly series, the sum or the mean of a monthly one."""
    query = _year(observations(declared.id, iso3=iso3), year)
    formula = {"sum": "total", "mean": "mean"}[declared.of_months] if declared.period == "month" else "single"
    return compute(store, label=declared.title, unit=declared.unit, formula=formula, inputs=[query], period=str(year))


def _year(query: Query, year: int) -> Query:
    return Query(table=query.table, subject=query.subject, where=query.where, start=date(year, 1, 1), end=date(year, 12, 31))


def is_outside(store: Store, source: str, *, iso3: str) -> bool:
    """Whether releases of a source are stored and none has anything on the state: fetching more of it would not help."""
    stored = [snapshot for snapshot in store.snapshots if snapshot.source == source and "observations" in snapshot.contents]
    return bool(stored) and not any(iso3 in store.states_of(snapshot) for snapshot in stored)


def _newest_year(store: Store, declared: DataIndicator, *, iso3: str, today: date) -> tuple[int | None, str]:
    """The newest whole year with a value, or the reason there is none.

    For a monthly series with a declared universe, a state inside it always has a value (no event is none),
    and a state outside never has one.
    """
    if declared.universe and iso3 not in universe(declared.universe):
        return None, OUTSIDE
    query = observations(declared.id, iso3=None if declared.universe else iso3, end=today)
    try:
        rows = store.read(query).frame
    except NotLoaded:
        return None, OUTSIDE if is_outside(store, declared.source, iso3=iso3) else f"not loaded: fetch {declared.source}"
    if rows.is_empty():
        return None, "not monitored"
    newest = rows["end"].max()
    if not isinstance(newest, date):
        return None, "not monitored"
    is_whole = declared.period == "year" or (newest + timedelta(days=1)).month == 1
    return (newest.year if is_whole else newest.year - 1), ""
