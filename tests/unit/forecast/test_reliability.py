"""Chances set beside shares that came."""

from __future__ import annotations

import numpy as np
import pytest

from forefend.forecast.reliability import EDGES, RELIABILITY_COLUMNS, as_table, reliability
from forefend.forecast.resample import countries

STATES = np.array([f"S{number % 50}" for number in range(5000)])


def test_a_reliable_forecast_lies_in_its_intervals() -> None:
    chance = np.random.default_rng(1).uniform(0, 1, 5000) ** 3
    happened = np.random.default_rng(2).random(5000) < chance
    table = as_table(reliability("t", "e", {"m": chance}, happened, groups=countries(STATES), overlap=1))
    assert table.columns == list(RELIABILITY_COLUMNS)
    assert table["cases"].sum() == 5000
    assert table["came"].sum() == happened.sum()
    inside = ((table["forecast"] >= table["low"]) & (table["forecast"] <= table["high"])).to_list()
    assert sum(inside) >= len(inside) - 1
    assert ((table["forecast"] >= table["from"]) & (table["forecast"] <= table["to"])).all()


def test_chances_twice_too_high_lie_outside() -> None:
    happened = np.random.default_rng(2).random(5000) < 0.15
    (row,) = reliability("t", "e", {"m": np.full(5000, 0.3)}, happened, groups=countries(STATES), overlap=1)
    assert row["high"] < 0.3
    assert row["observed"] == pytest.approx(happened.mean())


def test_where_nothing_came_the_interval_still_has_a_width() -> None:
    (row,) = reliability("t", "e", {"m": np.zeros(400)}, np.zeros(400, dtype=bool), groups=countries(STATES[:400]), overlap=2)
    assert (row["observed"], row["low"]) == (0.0, 0.0)
    assert 0.005 < row["high"] < 0.03


def test_a_chance_of_one_is_in_the_last_bin_and_bins_without_cases_are_not_told() -> None:
    rows = reliability("t", "e", {"m": np.array([1.0, 0.0])}, np.array([True, False]), groups=countries(np.array(["A", "B"])), overlap=1)
    assert [(row["from"], row["to"]) for row in rows] == [EDGES[:2], EDGES[-2:]]
    assert as_table([]).width == 0
