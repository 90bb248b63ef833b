"""Every registered model keeps the contract; the simple ones say what they should."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from forefend.errors import ForecastError
from forefend.forecast.history import History
from forefend.forecast.models import find_model, models
from forefend.forecast.models.base_rate import BaseRate
from forefend.forecast.models.conflictology import Conflictology
from forefend.forecast.models.no_change import NoChange
from forefend.forecast.models.reference_class import ReferenceClassModel
from forefend.forecast.models.zero import Zero
from forefend.forecast.reference import CLASSES, class_of, wilson

Made = Callable[..., History]


@pytest.fixture
def random_past() -> History:
    """Twelve years of 24 states, one of which begins late."""
    deaths = np.random.default_rng(3).negative_binomial(0.05, 0.001, size=(24, 144)).astype(float)
    deaths[5, :100] = np.nan
    return History(target="os", iso3s=tuple(f"A{n:02}" for n in range(24)), first=date(2002, 1, 1), deaths=deaths)


def test_models_are_found_by_folder() -> None:
    assert {"conflictology", "no_change", "zero"} <= set(models("month"))
    assert {"base_rate", "reference_class"} <= set(models("year"))
    with pytest.raises(ForecastError, match="conflictology"):
        find_model("magic", period="month")


@pytest.mark.parametrize("name", sorted(models("month")))
def test_monthly_models_give_whole_paths(name: str, random_past: History) -> None:
    draws = find_model(name, period="month")().fit(random_past).draws(random_past, horizon=7)
    assert draws.shape[:2] == (24, 7)
    assert np.isfinite(draws).all()
    assert (draws >= 0).all()


@pytest.mark.parametrize("name", sorted(models("month")))
def test_monthly_models_use_nothing_after_the_origin(name: str, random_past: History) -> None:
    earlier = random_past.until(date(2012, 6, 1))
    changed = random_past.deaths.copy()
    changed[:, earlier.deaths.shape[1] :] = 99_999
    planted = History(target="os", iso3s=random_past.iso3s, first=random_past.first, deaths=changed).until(date(2012, 6, 1))
    ours, theirs = (find_model(name, period="month")().fit(past).draws(past, horizon=3) for past in (earlier, planted))
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("name", sorted(models("year")))
def test_annual_models_give_a_chance_inside_its_interval(name: str, random_past: History) -> None:
    chances = find_model(name, period="year")().fit(random_past).chances(random_past)
    assert chances.shape == (24, 3)
    known = chances[~np.isnan(chances[:, 0])]
    assert ((known >= 0) & (known <= 1)).all()
    assert ((known[:, 1] <= known[:, 0]) & (known[:, 0] <= known[:, 2])).all()


def test_conflictology_draws_each_of_the_last_twelve_months(made: Made) -> None:
    past = made(AAA=[99] * 6 + list(range(12)))
    draws = Conflictology().fit(past).draws(past, horizon=3)
    assert [sorted(draws[0, step]) for step in range(3)] == [list(range(12))] * 3
    assert (draws[0, 0] == draws[0, 2]).all(), "one path holds one month's level"


def test_no_change_repeats_the_last_month_and_zero_says_none(made: Made) -> None:
    past = made(AAA=[1, 2, 3], BBB=[4, 5, 6])
    assert NoChange().draws(past, horizon=2).tolist() == [[[3], [3]], [[6], [6]]]
    assert not Zero().draws(past, horizon=2).any()


def test_the_base_rate_counts_all_country_years_with_a_known_outcome() -> None:
    years = np.zeros((10, 8))
    years[0, 5] = 12_000
    past = History(target="os", iso3s=tuple("ABCDEFGHIJ"), first=date(2000, 1, 1), deaths=np.repeat(years / 12, 12, axis=1))
    (chance, low, high), *_ = BaseRate().fit(past).chances(past)
    assert chance == pytest.approx(2 / 40), "base years 2002 to 2005 of ten states; an onset in 2005 follows 2003 and 2004"
    assert low < chance < high


def test_a_class_is_that_of_the_last_year_unless_ruled_out() -> None:
    years = np.array([[0.0, 0], [0, 24], [0, 25], [999, 250], [1000, 3], [0, 1000], [0, 999]])
    assert [entry.id for entry in class_of(years)] == ["none", "few", "some", "many", "under_way", "under_way", "many"]


def test_every_number_of_deaths_has_one_class() -> None:
    years = np.column_stack([np.zeros(2000), np.arange(2000.0)])
    for entry in CLASSES:
        assert sum(entry.id == found.id for found in class_of(years)) > 0
    assert len(class_of(years)) == 2000


def test_where_no_past_year_was_alike_there_is_no_chance() -> None:
    past = History(target="os", iso3s=("AAA",), first=date(2000, 1, 1), deaths=np.full((1, 72), 0.0))
    fitted = ReferenceClassModel().fit(past)
    assert np.isnan(fitted.rates["many"][0])
    assert fitted.rates["none"][0] == 0


def test_wilsons_interval_holds_the_shares_that_the_count_does_not_contradict() -> None:
    """At either end, the count lies just 1.645 standard errors of that share away: the definition of the interval."""
    hits, trials = 27, 163
    for end in wilson(hits, trials, overlap=1):
        assert abs(hits / trials - end) / np.sqrt(end * (1 - end) / trials) == pytest.approx(1.6449, abs=1e-4)


def test_overlapping_base_years_count_half_as_evidence() -> None:
    assert wilson(54, 326) == pytest.approx(wilson(27, 163, overlap=1))
    assert wilson(0, 100)[0] == 0
    with pytest.raises(ZeroDivisionError):
        wilson(0, 0)
