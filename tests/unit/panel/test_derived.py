"""A series derived from two others: the newest year of both, the formula by hand, and the reason where one is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from forefend.catalog import load_catalog
from forefend.panel.values import in_year, latest
from forefend.store import Store, recompute
from forefend.store.formulas import run
from forefend.store.opening import EMBEDDED

TODAY = date(2026, 11, 24)
CATALOG = load_catalog()
DERIVED = [series for series in CATALOG.data_indicators.values() if series.formula]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"), embedded=EMBEDDED)


def test_per_thousand_is_a_thousand_times_the_ratio() -> None:
    frames = [pl.DataFrame({"value": [value]}) for value in (700_000.0, 11_500_000.0)]
    assert run("per_thousand", frames, {}) == pytest.approx(60.869565)


@pytest.mark.parametrize("name", ["derived_refugees_per_thousand", "derived_stateless_per_thousand"])
def test_both_inputs_are_of_the_same_year_and_the_figure_names_both(store: Store, name: str) -> None:
    figure = latest(store, CATALOG, name, iso3="JOR" if "refugees" in name else "CIV", today=TODAY)
    declared = CATALOG.data_indicators[name]
    some, people = (
        in_year(store, CATALOG.data_indicators[one], iso3="JOR" if "refugees" in name else "CIV", year=int(figure.period))
        for one in declared.inputs
    )
    assert some.value
    assert people.value
    assert figure.value == pytest.approx(1000 * some.value / people.value)
    assert {snapshot.source for snapshot in figure.snapshots} == {"unhcr", "worldbank_wdi"}
    assert recompute(store, figure) == figure.value


def test_what_one_input_lacks_the_whole_lacks(store: Store, tmp_path: Path) -> None:
    series = "derived_refugees_per_thousand"
    assert latest(Store(tmp_path / "empty"), CATALOG, series, iso3="JOR", today=TODAY).missing.startswith("not loaded: fetch unhcr")
    assert latest(store, CATALOG, series, iso3="JOR", today=date(2040, 1, 1)).missing == "too old"


def test_a_derived_series_is_of_the_source_of_its_first_input() -> None:
    assert DERIVED
    for series in DERIVED:
        assert series.source == CATALOG.data_indicators[series.inputs[0]].source
        assert not any(CATALOG.data_indicators[one].formula for one in series.inputs)
