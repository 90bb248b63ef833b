"""Explanations add up exactly, agree with their definition, and stay with the issue they were made for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from deaths_release import write_release
from forefend.errors import StoreError
from forefend.forecast.explain import monthly, trees, yearly
from forefend.forecast.explain.analogues import analogues
from forefend.forecast.explain.files import ANALOGUES, EXPLAINED, EXPLANATIONS, PAST, TOTALS, files_beside
from forefend.forecast.history import History
from forefend.forecast.issuing import issue_forecast
from forefend.forecast.ledger import Issue, beside, issues, verify
from forefend.forecast.models import find_model
from forefend.forecast.pooled import monthly_outlook
from forefend.forecast.recalibrate import Calibration
from forefend.forecast.ridge import log_odds
from forefend.forecast.year_panel import YearPanel, from_history
from forefend.store import Figure, IssuedRows, Store, compute, recompute

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
STATES = ("BFA", "ETH", "GHA", "KEN", "MLI", "MMR", "NER", "NGA", "SDN", "TCD", "UGA", "ZAF")
MEMBERS = ("logit", "thresholds", "boosted_trees", "extra_trees", "reference_class", "persistence")


def made_deaths(*, years: int = 30) -> np.ndarray:
    """Deaths by state and month: most states calm, some smouldering, with bursts over 1,000 in a year now and then."""
    chance = np.random.default_rng(3)
    level = chance.gamma(0.4, 2.0, (len(STATES), 1)) * np.exp(0.8 * chance.standard_normal((len(STATES), years)))
    burst = np.where(chance.random((len(STATES), years)) < 0.12, 120.0, 0.0)
    return np.floor(np.repeat(level + burst, 12, axis=1) * chance.gamma(1.0, 1.0, (len(STATES), years * 12)))


def made_history(*, years: int = 30) -> History:
    deaths = made_deaths(years=years)
    beside = {"sb": np.roll(deaths, 5, axis=1), "ns": np.roll(deaths, 40, axis=0)}
    return History(target="os", iso3s=STATES, first=date(2025 - years, 1, 1), deaths=deaths, beside=beside)


@pytest.fixture(scope="module")
def panel() -> YearPanel:
    return from_history(made_history())


@pytest.fixture
def stored(store: Store, tmp_path: Path) -> Store:
    deaths = made_deaths()
    rows = [
        (iso3, "os", f"{1995 + column // 12}-{column % 12 + 1:02d}", float(deaths[row, column]))
        for row, iso3 in enumerate(STATES)
        for column in range(deaths.shape[1])
        if deaths[row, column]
    ]
    write_release(store, tmp_path / "made.csv", [*rows, ("SDN", "sb", "2024-12", 3.0), ("SDN", "ns", "2024-12", 1.0)])
    return store


def by_orders(value: Callable[[np.ndarray], float], now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Shapley values by their definition: what each predictor adds, over all orders of exchange."""
    found = np.zeros(now.size)
    orders = list(permutations(range(now.size)))
    for order in orders:
        point, last = before.copy(), value(before)
        for place in order:
            point[place] = now[place]
            found[place] += value(point) - last
            last = value(point)
    return found / len(orders)


@pytest.mark.parametrize("kind", ["HistGradientBoostingClassifier", "ExtraTreesClassifier"])
def test_shares_of_trees_are_shapley_values(kind: str) -> None:
    ensembles = pytest.importorskip("sklearn.ensemble")
    chance = np.random.default_rng(1)
    inputs = chance.normal(size=(400, 4)).astype(np.float32).astype(float)
    outcome = inputs[:, 0] + inputs[:, 1] * inputs[:, 2] > 0.3
    if kind.startswith("Hist"):
        inputs[chance.random(inputs.shape) < 0.1] = np.nan
        model = ensembles.HistGradientBoostingClassifier(max_iter=20, max_depth=3, early_stopping=False).fit(inputs, outcome)
        leaves = trees.boosted_leaves(model)
        whole = model.decision_function(inputs) - float(np.ravel(model._baseline_prediction)[0])
    else:
        model = ensembles.ExtraTreesClassifier(n_estimators=10, random_state=0).fit(inputs, outcome)
        leaves = trees.forest_leaves(model)
        whole = model.predict_proba(inputs)[:, 1]
    assert np.allclose(trees.total(leaves, inputs), whole, atol=1e-9)
    now, before = inputs[:6], inputs[6:12]
    found = trees.shares(leaves, now, before)
    assert np.allclose(found.sum(axis=1), whole[:6] - whole[6:12], atol=1e-9)
    for row in range(6):
        expected = by_orders(lambda point: float(trees.total(leaves, point[None, :])[0]), now[row], before[row])
        assert np.allclose(found[row], expected, atol=1e-9)


@pytest.mark.parametrize("name", MEMBERS)
def test_each_member_is_taken_apart_exactly(panel: YearPanel, name: str) -> None:
    fitted = find_model(name, period="year")().fit(panel)
    made = yearly.explainer(panel, model=name, fitted=fitted)
    assert made is not None
    chances = dict(zip(panel.iso3[panel.is_now], fitted.chances(panel)[:, 0], strict=True))
    for found in (yearly.against_world(made), yearly.against_year_before(made)):
        assert found.iso3
        assert np.abs(found.base + found.contributions.sum(axis=1) - found.logit).max() < 1e-9
        assert yearly.agrees(found, chances)


def test_a_regression_adds_weight_times_difference(panel: YearPanel) -> None:
    fitted = find_model("logit", period="year")().fit(panel)
    made = yearly.explainer(panel, model="logit", fitted=fitted)
    assert made is not None
    found = yearly.against_world(made)
    ridge = fitted.fitted
    expected = (ridge.standardised(found.now) - ridge.standardised(found.before))[:, 1:] * ridge.weights[1:]
    assert np.allclose(found.contributions, expected, atol=1e-7)


def test_a_recalibrated_pool_adds_up(panel: YearPanel) -> None:
    members = [find_model(name, period="year")().fit(panel) for name in MEMBERS]
    calibrations = (Calibration(intercept=0.3, slope=0.9, weight=3.0), Calibration())
    made = yearly.Explainer(panel=panel, members=members, calibrations=calibrations)
    found = yearly.against_world(made)
    mean = np.mean([member.chances(panel)[:, 0] for member in members], axis=0)[~panel.impossible[panel.is_now]]
    issued = log_odds((3 * calibrations[0].apply(mean) + mean) / 4)
    assert np.abs(found.logit - issued).max() < 1e-9
    assert np.abs(found.base + found.contributions.sum(axis=1) - issued).max() < 1e-9


def test_a_model_that_cannot_be_taken_apart_is_not(panel: YearPanel) -> None:
    assert yearly.explainer(panel, model="base_rate", fitted=find_model("base_rate", period="year")().fit(panel)) is None


def test_monthly_trees_are_taken_apart_exactly() -> None:
    known = made_history()
    fitted = find_model("hurdle_trees", period="month")().fit(known)
    found = monthly.trees_of(fitted, model="hurdle_trees")
    assert found is not None
    for one in (monthly.against_world(found, known), monthly.against_month_before(found, known)):
        assert np.abs(one.base + one.contributions.sum(axis=1) - one.logit).max() < 1e-9
    assert monthly.trees_of(find_model("windows", period="month")(), model="windows") is None


def test_analogues_are_other_states_whose_future_is_known(panel: YearPanel) -> None:
    found = analogues(panel)
    assert (found["iso3"] != found["like_iso3"]).all()
    assert found["like_year"].max() <= panel.base_year - 2
    assert not found.select("iso3", "like_iso3").is_duplicated().any()
    assert found.group_by("iso3").agg(pl.col("distance").is_sorted())["distance"].all()
    assert panel.history is not None
    row = found.row(0, named=True)
    deaths = panel.history.deaths[STATES.index(row["like_iso3"])].reshape(-1, 12).sum(axis=1)
    year = row["like_year"] - 1995
    assert (row["deaths"], row["highest_after"]) == (deaths[year], deaths[year + 1 : year + 3].max())


def issue(store: Store, *, period: Any, model: str) -> Issue:
    return issue_forecast(store, period=period, target="ucdp" if period == "year" else "os", now=NOW, model=model)


def test_an_issue_keeps_its_explanation(stored: Store) -> None:
    made = issue(stored, period="year", model="logit")
    assert [name for name, _ in made.beside] == sorted((ANALOGUES, EXPLAINED, EXPLANATIONS, PAST))
    assert issues(stored) == (made,)
    assert verify(stored).faults == ()
    parts, whole = beside(stored, made, EXPLANATIONS), beside(stored, made, EXPLAINED)
    assert parts is not None
    assert whole is not None
    summed = parts.group_by("iso3", "against").agg(pl.col("contribution").sum()).join(whole, on=["iso3", "against"])
    assert (summed["base"] + summed["contribution"] - summed["logit"]).abs().max() < 1e-9  # type: ignore[operator]
    months = issue(stored, period="month", model="windows")
    assert [name for name, _ in months.beside] == [TOTALS]


def test_a_file_beside_cannot_be_changed_added_or_taken_away(stored: Store) -> None:
    made = issue(stored, period="year", model="logit")
    folder = stored.root / "ledger" / made.id
    content = (folder / EXPLANATIONS).read_bytes()
    (folder / EXPLANATIONS).write_bytes(content + b" ")
    assert "explanations.parquet was changed" in verify(stored).faults[0]
    (folder / EXPLANATIONS).unlink()
    assert "explanations.parquet cannot be read" in verify(stored).faults[0]
    (folder / EXPLANATIONS).write_bytes(content)
    (folder / "more.parquet").write_bytes(content)
    assert "was not issued with the forecast" in verify(stored).faults[0]


def test_a_record_from_before_there_were_files_stays_valid(stored: Store) -> None:
    from forefend.forecast.ledger import issue as append

    table = pl.DataFrame({"iso3": ["MLI"], "base_year": [2024], "probability": [0.1]})
    given: dict[str, Any] = {"target": "ucdp", "period": "year", "model": "logit", "as_of": date(2026, 1, 1), "issued_at": NOW}
    made = append(stored, table, snapshots=(), seed=1, is_hindsight=False, **given)
    assert "beside" not in json.loads((stored.root / "ledger" / made.id / "record.json").read_text())
    assert verify(stored).faults == ()


def test_a_number_of_an_issue_opens_to_it_and_is_computed_again(stored: Store) -> None:
    made = issue(stored, period="year", model="logit")
    rows = IssuedRows(issue=made.id, sha256=made.forecasts_sha256, column="probability", where=(("iso3", "GHA"),))
    figure = compute(stored, label="Chance", unit="chance", formula="issued", inputs=[rows])
    assert figure.value is not None
    assert [snapshot.id for snapshot in figure.snapshots] == list(made.snapshots)
    again = Figure.from_dict(json.loads(json.dumps(figure.to_dict(), default=str)), store=stored)
    assert (again.id, recompute(stored, again)) == (figure.id, figure.value)

    from forefend.store.opened import opened

    part = opened(stored, figure).rows[0]
    assert (part.total, part.issue["model"], part.issue["seed"], part.issue["code_version"]) == (1, "logit", "2024", made.code_version)
    wrong = IssuedRows(issue=made.id, sha256="0" * 64, column="probability")
    with pytest.raises(StoreError, match="was changed after it was issued"):
        compute(stored, label="Chance", unit="chance", formula="issued", inputs=[wrong])


def test_totals_are_those_of_whole_paths(stored: Store) -> None:
    found = monthly_outlook(stored, model="windows")
    assert found.draws is not None
    totals = files_beside(found)[TOTALS]
    place = totals["iso3"].to_list().index("SDN")
    assert totals["q0.5"][place] == np.quantile(found.draws[place].sum(axis=0), 0.5)
