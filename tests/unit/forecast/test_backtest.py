"""The back-test: every state, every origin, nothing from after the origin, and intervals that compare like with like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pytest

from forefend.errors import ForecastError
from forefend.forecast.backtest import COLUMNS, annual_backtest, monthly_backtest
from forefend.forecast.cases import cases_at
from forefend.forecast.history import History
from forefend.forecast.outlook import monthly
from forefend.places import universe
from forefend.store import Store

Made = Callable[..., History]
SIMPLE = ("conflictology", "no_change", "zero")
COUNTED = ("reference_class",)


def value(scores: pl.DataFrame, model: str, name: str, column: str = "value") -> float:
    return float(scores.row(by_predicate=(pl.col("model") == model) & (pl.col("score") == name), named=True)[column])


def test_every_model_and_state_is_scored_at_every_horizon(real: Store) -> None:
    done = monthly_backtest(real, first=date(2024, 1, 1), last=date(2024, 6, 1), names=SIMPLE)
    assert tuple(done.scores.columns) == COLUMNS
    assert set(done.scores["model"]) >= {"conflictology", "no_change", "zero"}
    assert set(done.scores.filter(score="crps")["rows"]) == {len(universe("ucdp")) * 6 * 12}
    assert done.predictions.select("iso3", "month", "horizon").is_unique().all()
    assert set(done.scores["values"]) == {"pseudo-real-time: values revised after the fact"}


def test_predictions_are_in_the_layout_of_the_scorers(real: Store) -> None:
    done = monthly_backtest(real, first=date(2024, 1, 1), last=date(2024, 3, 1), names=SIMPLE)
    assert done.predictions.columns == ["iso3", "month", "horizon", *(f"d{place}" for place in range(12))]
    assert done.events.columns == ["iso3", "origin", "p"]
    assert set(done.predictions["month"]) == {"2024-01", "2024-02", "2024-03"}
    assert done.events["p"].is_between(0, 1).all()


def test_a_prediction_is_what_the_outlook_would_have_said(real: Store) -> None:
    done = monthly_backtest(real, first=date(2018, 1, 1), last=date(2018, 1, 1), names=SIMPLE).predictions
    ours = done.filter((pl.col("iso3") == "MMR") & (pl.col("horizon") == 6)).select(pl.mean_horizontal(pl.col("^d\\d+$"))).item()
    then = monthly(real, as_of=date(2017, 7, 31)).filter((pl.col("iso3") == "MMR") & (pl.col("month") == date(2018, 1, 1)))["mean"].item()
    assert ours == pytest.approx(then)


def test_the_reference_stands_at_one_and_zeros_are_worse_where_people_die(real: Store) -> None:
    scores = monthly_backtest(real, first=date(2023, 1, 1), last=date(2024, 12, 1), names=SIMPLE).scores
    assert value(scores, "conflictology", "crps", "ratio") == 1
    assert value(scores, "zero", "crps", "ratio_low") > 1
    assert value(scores, "no_change", "crps", "ratio_low") > 1
    assert (
        value(scores, "conflictology", "crps", "low")
        < value(scores, "conflictology", "crps")
        < value(scores, "conflictology", "crps", "high")
    )


def test_two_runs_give_identical_numbers(real: Store) -> None:
    one, other = (annual_backtest(real, first=2010, names=COUNTED).scores for _ in range(2))
    assert one.equals(other)


def test_what_comes_after_the_origin_is_not_in_what_is_known(made: Made) -> None:
    past = made(AAA=range(30), BBB=[np.nan] * 20 + [5] * 10)
    cases = cases_at(past, date(2001, 1, 1), first=date(2001, 3, 1), last=date(2001, 12, 1), horizon=12)
    assert cases.known.iso3s == ("AAA",), "a state that did not exist is not forecast"
    assert cases.known.deaths[0, -1] == 12
    assert cases.came[0].tolist() == list(range(13, 25))
    assert cases.is_tested.tolist() == [False] + [True] * 10 + [False]
    assert not cases.has_event


def test_months_beyond_the_data_are_not_tested(made: Made) -> None:
    past = made(AAA=range(14))
    cases = cases_at(past, date(2001, 1, 1), first=date(2001, 1, 1), last=date(2001, 2, 1), horizon=4)
    assert cases.is_tested.tolist() == [True, False, False, False]
    assert cases.scores(np.ones((1, 4, 2)), np.zeros(1))["crps"].tolist() == [12]


def test_reference_classes_beat_the_base_rate(real: Store) -> None:
    done = annual_backtest(real, names=COUNTED)
    assert value(done.scores, "reference_class", "log_loss", "ratio_high") < 1
    assert value(done.scores, "reference_class", "brier", "ratio_high") < 1
    assert 0.8 < value(done.scores, "reference_class", "expected_over_observed") < 1.25
    assert value(done.scores, "base_rate", "auc_in_year") == 0.5
    assert value(done.scores, "reference_class", "auc_in_year", "low") > 0.75
    assert done.predictions.columns == ["iso3", "base_year", "probability"]
    assert done.predictions["probability"].is_between(0, 1).all()
    assert done.predictions["base_year"].max() == 2022, "the newest base year whose two years are over"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2024, 5, 1), date(2024, 1, 1), "runs backwards"),
        (date(1990, 1, 1), date(1992, 1, 1), "from 1991-01 to 2024-12"),
        (date(2025, 1, 1), None, "from 1991-01 to 2024-12"),
        (None, date(2025, 1, 1), "from 1991-01 to 2024-12"),
    ],
)
def test_a_span_that_cannot_be_tested_is_refused(real: Store, first: date | None, last: date | None, said: str) -> None:
    with pytest.raises(ForecastError, match=said):
        monthly_backtest(real, first=first, last=last)


def test_closed_data_are_named(real: Store) -> None:
    with pytest.raises(ForecastError, match="sources import ewp_panel"):
        annual_backtest(real, target="ewp")
    with pytest.raises(ForecastError, match="sources fetch ucdp_ged"):
        monthly_backtest(real, target="civilians")
    with pytest.raises(ForecastError, match="from 1995 to 2022"):
        annual_backtest(real, last=2023)
