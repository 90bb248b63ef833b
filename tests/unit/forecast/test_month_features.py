"""What monthly models learn from: nothing later than the month, months to the last December, and counts that can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forefend.errors import ForecastError
from forefend.forecast.history import EVENTS, History
from forefend.forecast.month_features import month_features
from forefend.forecast.training import ABSURD, check_counts, until_december

Made = Callable[..., History]


def test_a_feature_is_of_the_month_and_earlier_ones(made: Made) -> None:
    past = made(AAA=[0, 10, 0, 20] + [0] * 20)
    found = month_features(past)
    assert np.expm1(found.column("mean_3")[0, 3]) == pytest.approx(10)
    assert np.expm1(found.column("most")[0]) == pytest.approx([0, 10, 10] + [20] * 21)
    assert np.expm1(found.column("since")[0, -1]) == pytest.approx(20)
    assert len(found.names) == len(found.signs) == found.values.shape[2] == 39
    cut = replace(past, deaths=past.deaths[:, :10])
    assert np.array_equal(month_features(cut).values, found.values[:, :10])


def test_a_fading_mean_halves_with_age(made: Made) -> None:
    found = month_features(made(AAA=[9.0, 0, 0, 0, 30]))
    stays = 0.5 ** (1 / 4)
    weights = stays ** np.arange(4, -1, -1)
    assert found.column("fading_share_4")[0, -1] == pytest.approx((weights[0] + weights[4]) / weights.sum())
    assert found.column("fading_over_26")[0] == pytest.approx([0, 0, 0, 0, 1 / weights.sum()])
    assert found.column("fading_4")[0, 1] == pytest.approx(np.log(10) * stays / (1 + stays))


def test_other_kinds_of_violence_are_features_of_their_own(made: Made) -> None:
    past = made(AAA=[0.0] * 24)
    beside = replace(past, beside={"sb": np.full((1, 24), 7.0), "ns": np.zeros((1, 24))})
    assert np.expm1(month_features(beside).column("sb_mean_12")[0, -1]) == pytest.approx(7)
    assert not month_features(past).column("sb_mean_12").any()


def test_events_are_features_where_they_are_known(made: Made) -> None:
    past = made(AAA=[0.0, 30, 0, 10, 10])
    events = np.array([[0.0, 3, 0, 5, 2]])
    found = month_features(replace(past, beside={EVENTS: events}))
    assert len(found.names) == len(set(found.names)) == len(found.signs) == 39 + 12
    assert np.expm1(found.column("events_3")[0]) == pytest.approx([0, 3, 3, 8, 7])
    assert np.expm1(found.column("deaths_each_6")[0]) == pytest.approx([0, 10, 10, 5, 5])
    weights = 0.5 ** (np.arange(4, -1, -1) / 4)
    assert found.column("fading_3_events")[0, -1] == pytest.approx((weights[1] + weights[3]) / weights.sum())
    assert "events_3" not in month_features(past).names


def test_models_learn_to_the_last_december(made: Made) -> None:
    past = made(AAA=range(30))
    assert until_december(past).origin == date(2001, 12, 1)
    december = made(AAA=range(24))
    assert until_december(december) is not None
    assert until_december(december).deaths.shape == (1, 24)


def test_events_that_cannot_be_are_refused(made: Made) -> None:
    past = made(AAA=[0.0, 3, 1])
    with pytest.raises(ForecastError, match="The os events are negative in AAA in 2000-02"):
        check_counts(replace(past, beside={EVENTS: np.array([[0.0, -1, 1]])}))


@pytest.mark.parametrize(
    ("deaths", "said"),
    [
        ([0.0, np.nan, 1], "missing in AAA in 2000-02"),
        ([0.0, 1, -1], "negative in AAA in 2000-03"),
        ([ABSURD + 1.0, 0, 0], "over 2,000,000 in AAA in 2000-01"),
    ],
)
def test_counts_that_cannot_be_are_refused(made: Made, deaths: list[float], said: str) -> None:
    with pytest.raises(ForecastError, match=said):
        check_counts(made(AAA=deaths))
    check_counts(made(AAA=[np.nan, 0, 5], BBB=[1, 2, 3]))
