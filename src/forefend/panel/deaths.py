"""Deaths in organised violence by state and month, as they were known on a day, with quiet months as 0.

The universe is UCDP's: independent states without the microstates, each from January of the year in which
it became independent (the publisher counts by whole years), 1989 at the earliest. A month without a row
had no recorded death. A state outside the universe has no rows at all, and must never be read as 0.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import polars as pl

from forefend.errors import NotLoaded
from forefend.places import states, universe
from forefend.store import Figure, Query, Store, compute, missing_figure, observations

Kind = Literal["os", "sb", "ns"]
Counted = Literal["deaths", "events"]

KINDS: dict[str, str] = {"os": "one-sided violence", "sb": "state-based conflict", "ns": "non-state conflict"}
CIVILIANS = "civilians"  # killed in any kind of violence; known only where events are loaded
FIRST_YEAR = 1989
OUTSIDE = "outside coverage"


def series(kind: str, counted: Counted = "deaths") -> str:
    """Return the indicator that holds the monthly deaths, or events, of a kind of violence."""
    return f"ucdp_{kind}_{counted}"


def covered(iso3: str) -> bool:
    """Tell whether the source covers a state; outside, nothing recorded means nothing known."""
    return iso3 in universe("ucdp")


def first_years() -> dict[str, int]:
    """Return the first year in which each covered state is counted."""
    found = {iso3: states()[iso3].since for iso3 in sorted(universe("ucdp"))}
    return {iso3: max(FIRST_YEAR, since.year if since else FIRST_YEAR) for iso3, since in found.items()}


def month_end(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months_before(month: date, count: int) -> date:
    """Return the first day of the month so many months earlier; a negative count looks ahead."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def newest_month(store: Store, kind: str = "os", *, as_of: date | None = None) -> date:
    """Return the first day of the newest month that is counted, and had ended, by ``as_of``.

    A release counts every kind of violence up to the same month, so a quiet kind ends where the others do.
    Raises NotLoaded.
    """
    pinned = store.pin(_rows_of(kind), as_of=as_of)
    identifier = pinned.snapshot_id if isinstance(pinned.snapshot_id, str) else pinned.snapshot_id[0]
    released = replace(observations(tuple(series(k) for k in KINDS)), snapshot_id=identifier)
    newest = store.read(released).frame["end"].max()
    if not isinstance(newest, date):
        source = store.snapshot(identifier).source
        raise NotLoaded(f"The stored release of {source} holds no month. Load it again: forefend sources import {source}", source=source)
    return newest.replace(day=1) if as_of is None else min(newest.replace(day=1), _last_whole_month(as_of))


def counts_events(store: Store, kind: str = "os", *, as_of: date | None = None) -> bool:
    """Tell whether the very release that deaths are read from counts events too: another's may end in another month."""
    try:
        events = store.pin(_rows_of(kind, "events"), as_of=as_of)
    except NotLoaded:
        return False
    return events.snapshot_id == store.pin(_rows_of(kind), as_of=as_of).snapshot_id


def months_old(newest: date, *, today: date) -> int:
    """Return how many calendar months ago the newest month was."""
    return (today.year - newest.year) * 12 + today.month - newest.month


def country_months(store: Store, kind: str = "os", *, as_of: date | None = None, counted: Counted = "deaths") -> pl.DataFrame:
    """Return ``iso3, month`` and what is counted: every covered state in every month since it is counted, quiet months as 0.

    ``month`` is the first day of the month. Nothing dated after ``as_of`` enters. Sorted by state and month.
    Raises NotLoaded.
    """
    newest, first_month = newest_month(store, kind, as_of=as_of), date(FIRST_YEAR, 1, 1)
    query = window_query(store, kind=kind, start=first_month, end=month_end(newest), as_of=as_of, counted=counted)
    months = store.read(query).frame.group_by("iso3", month=pl.col("start").dt.truncate("1mo")).agg(_amount(kind, counted).alias(counted))
    first = first_years()
    return (
        pl.DataFrame({"iso3": list(first), "first": list(first.values())})
        .join(pl.DataFrame({"month": pl.date_range(first_month, newest, "1mo", eager=True)}), how="cross")
        .filter(pl.col("month").dt.year() >= pl.col("first"))
        .join(months, on=["iso3", "month"], how="left")
        .select("iso3", "month", pl.col(counted).fill_null(0.0))
        .sort("iso3", "month")
    )


def window_query(
    store: Store, *, kind: str, start: date, end: date, iso3: str | None = None, as_of: date | None = None, counted: Counted = "deaths"
) -> Query:
    """Return the pinned query for the rows of a span, of one state or of all.

    The day asked for stays in the query only where the release is younger than it, so that the same rows
    asked for on two days have one name.
    """
    where = () if iso3 is None else (("iso3", iso3),)
    pinned = store.pin(replace(_rows_of(kind, counted), where=where, start=start, end=end), as_of=as_of)
    identifiers = (pinned.snapshot_id,) if isinstance(pinned.snapshot_id, str) else pinned.snapshot_id
    is_younger = as_of is not None and any(store.snapshot(identifier).published > as_of for identifier in identifiers)
    return pinned if is_younger else replace(pinned, as_of=None)


def months_query(store: Store, iso3: str, *, kind: str = "os", months: int = 12, as_of: date | None = None) -> Query:
    """Return the query for a state's newest ``months`` months."""
    newest = newest_month(store, kind, as_of=as_of)
    start = months_before(newest, months - 1)
    return window_query(store, kind=kind, start=start, end=month_end(newest), iso3=iso3, as_of=as_of)


def year_deaths(store: Store, iso3: str, *, year: int, kind: str = "os", as_of: date | None = None) -> Figure:
    """Return the deaths of a calendar year; missing where the state or the whole year is not counted."""
    label, period = f"Deaths in {KINDS[kind]}", str(year)
    if not covered(iso3):
        return missing_figure(label=label, unit="deaths", reason=OUTSIDE, period=period)
    try:
        newest = newest_month(store, kind, as_of=as_of)
    except NotLoaded as refusal:
        return missing_figure(label=label, unit="deaths", reason=f"not loaded: fetch {refusal.source}", period=period)
    if not first_years()[iso3] <= year <= (newest.year if newest.month == 12 else newest.year - 1):
        return missing_figure(label=label, unit="deaths", reason="not monitored", period=period)
    query = window_query(store, kind=kind, start=date(year, 1, 1), end=date(year, 12, 31), iso3=iso3, as_of=as_of)
    return compute(store, label=label, unit="deaths", formula="total", inputs=[query], period=period)


def _rows_of(kind: str, counted: Counted = "deaths") -> Query:
    return Query(table="events", subject=tuple(KINDS)) if kind == CIVILIANS else observations(series(kind, counted))


def _amount(kind: str, counted: Counted) -> pl.Expr:
    """Return how rows add up; of civilians' deaths an event counts where it killed one."""
    if kind != CIVILIANS:
        return pl.col("value").cast(pl.Float64).sum()
    killed = pl.col("deaths_civilians")
    return (killed if counted == "deaths" else killed > 0).cast(pl.Float64).sum()


def _last_whole_month(day: date) -> date:
    return day.replace(day=1) if day == month_end(day) else months_before(day, 1)
