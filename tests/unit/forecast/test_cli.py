"""``forefend outlook`` and ``forefend backtest``: columns of the contract, files for the scorers, refusals in one sentence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from forefend.cli import backtest, outlook
from forefend.errors import ForecastError, ForefendError
from forefend.store import Store

Ask = Callable[..., Any]


@pytest.fixture
def ask(real: Store, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command of one of the two groups on the publisher's counts."""
    monkeypatch.setenv("FOREFEND_DATA_DIR", str(real.root))
    monkeypatch.setenv("FOREFEND_EMBEDDED", "no")
    groups = {"outlook": outlook.app, "backtest": backtest.app}
    return lambda group, *arguments: CliRunner().invoke(groups[group], [str(a) for a in arguments], catch_exceptions=True)


def test_monthly_prints_the_contract(ask: Ask) -> None:
    done = ask("outlook", "monthly", "--as-of", "2023-06", "--horizon", "2", "--model", "conflictology", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert ",".join(rows[0]) == "target,iso3,origin,month,horizon,mean,q0.05,q0.25,q0.5,q0.75,q0.95,p_ge_1,p_ge_25,p_ge_100"
    assert {(row["origin"], row["month"]) for row in rows} == {("2023-06", "2023-07"), ("2023-06", "2023-08")}
    assert {row["target"] for row in rows} == {"os"}


def test_escalations_are_chances_of_three_months(ask: Ask) -> None:
    done = ask("outlook", "monthly", "--target", "escalation", "--as-of", "2023-06", "--model", "conflictology", "--format", "json")
    rows = json.loads(done.stdout)
    assert list(rows[0]) == ["target", "iso3", "origin", "months", "deaths_before", "probability", "status"]
    assert {(row["target"], row["origin"], row["months"]) for row in rows} == {("escalation", "2023-06", 3)}
    assert {row["status"] for row in rows if row["deaths_before"] >= 25} == {"under way"}
    assert {row["status"] for row in rows if row["deaths_before"] < 25} == {"calm"}
    assert all(0 <= row["probability"] <= 1 for row in rows)


def test_annual_prints_the_contract(ask: Ask) -> None:
    rows = json.loads(ask("outlook", "annual", "--as-of", "2010").stdout)
    assert list(rows[0])[:7] == ["target", "iso3", "base_year", "horizon_years", "probability", "lower", "upper"]
    assert {(row["target"], row["base_year"], row["horizon_years"]) for row in rows} == {("ucdp", 2010, 2)}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("monthly", "--as-of", "2023"), "'2023' is not a month. Give it as YYYY-MM, such as 2023-12."),
        (("monthly", "--as-of", "2023-13"), "'2023-13' is not a month. Give it as YYYY-MM, such as 2023-12."),
        (("annual", "--as-of", "20x"), "'20x' is not a year. Give it as YYYY, such as 2023."),
        (
            ("monthly", "--as-of", "1985-01"),
            "Forecasts begin with 1989-12, when the first twelve months are counted. Give that month or a later one.",
        ),
        (
            ("monthly", "--target", "civilians"),
            "Deaths of civilians are known only from events. Load them with: forefend sources fetch ucdp_ged",
        ),
    ],
)
def test_what_cannot_be_forecast_is_refused(ask: Ask, arguments: tuple[str, ...], said: str) -> None:
    done = ask("outlook", *arguments)
    assert isinstance(done.exception, ForecastError)
    assert str(done.exception) == said


def test_backtest_writes_the_files_of_the_scorers(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    done = ask("backtest", "monthly", "--from", "2024-10", "--to", "2024-12", "--models", "conflictology, zero", "--predictions", file)
    assert {row["first"] for row in json.loads(done.stdout)} == {"2024-10"}
    assert file.read_text().startswith("iso3,month,horizon,d0,d1")
    assert (tmp_path / "ours.csv.events.csv").read_text().startswith("iso3,origin,p\n")
    ask("backtest", "annual", "--from", "2020", "--models", "reference_class", "--predictions", tmp_path / "yearly.parquet")
    for made in (file, tmp_path / "yearly.parquet"):
        assert pl.read_csv(made.with_name(f"{made.name}.reliability.csv"))["cases"].sum() > 0
    assert (tmp_path / "yearly.parquet").stat().st_size > 0
    assert not (tmp_path / "yearly.parquet.events.csv").exists()


def test_a_file_that_cannot_be_written_is_refused(ask: Ask, tmp_path: Path) -> None:
    done = ask("backtest", "annual", "--from", "2020", "--models", "base_rate", "--predictions", tmp_path / "no" / "such.csv")
    assert isinstance(done.exception, ForefendError)
    assert "Choose another file with --predictions" in str(done.exception)
