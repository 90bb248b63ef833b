"""The outlook by the pool: contract columns, nothing later than asked, and plain words on what stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from forefend.errors import ForecastError
from forefend.forecast import known
from forefend.forecast.pooled import annual_outlook, escalation_outlook, monthly_outlook
from forefend.forecast.tables import ANNUAL_COLUMNS, ESCALATION_COLUMNS, MONTHLY_COLUMNS
from forefend.store import Snapshot, Store

Release = Callable[..., Snapshot]
AS_OF = date(1996, 6, 30)


def deaths() -> list[tuple[str, str, str, float]]:
    """Deaths in every other month of four states, and onsets in three."""
    rows = [
        (iso3, "os", f"{year}-{month:02}", 40.0 + year % 7)
        for iso3 in ("SDN", "MLI", "COD", "IRQ")
        for year in range(1989, 1997)
        for month in range(1, 13, 2)
        if (year, month) <= (1996, 6)
    ]
    rows += [(iso3, "os", year, 1500.0) for iso3, year in (("SDN", "1992-05"), ("COD", "1993-03"), ("IRQ", "1993-09"))]
    return rows + [("MLI", kind, "1996-06", 1.0) for kind in ("os", "sb", "ns")]


def test_the_pool_sees_nothing_planted_after_the_day_asked_for(store: Store, release: Release) -> None:
    release(deaths())
    before = monthly_outlook(store, as_of=AS_OF), annual_outlook(store, as_of=AS_OF)
    future = [(iso3, kind, month, 90_000.0) for iso3 in ("SDN", "FRA") for kind in ("os", "sb", "ns") for month in ("1996-07", "1999-01")]
    release(deaths() + future, vintage="27.1", published=date(2027, 6, 1))
    release(deaths() + future, vintage="26.0", published=date(2026, 6, 1))
    after = monthly_outlook(store, as_of=AS_OF), annual_outlook(store, as_of=AS_OF)
    assert store.snapshots[0].vintage == "26.0", "the only releases hold the future"
    for one, other in zip(before, after, strict=True):
        assert one.table.equals(other.table)
        assert one.model == other.model == "pool"
    assert tuple(before[0].table.columns) == MONTHLY_COLUMNS
    assert tuple(before[1].table.columns) == ANNUAL_COLUMNS
    assert before[0].table["origin"].max() == date(1996, 6, 1)
    assert before[1].table["base_year"].unique().to_list() == [1995]
    forecast = before[1].table.filter(status="forecast")
    assert forecast.select((pl.col("lower") <= pl.col("probability")) & (pl.col("probability") <= pl.col("upper"))).to_series().all()


def test_an_escalation_is_a_chance_of_three_months_beside_those_before(store: Store, release: Release) -> None:
    release(deaths())
    found = escalation_outlook(store, as_of=AS_OF)
    assert tuple(found.table.columns) == ESCALATION_COLUMNS
    assert found.model == "pool"
    of = {row["iso3"]: row for row in found.table.to_dicts()}
    assert (of["MLI"]["status"], of["FRA"]["status"]) == ("under way", "calm")
    assert of["MLI"]["deaths_before"] == 42  # of May; June is among the rows with 1
    assert of["FRA"]["probability"] < 0.05 < of["MLI"]["probability"] <= 1
    plain = escalation_outlook(store, as_of=AS_OF, model="conflictology")
    monthly = monthly_outlook(store, as_of=AS_OF, horizon=3, model="conflictology")
    assert monthly.draws is not None
    assert plain.table["probability"].to_list() == (monthly.draws.sum(axis=1) >= 25).mean(axis=1).tolist()


def test_without_scikit_learn_a_simple_model_stands_in_and_is_named(real: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "can_learn", lambda: False)
    monthly, annual = monthly_outlook(real), annual_outlook(real)
    assert (monthly.model, annual.model) == ("conflictology", "reference_class")
    assert "pip install 'forefend[ml]'" in monthly.notes[0]
    assert annual.table.filter(iso3="SDN")["status"].item() == "under way"


def test_a_source_that_stopped_is_said(real: Store) -> None:
    found = monthly_outlook(real, model="conflictology", today=date(2028, 1, 1))
    assert found.notes == ("The newest month is 2024-12, 37 months ago: what happened since is in no interval.",)
    assert monthly_outlook(real, model="conflictology", today=date(2026, 1, 1)).notes == ()


def test_what_cannot_be_forecast_is_refused(real: Store) -> None:
    with pytest.raises(ForecastError, match="sources import ewp_panel"):
        annual_outlook(real, "ewp")
    with pytest.raises(ForecastError, match="There is no model 'magic'"):
        monthly_outlook(real, model="magic")
    with pytest.raises(ForecastError, match="not forecast"):
        monthly_outlook(real, horizon=99)
