"""What came after a base year, for every yearly target, from the rows that tell it; a record and its rows are enough to count again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.actors import ONE_SIDED, TARGET, by_actor, most_of_state, named
from forefend.forecast.formulas import FIRST_YEAR, Panel, months_of
from forefend.forecast.history import Flags, windows
from forefend.forecast.rates import layout, rows_until
from forefend.forecast.reference import tally
from forefend.forecast.tables import base_history
from forefend.forecast.target import HORIZON_YEARS, QUIET_YEARS, followed
from forefend.panel.deaths import CIVILIANS, month_end, newest_month, window_query
from forefend.store import Query, Store

CODED, CODED_SINCE = "ewp_onset", 1960


@dataclass(frozen=True, kw_only=True)
class YearOutcomes:
    """The query for the rows, the snapshot they come from, and what ``came_after`` needs to read them."""

    query: Query
    snapshot: str
    params: Mapping[str, Any]


def year_outcomes(store: Store, target: str, *, base_year: int) -> YearOutcomes | None:
    """Return where the outcome of a yearly forecast is stored; None while its two years are not over, or not stored."""
    find = {"ewp": _coded, TARGET: _events}.get(target, _months)
    try:
        return find(store, base_year)
    except (NotLoaded, ForecastError):
        return None


def came_after(rows: pl.DataFrame, *, target: str = "ucdp", panel: Panel, base_year: int, first: int = FIRST_YEAR) -> dict[str, bool]:
    """Return by state whether an onset came within two years of a base year; states not counted are left out."""
    if target == "ewp":
        coded = _by_year(rows).filter(pl.col("year").is_between(base_year + 1, base_year + HORIZON_YEARS))
        found = coded.group_by("iso3").agg(pl.col("onset").max(), years=pl.len()).filter(pl.col("years") == HORIZON_YEARS)
        return {iso3: bool(onset) for iso3, onset in found.select("iso3", "onset").iter_rows()}
    came = _followed(rows, target=target, panel=panel, first=first, last=base_year + HORIZON_YEARS)[:, base_year - first]
    return dict(zip(panel["states"].split(), came.tolist(), strict=True))


def rate_before(rows: pl.DataFrame, *, target: str = "ucdp", panel: Panel, base_year: int, first: int = FIRST_YEAR) -> float:
    """Return the share of country-years that an onset followed, as it was known at the end of a base year."""
    if target == "ewp":
        return _coded_rate(rows, base_year=base_year)
    if target == TARGET:
        after = _followed(rows, target=target, panel=panel, first=first, last=base_year)
        settled = np.arange(first + QUIET_YEARS - 1, base_year - HORIZON_YEARS + 1)
        since = np.array([panel["since"].get(iso3, FIRST_YEAR) for iso3 in panel["states"].split()])
        counted = settled >= since[:, None]
        return float(after[:, settled - first][counted].mean())
    deaths = windows(months_of(rows, panel=panel))
    hits, trials = tally(deaths[:, : base_year - FIRST_YEAR + 1], None)
    return hits / trials


def _months(store: Store, base_year: int) -> YearOutcomes | None:
    newest = date(base_year + HORIZON_YEARS, 12, 1)
    if base_history(store).origin < newest:
        return None
    query = rows_until(store, newest, as_of=None)
    return YearOutcomes(query=query, snapshot=str(query.snapshot_id), params={"panel": layout(newest), "base_year": base_year})


def _coded(store: Store, base_year: int) -> YearOutcomes | None:
    """The list of onsets, not the predictors' files: it leaves out states that ended, whose forecasts stay without an outcome."""
    last = date(base_year + HORIZON_YEARS, 12, 31)
    query = store.pin(Query(table="observations", subject=CODED, end=last))
    newest = store.read(query).frame["end"].max()
    if newest is None or newest < last:  # type: ignore[operator]
        return None
    params = {"target": "ewp", "panel": layout(last.replace(day=1)), "base_year": base_year}
    return YearOutcomes(query=query, snapshot=str(query.snapshot_id), params=params)


def _events(store: Store, base_year: int) -> YearOutcomes | None:
    newest = date(base_year + HORIZON_YEARS, 12, 1)
    released = window_query(store, kind=CIVILIANS, start=date(FIRST_YEAR, 1, 1), end=month_end(newest))
    begun = store.read(released).frame["start"].min()
    first = begun.year if isinstance(begun, date) else newest.year
    if newest_month(store, CIVILIANS) < newest or base_year < first + QUIET_YEARS - 1:
        return None
    query = store.pin(Query(table="events", subject=ONE_SIDED, end=month_end(newest)))
    params = {"target": TARGET, "panel": layout(newest), "base_year": base_year, "first": first}
    return YearOutcomes(query=query, snapshot=str(query.snapshot_id), params=params)


def _followed(rows: pl.DataFrame, *, target: str, panel: Panel, first: int, last: int) -> Flags:
    """Return by state (rows, as the panel names them) and year whether an onset followed, as known at the end of the last year."""
    if target != TARGET:
        return followed(windows(months_of(rows, panel=panel)))
    states = panel["states"].split()
    events = named(rows).filter(pl.col("start").dt.year() <= last)
    if not events.height:
        return np.zeros((len(states), last - first + 1), dtype=bool)
    names, deaths = by_actor(events, first=first, last=last)
    names, after = most_of_state(names, followed(deaths).astype(float))
    place = {iso3: row for row, iso3 in enumerate(names.tolist())}
    none = np.zeros(after.shape[1])
    return np.stack([after[place[iso3]] if iso3 in place else none for iso3 in states]) > 0


def _by_year(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("iso3", year=pl.col("start").dt.year(), onset=pl.col("value") > 0)


def _coded_rate(rows: pl.DataFrame, *, base_year: int) -> float:
    coded = _by_year(rows)
    begun = set(coded.filter("onset").select("iso3", "year").iter_rows())
    past = coded.filter(pl.col("year").is_between(CODED_SINCE, base_year - HORIZON_YEARS)).select("iso3", "year").iter_rows()
    after = [any((iso3, year + ahead) in begun for ahead in range(1, HORIZON_YEARS + 1)) for iso3, year in past]
    return float(np.mean(after))
