"""The published benchmark: on its own panel, the product's files and figures are what its scorer finds."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from deaths_release import write_real
from forefend.forecast.backtest import Backtest, monthly_backtest
from forefend.store import Store

FIRST, LAST = date(2022, 1, 1), date(2024, 12, 1)


@pytest.fixture(scope="module")
def store(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """UCDP's real counts."""
    store = Store(tmp_path_factory.mktemp("benchmark") / "store")
    write_real(store, data)
    return store


@pytest.fixture(scope="module")
def done(store: Store) -> Backtest:
    """The back-test over the benchmark's months."""
    return monthly_backtest(store, first=FIRST, last=LAST, names=("conflictology", "no_change", "zero"))


@pytest.mark.parametrize(("score", "published"), [("crps", "3.86"), ("crps_log", "0.142"), ("ignorance", "0.704")])
def test_conflictology_scores_as_published(done: Backtest, score: str, published: str) -> None:
    row = done.scores.row(by_predicate=(pl.col("model") == "conflictology") & (pl.col("score") == score), named=True)
    assert f"{row['value']:.{len(published) - 2}f}" == published


def test_the_scorer_takes_the_files_whole_and_agrees(done: Backtest, shared: Path, tmp_path: Path) -> None:
    """The scorer refuses a file that lacks a row or an event chance, so that it runs is a finding too."""
    done.predictions.write_csv(tmp_path / "ours.csv")
    done.events.write_csv(tmp_path / "ours.csv.events.csv")
    arguments = ["--forecasts", "ours.csv", "--events", "ours.csv.events.csv", "--json", "out.json"]
    scorer, panel = shared / "bench" / "monthly_benchmark.py", shared / "data" / "ucdp" / "cm_panel.parquet"
    subprocess.run([sys.executable, scorer, "--panel", panel, *arguments], cwd=tmp_path, check=True, capture_output=True)
    found = json.loads((tmp_path / "out.json").read_text())["models"]
    names = {"crps": "crps", "crps_log": "crps_log", "ign": "ignorance"}
    for model, ours in (("ours", "conflictology"), ("last", "no_change"), ("zeros", "zero")):
        told = {row["score"]: row["value"] for row in done.scores.filter(model=ours).to_dicts()}
        assert {name: found[model]["score"][name] for name in names} == pytest.approx({name: told[names[name]] for name in names})
    told = {row["score"]: row["value"] for row in done.scores.filter(model="conflictology").to_dicts()}
    assert found["ours"]["onset25"]["brier"] == pytest.approx(told["brier_25_in_3_months"])
    assert found["ours"]["escalation"]["brier"] == pytest.approx(told["brier_escalation"])
    assert found["ours"]["pit90_coverage"]["all"] == pytest.approx(told["coverage_90"], abs=0.005)
