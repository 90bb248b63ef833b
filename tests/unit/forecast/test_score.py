"""Scores against those of scoringrules and scikit-learn, and against cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from sklearn.metrics import roc_auc_score

from forefend.forecast import score
from forefend.forecast.resample import countries

RANDOM = np.random.default_rng(7)
DRAWS = RANDOM.negative_binomial(0.3, 0.02, size=(200, 12)).astype(float)
OUTCOME = RANDOM.negative_binomial(0.3, 0.02, size=200).astype(float)


@pytest.mark.parametrize("count", [1, 2, 12])
def test_crps_equals_the_published_implementation(count: int) -> None:
    assert score.crps(DRAWS[:, :count], OUTCOME) == pytest.approx(scoringrules.crps_ensemble(OUTCOME, DRAWS[:, :count]), abs=1e-9)


def test_log_crps_equals_the_published_implementation() -> None:
    assert score.crps_log(DRAWS, OUTCOME) == pytest.approx(scoringrules.crps_ensemble(np.log1p(OUTCOME), np.log1p(DRAWS)), abs=1e-9)


def test_scores_keep_any_leading_shape_and_do_not_mind_the_order_of_draws() -> None:
    cube, outcome = DRAWS.reshape(20, 10, 12), OUTCOME.reshape(20, 10)
    for function in (score.crps, score.crps_log, score.ignorance, score.within):
        assert function(cube, outcome).ravel() == pytest.approx(function(DRAWS[:, ::-1], OUTCOME))


def test_brier_and_log_loss_equal_the_published_implementations() -> None:
    chance, happened = RANDOM.random(300), RANDOM.random(300) < 0.3
    assert score.brier(chance, happened) == pytest.approx(scoringrules.brier_score(happened.astype(float), chance))
    assert score.log_loss(chance, happened) == pytest.approx(scoringrules.log_score(happened.astype(float), chance))


def test_a_certain_error_costs_much_but_not_everything() -> None:
    assert score.log_loss(np.array([0.0]), np.array([True]))[0] == pytest.approx(-np.log(1e-6))


def test_ignorance_is_one_bit_for_every_halving_of_the_chance_given_to_the_bin() -> None:
    draws, outcome = np.array([[0.0] * 12, [0.0] * 6 + [30.0] * 6, [30.0] * 12]), np.zeros(3)
    expected = -np.log2((np.array([240, 120, 0]) + 1) / 251)
    assert score.ignorance(draws, outcome) == pytest.approx(expected)


@pytest.mark.parametrize(("one", "other", "same"), [(0, 1, False), (1, 2, True), (2, 3, False), (5, 6, False), (1001, 9999, True)])
def test_bins_are_those_of_the_challenge(one: float, other: float, same: bool) -> None:
    assert bool(score.ignorance(np.array([[float(one)]]), np.array([float(other)]))[0] < 1) is same


def test_coverage_counts_the_ends_in_and_zeros_between_zeros() -> None:
    draws = np.array([[0.0] * 12, list(range(12)), list(range(12))])
    assert score.within(draws, np.array([0.0, 5.0, 11.0])).tolist() == [True, True, False]


def test_randomised_coverage_is_right_when_forecasts_are() -> None:
    draws = np.random.default_rng(1).poisson(0.4, size=(20_000, 400)).astype(float)
    outcome = np.random.default_rng(2).poisson(0.4, size=20_000).astype(float)
    assert score.covered(draws, outcome).mean() == pytest.approx(0.9, abs=0.01)
    assert score.within(draws, outcome).mean() > 0.95, "plain coverage flatters where most outcomes are 0"


def test_the_area_under_the_curve_equals_the_published_implementation() -> None:
    chance, happened = RANDOM.integers(0, 6, size=400) / 10, RANDOM.random(400) < 0.2
    assert score.auc(chance, happened, group=np.zeros(400, dtype=int)) == pytest.approx(roc_auc_score(happened, chance))
    weights = RANDOM.integers(1, 4, size=400).astype(float)
    ours = score.auc(chance, happened, group=np.zeros(400, dtype=int), weights=weights)
    assert ours == pytest.approx(roc_auc_score(happened, chance, sample_weight=weights))


def test_years_are_ranked_apart() -> None:
    chance, happened = np.array([0.2, 0.1, 0.02, 0.01]), np.array([False, True, True, False])
    assert score.auc(chance, happened, group=np.array([0, 0, 1, 1])) == 0.5
    assert np.isnan(score.auc(chance, happened, group=np.arange(4)))


def test_intervals_draw_countries_not_cases_and_compare_on_the_same_draws() -> None:
    codes = np.repeat(np.array(["AAA", "BBB", "CCC", "DDD"]), 50)
    values = np.repeat([1.0, 2.0, 3.0, 10.0], 50)
    groups = countries(codes)
    value, low, high = groups.ratio(values, np.ones(200))
    assert value == 4
    assert low < 2.5
    assert high > 6
    assert groups.ratio(2 * values, values) == pytest.approx((2, 2, 2))
    assert groups.ratio(values, np.ones(200)) == countries(codes).ratio(values, np.ones(200)), "two runs give the same numbers"
