"""Measures look back only, the chance recomputes from rows, the scan takes overdispersed counts for what they are."""

from __future__ import annotations

import numpy as np
import pytest

from forefend.signals.chance import WEIGHTS, escalation_chance, features
from forefend.signals.measures import fading, highest, is_calm, last, spells
from forefend.signals.unusual import rarity

DEATHS = np.array([[0, 10, 20, 0, 0, 0, 5, 30, 0, 0, 0, 0.0]])


def test_windows_end_with_their_month() -> None:
    assert last(DEATHS, 3)[0].tolist() == [0, 10, 30, 30, 20, 0, 5, 35, 35, 30, 0, 0]
    assert last(DEATHS, 60)[0, -1] == 65
    assert highest(DEATHS, 3)[0].tolist() == [0, 10, 20, 20, 20, 0, 5, 30, 30, 30, 0, 0]
    assert last(np.array([[np.nan, 4.0]]), 2).tolist() == [[0.0, 4.0]]


def test_a_calm_spell_ends_with_25_deaths_in_three_months() -> None:
    assert is_calm(DEATHS)[0].tolist() == [True, True, False, False, True, True, True, False, False, False, True, True]
    assert spells(DEATHS)[0].tolist() == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]


def test_a_fading_mean_halves() -> None:
    found = fading(np.array([[8.0, 0.0, 0.0]]), 1)[0]
    assert found[1] == pytest.approx(found[0] / 2)
    assert found[2] == pytest.approx(found[0] / 4)


@pytest.mark.parametrize("measure", [rarity, lambda d: last(d, 12), spells, lambda d: escalation_chance(d, d, d)])
def test_nothing_later_is_seen(measure: object) -> None:
    random = np.random.default_rng(3)
    deaths = random.negative_binomial(0.1, 0.02, (4, 150)).astype(float)
    assert callable(measure)
    assert np.allclose(measure(deaths)[:, :100], measure(deaths[:, :100]))


def test_every_feature_has_a_weight_and_more_killings_mean_more_danger() -> None:
    zeros = np.zeros((1, 130))
    assert [name for name, _ in features(zeros, zeros, zeros)] == list(WEIGHTS)
    some = zeros.copy()
    some[0, -39:] = [*[30, 40, 2] * 12, 21, 0, 3]
    assert escalation_chance(zeros, zeros, zeros)[0, -1] < 0.01
    assert escalation_chance(some, zeros, zeros)[0, -1] > 0.2


def test_the_scan_finds_a_burst_and_not_the_usual() -> None:
    random = np.random.default_rng(1)
    usual = random.negative_binomial(0.3, 0.03, (200, 130)).astype(float)
    assert (rarity(usual)[:, 70:] >= 8).mean() < 0.0005
    burst = usual.copy()
    burst[:, -1] = 3000
    assert (rarity(burst)[:, -1] > 8).mean() > 0.9
    assert rarity(np.zeros((1, 80)))[0, -1] == 0
    assert np.isfinite(rarity(np.full((1, 80), 1e6))).all()
