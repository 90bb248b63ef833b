"""New mass killing by one actor: country-years of the target ``ucdp_actor``, from imported events of one-sided violence.

An actor is the name the publisher gives. Events without one are in no actor's count, so a killer who is not named begins nothing.
A name that changes begins anew: a group that renames itself can have an onset in its tenth year of killing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.history import Matrix
from forefend.forecast.memory import remember
from forefend.forecast.target import HORIZON_YEARS, QUIET_YEARS, find_target, followed, onsets, ruled_out
from forefend.forecast.year_panel import THRESHOLDS, Names, YearPanel
from forefend.panel.deaths import CIVILIANS, FIRST_YEAR, month_end, newest_month, window_query
from forefend.store import Store

TARGET = "ucdp_actor"
ONE_SIDED = "os"
DEADLIEST, MAY_BEGIN = "actor", "actor_may_begin"  # most deaths by one actor; by one that the definition does not rule out


def known_actors(store: Store, base: YearPanel, *, as_of: date | None = None) -> YearPanel:
    """Return the country-years of the target; ``base`` are those of ``ucdp`` on the same day. Raises ForecastError without events."""
    try:
        newest = newest_month(store, CIVILIANS, as_of=as_of)
    except NotLoaded:
        raise ForecastError(find_target(TARGET, period="year").needs) from None
    last = newest.year if newest.month == 12 else newest.year - 1
    base_year = min(base.base_year, last)
    asked = window_query(store, kind=CIVILIANS, start=date(FIRST_YEAR, 1, 1), end=month_end(date(base_year, 12, 1)), as_of=as_of)
    return remember(store, (TARGET, asked), lambda: actor_panel(store.read(asked).frame, base=base.until(base_year)))


def actor_panel(events: pl.DataFrame, *, base: YearPanel) -> YearPanel:
    """Return ``base`` with outcomes by actor, and what the deadliest actor did beside its predictors.

    ``events`` are of all kinds of violence. The first three years of events tell nothing, so base years before the third
    are left out. Raises ForecastError where no event of one-sided violence with a named actor is left, or deaths are below 0.
    """
    first = int(events["start"].dt.year().min() or base.base_year)  # type: ignore[arg-type]
    killings = named(events)
    if not killings.height:
        raise ForecastError("No event of one-sided violence names its actor. Import a release of events that does.")
    if killings["deaths_best"].min() < 0:  # type: ignore[operator]
        raise ForecastError("Some events have fewer than 0 deaths. Import the release again.")
    states, deaths = by_actor(killings, first=first, last=base.base_year)
    deadliest, free, after, most, begun = _by_state(states, deaths)
    panel = _from(base, year=max(first + QUIET_YEARS - 1, int(base.year.min())))
    place = {iso3: row for row, iso3 in enumerate(np.unique(states).tolist())}
    rows, columns = np.array([place.get(iso3, -1) for iso3 in panel.iso3.tolist()], dtype=np.intp), panel.year - first

    def of(values: Matrix) -> Matrix:
        found: Matrix = np.where(rows >= 0, values[rows, columns], 0.0)
        return found

    is_over = panel.year <= base.base_year - HORIZON_YEARS
    outcome = np.where(is_over, of(after), np.nan)
    levels = np.stack([of(most) >= threshold for threshold in THRESHOLDS], axis=1).astype(float)
    levels[:, -1] = outcome
    names = (*panel.names, DEADLIEST, MAY_BEGIN)
    return replace(
        panel,
        target=TARGET,
        names=names,
        signs=(*(0 if name.startswith("os") else sign for name, sign in zip(panel.names, panel.signs, strict=True)), 0, 1),
        short=names,
        long=names,
        inputs=np.column_stack([panel.inputs, np.log1p(of(deadliest)), np.log1p(of(free))]),
        outcome=outcome,
        begun=of(begun) > 0,
        impossible=np.zeros(panel.year.size, dtype=bool),
        levels=levels,
        history=None,  # its months are of all actors together: no model may count onsets in them
    )


def named(events: pl.DataFrame) -> pl.DataFrame:
    """Return the events of one-sided violence whose actor is named."""
    return events.filter((pl.col("kind") == ONE_SIDED) & (pl.col("actor_a").str.strip_chars() != ""))


def by_actor(events: pl.DataFrame, *, first: int, last: int) -> tuple[Names, Matrix]:
    """Return the state of each pair of state and actor, sorted, and the pair's deaths by year."""
    year = pl.col("start").dt.year().cast(pl.Int64)
    counted = events.group_by("iso3", pl.col("actor_a").str.strip_chars(), year=year).agg(deaths=pl.col("deaths_best").sum())
    pairs = counted.select("iso3", "actor_a").unique().sort("iso3", "actor_a").with_row_index("pair")
    counted = counted.join(pairs, on=["iso3", "actor_a"])
    deaths = np.zeros((pairs.height, last - first + 1))
    deaths[counted["pair"].to_numpy(), counted["year"].to_numpy() - first] = counted["deaths"].to_numpy()
    return pairs["iso3"].to_numpy().astype(str), deaths


def _by_state(states: Names, deaths: Matrix) -> tuple[Matrix, ...]:
    """Return by state and year: deaths by the deadliest actor and by the deadliest that may begin, onset and most deaths ahead, onset."""
    ahead = np.zeros(deaths.shape)
    ahead[:, :-HORIZON_YEARS] = np.maximum(deaths[:, 1:-1], deaths[:, 2:])
    free, after, begun = np.where(ruled_out(deaths), 0.0, deaths), followed(deaths).astype(float), onsets(deaths).astype(float)
    return tuple(most_of_state(states, values)[1] for values in (deaths, free, after, ahead, begun))


def most_of_state(states: Names, values: Matrix) -> tuple[Names, Matrix]:
    """Return the states, sorted, and by state and year the highest value of its actors."""
    names, place = np.unique(states, return_inverse=True)
    most = np.zeros((names.size, values.shape[1]))
    np.maximum.at(most, place, values)
    return names, most


def _from(panel: YearPanel, *, year: int) -> YearPanel:
    keep = panel.year >= year
    return replace(
        panel,
        iso3=panel.iso3[keep],
        year=panel.year[keep],
        inputs=panel.inputs[keep],
        outcome=panel.outcome[keep],
        begun=panel.begun[keep],
        impossible=panel.impossible[keep],
        levels=panel.levels[keep],
    )
