"""How much published counts of deaths still grow, by the age of the year, and what that means for recent counts.

The estimate is made when asked for, from two stored states of the same counts: the one of mid-2021 and the newest. Years
are compared, never months, as large events move between months. A year's age is how many years lay between it and the
older state: one year each, so what is the age's and what is that year's own cannot be told apart. The older state is
licensed for non-commercial use: nothing fitted on it is shipped, and without it the text says that growth is not estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from forefend.errors import StoreError
from forefend.forecast import growth_formulas
from forefend.forecast.history import Matrix
from forefend.locale import N_
from forefend.panel.deaths import KINDS, series
from forefend.panel.revisions import state_years
from forefend.store import Figure, Query, Snapshot, Store, compute

OLDER = "ucdp_ged_2021"
LAST_YEAR = 2020  # later years of the older state were not over
OLDEST_AGE = 10  # years older than that are taken together with it
CLASSES = (0.0, 0.5, 24.5, 99.5)  # yearly deaths at which a size class begins: none, to 24, to 99, 100 and more
LEAST_PAIRS = 20  # country-years of the same age and class; where fewer, neighbouring ages are added
INTERVAL = (0.05, 0.95)
DRAWS = 500

LABEL = N_("Deaths as counted now, as a multiple of those counted when the year was so young")
NOT_ESTIMATED = N_(
    "Recent counts grow in later releases. By how much is not estimated here: it needs the counts as known in 2021, which are not "
    "open data. Import them with: forefend sources import ucdp_ged_2021"
)
ESTIMATED = N_(
    "Counts a year old grew by %(share)s %% in five years (90 %% interval %(low)s to %(high)s %%, by drawing states anew), "
    "from one year alone, %(year)s: what is shown for recent months is what was counted so far."
)
NO_CANDIDATE_PAIRS = N_(
    "How preliminary monthly figures differ from final ones is not estimated: no year is stored both in preliminary and in final figures."
)


@dataclass(frozen=True, kw_only=True)
class AgeGrowth:
    """Growth of the counts of one age: ``ratio`` new over old of all states together, with its 90 % bounds by drawing states anew."""

    age: int
    years: tuple[int, ...]
    old: float
    new: float
    ratio: float
    low: float
    high: float
    states: int


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What two states of the counts tell. ``pairs`` has ``state, year, age, old, new``; no state has a constant of its own."""

    kind: str
    ages: tuple[AgeGrowth, ...]
    pairs: pl.DataFrame

    def of_age(self, age: int) -> AgeGrowth:
        """Return the growth of an age; the oldest stands for all older ones, the youngest for all younger."""
        known = {entry.age: entry for entry in self.ages}
        return known[min(max(age, min(known)), max(known))]

    def draws(self, *, age: int, deaths: float, count: int = DRAWS, seed: int = 0) -> Matrix:
        """Draw totals of a year that stood at ``deaths`` at an age: what became of country-years of like age and size.

        Deaths counted are carried over in proportion; where there were none, what was added later is drawn as it was.
        """
        alike = _alike(self.pairs, age=age, deaths=deaths)
        old, new = alike["old"].to_numpy(), alike["new"].to_numpy()
        chosen = np.random.default_rng(seed).integers(0, len(old), count)
        became: Matrix = new[chosen] if deaths < CLASSES[1] else deaths * new[chosen] / old[chosen]
        return became


@dataclass(frozen=True, kw_only=True)
class Grown:
    """Deaths counted so far, and what they are expected to become: mean with a 90 % interval."""

    observed_so_far: float
    expected_final: float
    low: float
    high: float


def pairs_of(store: Store, kind: str = "os") -> pl.DataFrame:
    """Return ``state, year, age, old, new`` from the state of 2021 and the newest; no rows where one is not stored."""
    found = _releases(store, kind)
    if found is None:
        return _no_pairs()
    older, newest = found
    rows = state_years(store, old=older, new=newest).filter((pl.col("subject") == series(kind)) & (pl.col("year") <= LAST_YEAR))
    return _aged(rows, year_known=older.published.year)


def candidate_pairs(store: Store, kind: str = "os") -> pl.DataFrame:
    """Return the same pairs from preliminary monthly figures against the newest final ones: years whole in both, age 0.

    Every stored preliminary release is compared; of a year in several, the newest counts.
    """
    final = [s for s in store.holding("observations", series(kind)) if s.source != OLDER]
    drafts = store.holding("observations", f"ucdp_candidate_{kind}_deaths")
    if not (final and drafts):
        return _no_pairs()
    old = pl.concat([_monthly(store, draft, f"ucdp_candidate_{kind}_deaths") for draft in drafts])
    kept = old.sort("order").unique(["iso3", "month"], keep="last", maintain_order=True)
    new = _monthly(store, final[-1], series(kind))
    whole = set(_whole_years(kept)) & set(_whole_years(new))
    joined = _by_year(kept).join(_by_year(new), on=["state", "year"], how="full", coalesce=True, suffix="_new")
    rows = joined.filter(pl.col("year").is_in(sorted(whole))).select("state", "year", old="deaths", new="deaths_new")
    return rows.select("state", "year", age=pl.lit(0, dtype=pl.Int64), old=pl.col("old").fill_null(0.0), new=pl.col("new").fill_null(0.0))


def growth_from(pairs: pl.DataFrame, *, kind: str = "os", seed: int = 0) -> Growth | None:
    """Estimate growth from pairs; None where no age has deaths in the older state.

    Pairs may come from anywhere: two releases, or preliminary against final figures. Raises StoreError for negative
    or missing counts.
    """
    bad = pairs.filter(~((pl.col("old") >= 0) & (pl.col("new") >= 0)).fill_null(value=False))
    if bad.height:
        row = bad.row(0, named=True)
        raise StoreError(f"The deaths of {row['state']} in {row['year']} are {row['old']} and {row['new']}. Counts are 0 or more.")
    capped = pairs.with_columns(pl.col("age").clip(upper_bound=OLDEST_AGE))
    ages = [_age(part, seed=seed) for _, part in capped.sort("age", "state", "year").group_by("age", maintain_order=True)]
    found = tuple(entry for entry in ages if entry is not None)
    return Growth(kind=kind, ages=found, pairs=capped) if found else None


def growth(store: Store, kind: str = "os") -> Growth | None:
    """Estimate growth from what is stored; None where the state of 2021 is not, and ``NOT_ESTIMATED`` says what to import."""
    return growth_from(pairs_of(store, kind), kind=kind)


def told(found: Growth | None) -> tuple[str, dict[str, str]]:
    """Return the sentence that stands beside recent counts, and the numbers in it."""
    if found is None:
        return NOT_ESTIMATED, {}
    youngest = found.ages[0]
    numbers = {
        name: f"{100 * (value - 1):.0f}" for name, value in (("share", youngest.ratio), ("low", youngest.low), ("high", youngest.high))
    }
    return ESTIMATED, numbers | {"year": ", ".join(str(year) for year in youngest.years)}


def ratio_figure(store: Store, *, year: int, kind: str = "os") -> Figure | None:
    """Return the growth of one year as a number that opens to the rows of both releases; None where they are not stored."""
    found = _releases(store, kind)
    if found is None:
        return None
    start, end = date(year, 1, 1), date(year, 12, 31)
    old, new = (Query(table="observations", subject=series(kind), start=start, end=end, snapshot_id=snapshot.id) for snapshot in found)
    made = compute(store, label=LABEL, unit="times", formula="share", inputs=[new, old], period=str(year))
    if made.value is None:
        return made
    bounds = [
        compute(store, label=LABEL, unit="times", formula="share_by_state_quantile", inputs=[new, old], params={"q": q}, period=str(year))
        for q in INTERVAL
    ]
    return replace(made, low=bounds[0].value, high=bounds[1].value)


def grown(found: Growth, *, deaths: float, age: int, seed: int = 0) -> Grown:
    """Say what a year's (or twelve months') deaths counted so far are expected to become.

    An interval for one country is wide: most countries change little, and some many times over.
    """
    draws = found.draws(age=age, deaths=deaths, seed=seed)
    low, high = np.quantile(draws, INTERVAL)
    return Grown(observed_so_far=deaths, expected_final=float(draws.mean()), low=float(low), high=float(high))


def grown_months(found: Growth, months: pl.DataFrame, *, known: int, seed: int = 0) -> pl.DataFrame:
    """Add ``expected_final, low, high`` to rows of ``iso3, month, deaths``; ``known`` is the year the release is of.

    The months of a state's year share what becomes of that year, in proportion to their deaths; a year without any
    shares out evenly what may be added, as nobody knows its month. Months of a year share one interval's cause, so
    intervals must not be added up.
    """
    years = months.group_by("iso3", year=pl.col("month").dt.year(), maintain_order=True).agg(total=pl.col("deaths").sum(), n=pl.len())
    rows = [
        grown(found, deaths=row["total"], age=known - row["year"], seed=seed + place)
        for place, row in enumerate(years.iter_rows(named=True))
    ]
    spans = years.with_columns(
        expected_final=pl.Series([r.expected_final for r in rows], dtype=pl.Float64),
        low=pl.Series([r.low for r in rows], dtype=pl.Float64),
        high=pl.Series([r.high for r in rows], dtype=pl.Float64),
    )
    part = pl.when(pl.col("total") > 0).then(pl.col("deaths") / pl.col("total")).otherwise(1 / pl.max_horizontal("n", pl.lit(12)))
    joined = months.with_columns(year=pl.col("month").dt.year()).join(spans, on=["iso3", "year"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("expected_final", "low", "high") * part).drop("year", "total", "n")


def widen(forecast: pl.DataFrame, found: Growth, *, age: int = 1, seed: int = 0) -> pl.DataFrame:
    """Widen quantiles of forecast deaths (columns ``q0.05`` …) by how counts of that age grew; other columns stay as they were.

    What becomes of a country-year is drawn for the size of its median month times twelve. The median and the mean
    move up with it, since a forecast made from counts that still grow is too low.
    """
    names = [name for name in forecast.columns if name.startswith("q0")]
    levels = np.array([float(name[1:]) for name in names])
    even = (np.arange(200) + 0.5) / 200
    values = forecast.select(names).to_numpy()
    widened = np.empty_like(values)
    factors = {size: _factors(found, age=age, deaths=size, seed=seed) for size in (12.0, 60.0, 240.0)}
    for place, row in enumerate(values):
        factor = factors[_size(row[len(names) // 2] * 12)]
        widened[place] = np.quantile(np.outer(np.interp(even, levels, row), factor), levels)
    return forecast.with_columns(**{name: pl.Series(widened[:, place]) for place, name in enumerate(names)})


def _factors(found: Growth, *, age: int, deaths: float, seed: int) -> Matrix:
    factors: Matrix = found.draws(age=age, deaths=deaths, count=100, seed=seed) / deaths
    return factors


def _size(yearly: float) -> float:
    """A size in the middle of the class, for which factors were drawn."""
    return 12.0 if yearly < CLASSES[2] else 60.0 if yearly < CLASSES[3] else 240.0


def _releases(store: Store, kind: str) -> tuple[Snapshot, Snapshot] | None:
    if kind not in KINDS:
        raise StoreError(f"Growth is not estimated for {kind!r}. Give one of {', '.join(KINDS)}.")
    holding = store.holding("observations", series(kind))
    older = [snapshot for snapshot in holding if snapshot.source == OLDER]
    newer = [snapshot for snapshot in holding if snapshot.source != OLDER]
    if not (older and newer) or newer[-1].published <= older[-1].published:
        return None
    return older[-1], newer[-1]


def _no_pairs() -> pl.DataFrame:
    return pl.DataFrame(schema={"state": pl.String, "year": pl.Int64, "age": pl.Int64, "old": pl.Float64, "new": pl.Float64})


def _aged(rows: pl.DataFrame, *, year_known: int) -> pl.DataFrame:
    """Add the age, and every state seen in either release in every year, as no row is no death."""
    years = rows.select(pl.col("year").unique().sort())
    full = rows.select(pl.col("state").unique().sort()).join(years, how="cross")
    filled = full.join(rows, on=["state", "year"], how="left").with_columns(pl.col("old", "new").fill_null(0.0))
    age = pl.lit(year_known) - pl.col("year")
    return filled.select("state", pl.col("year").cast(pl.Int64), age.cast(pl.Int64).alias("age"), "old", "new")


def _age(part: pl.DataFrame, *, seed: int) -> AgeGrowth | None:
    old, new = float(part["old"].sum()), float(part["new"].sum())
    if old <= 0:
        return None
    by_state = (
        part.group_by("state", maintain_order=True).agg(pl.col("old", "new").sum()).filter(pl.col("old") + pl.col("new") > 0).sort("state")
    )
    ratios = growth_formulas.ratios_by_state(by_state["old"].to_numpy(), by_state["new"].to_numpy(), seed=seed)
    low, high = np.quantile(ratios, INTERVAL)
    years = tuple(int(year) for year in part["year"].unique().sort())
    age = int(part["age"][0])
    return AgeGrowth(age=age, years=years, old=old, new=new, ratio=new / old, low=float(low), high=float(high), states=by_state.height)


def _alike(pairs: pl.DataFrame, *, age: int, deaths: float) -> pl.DataFrame:
    """Country-years of the same size class whose age is nearest, as many ages as it takes to have enough."""
    place = int(np.searchsorted(CLASSES, deaths, side="right")) - 1
    above = pl.lit(value=True) if place + 1 == len(CLASSES) else pl.col("old") < CLASSES[place + 1]
    alike = pairs.filter((pl.col("old") >= CLASSES[place]) & above).with_columns(far=(pl.col("age") - age).abs())
    if alike.is_empty():
        raise StoreError("No past count is of that size, so its growth is not known.")
    far: Sequence[int] = sorted(alike["far"].unique().to_list())
    reach = next((limit for limit in far if alike.filter(pl.col("far") <= limit).height >= LEAST_PAIRS), far[-1])
    return alike.filter(pl.col("far") <= reach)


def _monthly(store: Store, snapshot: Snapshot, subject: str) -> pl.DataFrame:
    rows = store.read(Query(table="observations", subject=subject, snapshot_id=snapshot.id)).frame
    order = store.snapshots.index(snapshot)
    return rows.select("iso3", month=pl.col("start").dt.truncate("1mo"), deaths=pl.col("value"), order=pl.lit(order))


def _whole_years(monthly: pl.DataFrame) -> list[int]:
    """Years with deaths somewhere in the world in all twelve months."""
    counted = monthly.group_by(year=pl.col("month").dt.year()).agg(months=pl.col("month").dt.month().n_unique())
    return counted.filter(pl.col("months") == 12)["year"].to_list()


def _by_year(monthly: pl.DataFrame) -> pl.DataFrame:
    return monthly.group_by(state="iso3", year=pl.col("month").dt.year().cast(pl.Int64)).agg(pl.col("deaths").sum()).sort("state", "year")
