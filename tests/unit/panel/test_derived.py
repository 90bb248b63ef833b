"""A series derived from others or from its own past: the years used, the formula by hand, and the reason where one is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from deaths_release import write_release
from forefend.catalog import load_catalog
from forefend.panel.values import before, in_year, latest, percentile
from forefend.places import universe
from forefend.store import Store, recompute
from forefend.store.formulas import NothingToCompute, run
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


def test_a_change_is_the_newest_year_less_the_one_before(store: Store) -> None:
    name = "derived_os_deaths_change"
    figure = latest(store, CATALOG, name, iso3="SDN", today=TODAY)
    deaths = CATALOG.data_indicators["ucdp_os_deaths"]
    year = int(figure.period)
    now, then, earlier = (in_year(store, deaths, iso3="SDN", year=year - back).value or 0.0 for back in range(3))
    assert now != then
    assert figure.value == now - then
    assert before(store, CATALOG, name, iso3="SDN", today=TODAY).value == then - earlier
    assert recompute(store, figure) == figure.value


def test_a_change_is_ranked_among_the_changes_of_all_states(store: Store) -> None:
    name = "derived_os_deaths_change"
    figure = percentile(store, CATALOG, name, iso3="SDN", today=TODAY)
    changes = {
        iso3: latest(store, CATALOG, name, iso3=iso3, today=TODAY).value or 0.0 for iso3 in universe(CATALOG.data_indicators[name].universe)
    }
    others = [value for iso3, value in changes.items() if iso3 != "SDN"]
    less_bad = sum(value < changes["SDN"] for value in others) + 0.5 * sum(value == changes["SDN"] for value in others)
    assert figure.value == pytest.approx(100 * less_bad / len(others))
    assert recompute(store, figure) == figure.value
    assert percentile(store, CATALOG, name, iso3="VAT", today=TODAY).missing == "outside coverage"


def test_a_state_without_one_of_the_years_has_no_place() -> None:
    now = pl.DataFrame({"iso3": ["AAA", "BBB", "CCC"], "value": [5.0, 1.0, 2.0]})
    then = pl.DataFrame({"iso3": ["AAA", "BBB"], "value": [1.0, 1.0]})
    assert run("derived_percentile", [now, then], {"by": "difference", "iso3": "AAA", "worse": "high"}) == 100
    with pytest.raises(NothingToCompute):
        run("derived_percentile", [now, then], {"by": "difference", "iso3": "CCC", "worse": "high"})


def test_shares_by_month_are_averaged_over_the_year_and_ranked_by_it(tmp_path: Path) -> None:
    made = Store(tmp_path / "store")
    rows = [("GHA", "os", "2025-01", 10), ("GHA", "os", "2025-02", 30), ("TGO", "os", "2025-12", 25)]
    write_release(made, tmp_path / "made.csv", rows)
    summed = CATALOG.data_indicators["ucdp_os_deaths"]
    shared = summed.model_copy(update={"of_months": "mean", "universe": ""})
    catalog = CATALOG.model_copy(update={"data_indicators": {**CATALOG.data_indicators, shared.id: shared}})
    assert (in_year(made, summed, iso3="GHA", year=2025).value, in_year(made, shared, iso3="GHA", year=2025).value) == (40, 20)
    assert percentile(made, CATALOG, summed.id, iso3="GHA", today=TODAY).value == 100
    averaged = percentile(made, catalog, summed.id, iso3="TGO", today=TODAY)
    assert averaged.value == 100
    assert recompute(made, averaged) == 100


def test_a_derived_series_is_of_the_source_of_its_first_input() -> None:
    assert DERIVED
    for series in DERIVED:
        assert series.source == CATALOG.data_indicators[series.inputs[0]].source
        assert not any(CATALOG.data_indicators[one].formula for one in series.inputs)
