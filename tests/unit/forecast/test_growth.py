"""Growth of counts: recovered from generated pairs, wide where countries differ, absent without the older state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from deaths_release import write_real, write_release
from forefend.errors import StoreError
from forefend.forecast.growth import (
    NOT_ESTIMATED,
    OLDER,
    candidate_pairs,
    grown,
    grown_months,
    growth,
    growth_from,
    pairs_of,
    ratio_figure,
    told,
    widen,
)
from forefend.sources.registry import find_source
from forefend.store import Snapshot, Store, recompute

Release = Callable[..., Snapshot]


def generated(*, ratio: float = 1.3, age: int = 1, states: int = 80, seed: int = 1) -> pl.DataFrame:
    """Candidate-like pairs: final counts are drawn, and each death was seen early with the chance 1 / ratio."""
    random = np.random.default_rng(seed)
    new = random.negative_binomial(0.5, 0.004, states)
    old = random.binomial(new, 1 / ratio)
    return pl.DataFrame(
        {"state": [f"S{n:02}" for n in range(states)], "year": [2020] * states, "age": [age] * states, "old": old, "new": new},
        schema={"state": pl.String, "year": pl.Int64, "age": pl.Int64, "old": pl.Float64, "new": pl.Float64},
    )


def test_growth_is_recovered_from_generated_pairs() -> None:
    found = growth_from(pl.concat([generated(ratio=1.5, age=0), generated(ratio=1.1, age=1, seed=2)]))
    assert found is not None
    youngest, older = found.ages
    assert (youngest.age, older.age) == (0, 1)
    assert youngest.ratio == pytest.approx(1.5, rel=0.03)
    assert youngest.low < 1.5 < youngest.high
    assert older.ratio < youngest.low
    assert found.of_age(40) == older


def test_final_counts_of_generated_pairs_lie_in_their_interval() -> None:
    found = growth_from(generated(states=300))
    assert found is not None
    fresh = generated(states=300, seed=9)
    inside = [g.low <= new <= g.high for old, new in fresh.select("old", "new").iter_rows() for g in [grown(found, deaths=old, age=1)]]
    assert 0.85 <= np.mean(inside) <= 0.99


def test_no_state_has_a_constant_of_its_own() -> None:
    pairs = generated()
    renamed = pairs.with_columns(state=pl.col("state").reverse())
    one, other = growth_from(pairs), growth_from(renamed)
    assert one is not None
    assert other is not None
    assert one.ages[0].ratio == other.ages[0].ratio
    assert np.array_equal(one.draws(age=1, deaths=60), growth_from(pairs).draws(age=1, deaths=60))  # type: ignore[union-attr]


def test_what_cannot_be_is_refused_and_nothing_is_nothing() -> None:
    assert growth_from(generated().with_columns(old=pl.lit(0.0))) is None
    with pytest.raises(StoreError, match=r"S00 in 2020 are -1.0 and .* Counts are 0 or more"):
        growth_from(generated().with_columns(old=pl.lit(-1.0)))


def test_without_the_older_state_nothing_is_estimated(store: Store, release: Release) -> None:
    release([("MLI", "os", "2020-01", 10)])
    assert growth(store) is None
    assert ratio_figure(store, year=2020) is None
    assert told(None) == (NOT_ESTIMATED, {})
    assert "forefend sources import ucdp_ged_2021" in NOT_ESTIMATED
    with pytest.raises(StoreError, match="Growth is not estimated for 'civilians'"):
        growth(store, "civilians")


def test_months_keep_what_was_observed_apart_from_what_is_expected() -> None:
    found = growth_from(generated(ratio=2.0))
    assert found is not None
    months = pl.DataFrame({"iso3": ["MLI", "MLI", "FRA"], "month": [date(2024, m, 1) for m in (11, 12, 12)], "deaths": [90.0, 30.0, 0.0]})
    rows = grown_months(found, months, known=2025)
    assert rows["deaths"].to_list() == [90.0, 30.0, 0.0]
    big, small, none = rows.iter_rows(named=True)
    assert big["expected_final"] == pytest.approx(3 * small["expected_final"])
    assert big["expected_final"] == pytest.approx(180, rel=0.15)
    assert big["low"] < big["expected_final"] < big["high"]
    assert none["low"] == 0


def test_forecasts_are_widened_upwards_and_stay_in_order() -> None:
    found = growth_from(generated(ratio=1.5))
    assert found is not None
    forecast = pl.DataFrame({"iso3": ["MLI", "FRA"], "q0.05": [4.0, 0.0], "q0.5": [20.0, 0.0], "q0.95": [90.0, 0.0]})
    rows = widen(forecast, found).select("q0.05", "q0.5", "q0.95").to_numpy()
    assert rows[1].tolist() == [0.0, 0.0, 0.0]
    assert (np.diff(rows[0]) > 0).all()
    assert rows[0][1] > 25
    assert rows[0][2] - rows[0][0] > 86


def test_preliminary_figures_are_compared_by_whole_years(store: Store, release: Release) -> None:
    assert candidate_pairs(store).is_empty()
    _candidate(store, [("MLI", f"2024-{m:02}", 1.0) for m in range(1, 13)] + [("NER", "2025-01", 5.0)])
    release([("MLI", "os", f"2024-{m:02}", 3.0) for m in range(1, 13)] + [("NER", "os", "2024-03", 7.0)], published=date(2026, 6, 10))
    assert candidate_pairs(store).rows() == [("MLI", 2024, 0, 12.0, 36.0), ("NER", 2024, 0, 0.0, 7.0)]
    found = growth_from(candidate_pairs(store))
    assert found is not None
    assert found.ages[0].ratio == pytest.approx(43 / 12)


def _candidate(store: Store, rows: list[tuple[str, str, float]]) -> None:
    write_release(
        store,
        store.root.parent / "candidate.csv",
        [(iso3, "candidate_os", month, deaths) for iso3, month, deaths in rows],
        vintage="26.0.1",
        published=date(2026, 2, 1),
    )
    store.refresh()


@pytest.fixture(scope="module")
def pair(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with UCDP's counts as of mid-2021 and as of 26.1."""
    from deaths_release import _write

    store = Store(tmp_path_factory.mktemp("pair") / "store")
    write_real(store, data)
    names = ("views_ged_cm_postpatch.parquet", "views_country.parquet", "views_month.parquet")
    files: dict[str, Any] = {name: data / "ucdp" / name for name in names}
    tables = find_source(OLDER).read(files).tables
    _write(store, files[names[0]], tables, source=OLDER, vintage="2021-07", published=date(2021, 7, 31))
    return store


def test_one_sided_deaths_of_2020_rose_by_a_third(pair: Store) -> None:
    assert pairs_of(pair)["year"].max() == 2020
    found = growth(pair)
    assert found is not None
    assert found.ages[0].years == (2020,)
    assert found.ages[0].ratio == pytest.approx(1.306, abs=0.001)
    assert found.of_age(3).ratio == pytest.approx(1.128, abs=0.001)
    assert found.ages[0].low < 1 < found.ages[0].high
    sentence, numbers = told(found)
    assert (sentence % numbers).startswith("Counts a year old grew by 31 % in five years (90 % interval -9 to 94 %")


def test_the_ratio_opens_to_the_rows_of_both_releases(pair: Store) -> None:
    figure, found = ratio_figure(pair, year=2020), growth(pair)
    assert figure is not None
    assert found is not None
    assert recompute(pair, figure) == figure.value == pytest.approx(found.ages[0].ratio)
    assert len(figure.snapshots) == 2
    assert OLDER in {snapshot.source for snapshot in figure.snapshots}
    assert figure.low == pytest.approx(found.ages[0].low, rel=0.01)
