"""Scores of issues as figures: the same as the ledger's own, computed again from the record, beside plain counting."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from deaths_release import Row
from forefend.forecast import growth
from forefend.forecast.growing import growing
from forefend.forecast.ledger import Issue, issue
from forefend.forecast.ledger_scores import FINAL, PENDING, PROVISIONAL, scores
from forefend.forecast.record import inside, record
from forefend.store import Figure, Snapshot, Store, recompute

Release = Callable[..., Snapshot]
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
ROWS: list[Row] = [
    ("MLI", "os", "2019-07", 40.0), ("MLI", "os", "2019-12", 20.0), ("NER", "os", "2019-12", 3.0),
    ("MLI", "os", "2020-01", 30.0), ("NER", "os", "2020-02", 90.0), ("SDN", "sb", "2024-12", 1.0), ("SDN", "ns", "2024-12", 1.0),
    ("MLI", "os", "2023-05", 1200.0),
]  # fmt: skip


def monthly(*, deaths: float = 12.0) -> pl.DataFrame:
    rows = [(iso3, date(2019, 12, 1), date(2020, n, 1), n) for iso3 in ("MLI", "NER") for n in (1, 2)]
    made = pl.DataFrame(rows, schema={"iso3": pl.String, "origin": pl.Date, "month": pl.Date, "horizon": pl.Int64}, orient="row")
    quantiles = {f"q{q}": pl.lit(deaths * factor) for q, factor in ((0.05, 0.0), (0.25, 0.5), (0.5, 1.0), (0.75, 1.5), (0.95, 3.0))}
    return made.with_columns(target=pl.lit("os"), p_ge_25=pl.lit(0.3), **quantiles)


def append(store: Store, table: pl.DataFrame, *, period: Any, target: str) -> Issue:
    return issue(
        store,
        table,
        target=target,
        period=period,
        model="made",
        as_of=date(2019, 12, 31),
        issued_at=NOW,
        snapshots=(),
        seed=1,
        is_hindsight=True,
    )


def same(figure: Figure, store: Store) -> None:
    again = Figure.from_dict(json.loads(json.dumps(figure.to_dict(), default=str)), store=store)
    assert recompute(store, again) == figure.value


def test_monthly_scores_are_the_ledgers_and_open(store: Store, release: Release) -> None:
    release(ROWS)
    entry = append(store, monthly(), period="month", target="os")
    (one,) = record(store)
    expected = scores(store).row(0, named=True)
    assert (one.entry, one.outcomes, one.rows, one.waiting) == (entry, FINAL, 4, 0)
    for name, figure in one.scores.items():
        assert figure.value == pytest.approx(expected[name], abs=1e-12)
        same(figure, store)
    for figure in one.plain.values():
        assert figure.value is not None
        same(figure, store)
    came, chance = np.array([30.0, 0.0, 0.0, 90.0]) >= 25, np.array([1 / 12, 1 / 12, 0.0, 0.0])
    assert one.plain["brier_25"].value == pytest.approx(((chance - came) ** 2).mean())


def test_yearly_scores_are_the_ledgers_and_open(store: Store, release: Release) -> None:
    release(ROWS)
    table = pl.DataFrame({"iso3": ["MLI", "NER", "SDN"], "base_year": [2021] * 3, "probability": [0.4, 0.1, None]})
    append(store, table, period="year", target="ucdp")
    (one,) = record(store)
    expected = scores(store).row(0, named=True)
    assert expected["brier"] == pytest.approx((0.6**2 + 0.1**2) / 2)
    for name, figure in one.scores.items():
        assert figure.value == pytest.approx(expected[name], abs=1e-12)
        same(figure, store)
    for figure in one.plain.values():
        same(figure, store)


def test_what_has_not_come_is_pending(store: Store, release: Release) -> None:
    release([row for row in ROWS if row[2] < "2020"])
    append(store, monthly(), period="month", target="os")
    (one,) = record(store)
    assert (one.outcomes, one.scores, one.waiting) == (PENDING, {}, 4)


def test_provisional_outcomes_stand_apart(store: Store, release: Release, tmp_path: Path) -> None:
    release([row for row in ROWS if row[2] < "2020"] + [("NGA", "sb", "2020-01", 2.0)])
    append(store, monthly(), period="month", target="os")
    from deaths_release import _write
    from forefend.store.tables import OBSERVATIONS

    file = tmp_path / "draft.csv"
    file.write_text("draft")
    draft = pl.DataFrame(
        {
            "iso3": ["NER"],
            "indicator": ["ucdp_candidate_os_deaths"],
            "start": [date(2020, 2, 1)],
            "end": [date(2020, 2, 29)],
            "value": [7.0],
            "row": [1],
        }
    )
    assert set(draft.columns) <= set(OBSERVATIONS)
    _write(store, file, {"observations": draft}, source="draft", vintage="20.0.2", published=date(2026, 6, 11))
    found = {one.outcomes: one for one in record(store)}
    assert set(found) == {FINAL, PROVISIONAL}
    assert (found[FINAL].first, found[PROVISIONAL].first) == (date(2020, 1, 1), date(2020, 2, 1))
    for one in found.values():
        for figure in one.scores.values():
            same(figure, store)


def test_months_inside_the_band_are_counted_by_state(store: Store, release: Release) -> None:
    release(ROWS)
    entry = append(store, monthly(), period="month", target="os")
    made = inside(store, entry, "NER")
    assert made is not None
    assert (made[0].value, made[1]) == (1.0, 2)
    same(made[0], store)
    assert inside(store, entry, "FRA") is None


def test_an_empty_ledger_has_no_record(store: Store) -> None:
    assert record(store) == ()


def test_expected_final_deaths_are_those_of_growth(store: Store, tmp_path: Path) -> None:
    """The figure computes from rows what the estimate computes from releases."""
    from deaths_release import _write

    chance = np.random.default_rng(2)
    states = ("MLI", "NER", "NGA", "SDN", "ETH", "COD", "MMR")
    years = [(iso3, year, float(chance.integers(1, 300))) for iso3 in states for year in range(2010, 2021)]

    def table(factor: float, last: list[tuple[str, int, float]]) -> pl.DataFrame:
        rows = [*((iso3, year, deaths * (factor if year > 2015 else 1.0)) for iso3, year, deaths in years), *last]
        return pl.DataFrame(
            {
                "iso3": [row[0] for row in rows],
                "indicator": ["ucdp_os_deaths"] * len(rows),
                "start": [date(row[1], 12, 1) for row in rows],
                "end": [date(row[1], 12, 31) for row in rows],
                "value": [row[2] for row in rows],
                "row": range(1, len(rows) + 1),
            }
        )

    for source, factor, published, last in (
        (growth.OLDER, 1.0, date(2021, 6, 1), []),
        ("made", 1.3, date(2025, 6, 1), [("MLI", 2024, 100.0)]),
    ):
        file = tmp_path / f"{source}.csv"
        file.write_text(source)
        _write(store, file, {"observations": table(factor, last)}, source=source, vintage="1", published=published)
    found = growth.growth(store)
    made = growing(store, "MLI", year=2024)
    assert found is not None
    assert made is not None
    expected = growth.grown(found, deaths=100.0, age=1)
    assert (made.expected.value, made.expected.low, made.expected.high) == (expected.expected_final, expected.low, expected.high)
    assert expected.expected_final > 100
    same(made.expected, store)


def test_without_the_release_of_2021_nothing_is_expected(store: Store, release: Release) -> None:
    release(ROWS)
    assert growing(store, "MLI", year=2024) is None
