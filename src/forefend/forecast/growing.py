"""What deaths counted so far are expected to become, as figures that open to both releases the growth was read from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from forefend.forecast.growth import LAST_YEAR, OLDER, grown, growth_from, ratio_figure
from forefend.locale import N_
from forefend.panel.deaths import series
from forefend.store import Figure, Query, Store, compute
from forefend.store.formulas import NOT_MONITORED, Frames, NothingToCompute, formula

EXPECTED = N_("Deaths in one-sided violence of the last year, as later releases are expected to count them")
WHAT = {"expected": "expected_final", "low": "low", "high": "high"}


@dataclass(frozen=True, kw_only=True)
class Growing:
    """``expected`` carries its 90 % interval; ``ratio`` is how counts of all states that were as young have grown."""

    expected: Figure
    ratio: Figure | None


@formula("what became of country-years of like age and size by the newest release, for the deaths of the first rows: mean, or 90 % bound")
def expected_final(frames: Frames, *, age: int, released: int, what: str) -> float:
    """Say what a year's deaths become; second rows are those of the older release, published in ``released``, third the newest's."""
    old, new = (_by_year(frame) for frame in frames[1:3])
    both = old.join(new, on=["state", "year"], how="full", coalesce=True, suffix="_new")
    states, years = both.select(pl.col("state").unique().sort()), both.select(pl.col("year").unique().sort())
    full = states.join(years, how="cross").join(both, on=["state", "year"], how="left")
    pairs = full.select(
        "state",
        "year",
        age=pl.lit(released, dtype=pl.Int64) - pl.col("year"),
        old=pl.col("deaths").fill_null(0.0),
        new=pl.col("deaths_new").fill_null(0.0),
    )
    found = growth_from(pairs)
    if found is None:
        raise NothingToCompute(NOT_MONITORED)
    deaths = float(frames[0]["value"].sum())
    return float(getattr(grown(found, deaths=deaths, age=age), WHAT[what]))


def growing(store: Store, iso3: str, *, year: int) -> Growing | None:
    """Return what a state's last year is expected to become; None where the release of 2021 is not stored."""
    holding = store.holding("observations", series("os"))
    older = [snapshot for snapshot in holding if snapshot.source == OLDER]
    newer = [snapshot for snapshot in holding if snapshot.source != OLDER]
    ratio = ratio_figure(store, year=LAST_YEAR)
    if not older or ratio is None:
        return None

    def rows(snapshot: str, *, first: int, last: int, of: str = "") -> Query:
        where = (("iso3", of),) if of else ()
        start, end = date(first, 1, 1), date(last, 12, 31)
        return Query(table="observations", subject=series("os"), where=where, start=start, end=end, snapshot_id=snapshot)

    inputs = [
        rows(newer[-1].id, first=year, last=year, of=iso3),
        rows(older[-1].id, first=1989, last=LAST_YEAR),
        rows(newer[-1].id, first=1989, last=LAST_YEAR),
    ]
    params = {"age": newer[-1].published.year - year, "released": older[-1].published.year}
    made = {
        name: compute(
            store, label=EXPECTED, unit="deaths", formula="expected_final", inputs=inputs, params=params | {"what": name}, period=str(year)
        )
        for name in WHAT
    }
    expected = made["expected"]
    if expected.value is not None:
        expected = replace(expected, low=made["low"].value, high=made["high"].value)
    return Growing(expected=expected, ratio=ratio)


def _by_year(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by(state=pl.col("iso3"), year=pl.col("start").dt.year().cast(pl.Int64)).agg(deaths=pl.col("value").sum())
