"""Figures: computed once, named for ever, computed again to the same value."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from forefend.errors import StoreError
from forefend.store import Figure, Query, Snapshot, Store, compute, missing_figure, observations, recompute
from forefend.store.formulas import FORMULAS, NothingToCompute, run

Add = Callable[..., Snapshot]


def deaths(store: Store, iso3: str = "SDN", *, formula: str = "total", as_of: date | None = None) -> Figure:
    return compute(store, label=f"Deaths, {iso3}", unit="deaths", formula=formula, inputs=[observations("deaths", iso3=iso3)], as_of=as_of)


@pytest.fixture
def filled(store: Store, add: Add) -> Store:
    rows = (("SDN", "deaths", 2022, 10.0), ("SDN", "deaths", 2023, 32.0), ("GHA", "deaths", 2022, 2.0), ("FRA", "deaths", 2022, None))
    add("1", date(2024, 6, 1), observations=[*rows])
    return store


def test_value_carries_how_it_was_made(filled: Store) -> None:
    figure = deaths(filled)
    assert figure.value == 42.0
    assert [s.vintage for s in figure.snapshots] == ["1"]
    assert figure.to_dict()["licences"] == ["CC BY 4.0"]
    (query,) = figure.inputs
    assert isinstance(query, Query)
    assert query.snapshot_id == figure.snapshots[0].id
    assert recompute(filled, figure) == 42.0


def test_later_release_changes_neither_value_nor_name(filled: Store, add: Add) -> None:
    before = deaths(filled)
    add("2", date(2025, 6, 1), observations=[("SDN", "deaths", 2022, 1000.0)])
    after = deaths(filled)
    assert after.value == 1000.0
    assert recompute(filled, before) == 42.0
    assert before.id != after.id
    assert deaths(filled, as_of=date(2024, 12, 31)).value == 42.0


def test_name_is_the_same_in_every_process(filled: Store) -> None:
    assert deaths(filled).id == deaths(Store(filled.root)).id
    assert deaths(filled).id != deaths(filled, "GHA").id


def test_as_of_is_part_of_the_record(filled: Store) -> None:
    """The figure recomputes to what was known then, although the snapshot holds more."""
    figure = deaths(filled, as_of=date(2023, 6, 30))
    assert figure.value == 10.0
    assert figure.is_revised
    assert recompute(filled, figure) == 10.0
    assert figure.id != deaths(filled).id


def test_figures_of_figures(filled: Store) -> None:
    parts = [deaths(filled), deaths(filled, "GHA")]
    figure = compute(filled, label="How many times", unit="times", formula="ratio", inputs=parts)
    assert figure.value == 21.0
    assert recompute(filled, figure) == 21.0
    assert len(figure.snapshots) == 1


def test_several_snapshots_recompute(filled: Store, add: Add) -> None:
    add("1", date(2025, 1, 1), source="other", observations=[("SDN", "displaced", 2023, 8.0)])
    figure = compute(filled, label="Both", unit="people", formula="total", inputs=[observations(("deaths", "displaced"), iso3="SDN")])
    assert figure.value == 50.0
    assert len(figure.snapshots) == 2
    assert recompute(filled, figure) == 50.0


def test_record_goes_through_json(filled: Store) -> None:
    figure = compute(filled, label="Ratio", unit="times", formula="ratio", inputs=[deaths(filled), deaths(filled, "GHA")])
    again = Figure.from_dict(json.loads(json.dumps(figure.to_dict())), store=filled)
    assert again == figure
    assert again.id == figure.id
    assert recompute(filled, again) == figure.value


def test_missing_source_is_said_with_its_name(filled: Store) -> None:
    figure = compute(filled, label="x", unit="", formula="total", inputs=[observations("nothing")])
    assert figure.value is None
    assert figure.missing == "not loaded: fetch nothing"
    assert recompute(filled, figure) is None
    onward = compute(filled, label="y", unit="", formula="ratio", inputs=[figure, deaths(filled)])
    assert onward.missing == figure.missing
    assert Figure.from_dict(json.loads(json.dumps(figure.to_dict())), store=filled).id == figure.id


@pytest.mark.parametrize("formula", ["single", "mean", "highest"])
def test_no_rows_is_not_monitored_never_zero(filled: Store, formula: str) -> None:
    for iso3 in ("TUV", "FRA"):
        figure = deaths(filled, iso3, formula=formula)
        assert figure.value is None
        assert figure.missing == "not monitored"
    assert deaths(filled, "TUV", formula=formula).id != deaths(filled, "FRA", formula=formula).id


def test_own_value_missing_has_no_percentile(filled: Store) -> None:
    asked = observations("deaths", start=date(2022, 1, 1), end=date(2022, 12, 31))

    def rank(iso3: str) -> Figure:
        return compute(filled, label=iso3, unit="", formula="percentile", inputs=[asked], params={"iso3": iso3, "worse": "high"})

    assert rank("SDN").value == 100.0
    assert rank("GHA").value == 0.0
    assert rank("FRA").missing == "not monitored"


def test_division_by_zero_is_not_a_number(filled: Store) -> None:
    figure = compute(filled, label="x", unit="", formula="ratio", inputs=[deaths(filled), deaths(filled, "TUV")])
    assert figure.value is None
    assert figure.missing == "not defined: division by 0"


def test_altered_record_is_refused(filled: Store) -> None:
    record = compute(filled, label="x", unit="", formula="ratio", inputs=[deaths(filled), deaths(filled, "GHA")]).to_dict()
    record["inputs"][0]["figure"]["value"] = None
    with pytest.raises(StoreError, match="record was altered"):
        recompute(filled, Figure.from_dict(record, store=filled))


def test_more_rows_than_one_is_a_mistake_in_code(filled: Store) -> None:
    with pytest.raises(ValueError, match="needs one row, got 2"):
        deaths(filled, formula="single")


def test_formulas_explain_themselves() -> None:
    assert all(formula.sentence and formula.name == name for name, formula in FORMULAS.items())


def test_arithmetic() -> None:
    def frame(*numbers: float) -> pl.DataFrame:
        return pl.DataFrame({"value": numbers}, schema={"value": pl.Float64})

    assert run("difference", [frame(5), frame(3)], {}) == 2
    assert run("share", [frame(1, 2), frame(4, 2)], {}) == 0.5
    assert run("count", [frame(1, 2)], {}) == 2
    assert run("window_mean", [frame(6)], {"months": 12}) == 0.5
    assert run("window_chance", [frame(30, 1)], {"months": 4, "at_least": 25}) == 0.25
    assert run("window_quantile", [frame(10)], {"months": 3, "q": 0.75}) == 5
    assert run("line_score", [frame(75)], {"zero": 50, "four": 100}) == 2
    assert run("step_score", [frame(0.5)], {"thresholds": [(0.2, 1), (0.4, 2), (0.8, 4)]}) == 2
    assert run("step_score", [frame(9)], {"thresholds": [(10, 1), (5, 3)], "higher_is_better": False}) == 1
    assert run("step_score", [frame(1)], {"thresholds": [], "higher_is_better": False, "silent_from": 0}) == 0
    with pytest.raises(NothingToCompute):
        run("step_score", [frame(0)], {"thresholds": [], "higher_is_better": False, "silent_from": 0})
    with pytest.raises(NothingToCompute):
        run("total", [frame(float("inf"))], {})


def test_missing_figure_has_no_value() -> None:
    figure = missing_figure(label="x", unit="deaths", reason="outside coverage")
    assert (figure.value, figure.missing) == (None, "outside coverage")
