"""The written definition of a new mass killing, held against cases and against the publisher's counts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from forefend.errors import ForecastError
from forefend.forecast.history import windows
from forefend.forecast.tables import base_history
from forefend.forecast.target import TARGETS, escalations, find_target, followed, onsets, ruled_out
from forefend.store import Store


def test_an_onset_is_the_first_year_above_after_three_below() -> None:
    years = np.array([[0, 0, 0, 1000, 2000, 999, 0, 0, 1500, 0, 0, 1200, 0]])
    assert np.flatnonzero(onsets(years)[0]).tolist() == [3, 8], "the year after an onset, and a third after two quiet years, are none"


def test_a_year_just_below_the_line_is_no_onset() -> None:
    assert not onsets(np.array([[0, 0, 0, 999.0]])).any()


def test_years_before_a_state_existed_count_as_below() -> None:
    assert onsets(np.array([[np.nan, np.nan, np.nan, 4447.0]])).tolist() == [[False, False, False, True]]


def test_nothing_is_told_of_the_first_three_years() -> None:
    assert not onsets(np.array([[5000.0, 0, 0]])).any()


def test_a_base_year_is_followed_when_an_onset_comes_in_either_of_two_years() -> None:
    years = np.array([[0.0, 0, 0, 0, 1000, 0, 0]])
    assert np.flatnonzero(followed(years)[0]).tolist() == [2, 3]


def test_only_the_last_two_years_rule_an_onset_out() -> None:
    years = np.array([[0.0, 1000, 0, 0, 0]])
    assert ruled_out(years).tolist() == [[False, True, True, False, False]]
    later = np.array([[0.0, 0, 0, 1000, 0, 0, 0, 1000]])
    assert onsets(later)[0, 7], "three quiet years later a new one can begin"
    assert not ruled_out(later)[0, 5], "and two years before it was not ruled out"


def test_no_onset_ever_follows_a_base_year_that_rules_it_out() -> None:
    years = np.random.default_rng(1).choice([0.0, 500, 1500], size=(300, 40))
    assert not (followed(years) & ruled_out(years)).any()


def test_an_escalation_needs_calm_before() -> None:
    months = np.array([[0, 0, 24, 25, 0, 0], [0, 0, 25, 25, 0, 0], [0, 0, 0, 8, 8, 8.0]])
    calm, event = escalations(months, column=2)
    assert (calm.tolist(), event.tolist()) == ([True, False, True], [True, True, False])


def test_27_onsets_are_counted_from_1994_to_2024(real: Store) -> None:
    past = base_history(real)
    begun = onsets(windows(past.deaths))[:, 1994 - past.first.year :]
    assert past.origin.year == 2024
    assert begun.sum() == 27
    listed = {(past.iso3s[row], 1994 + int(column)) for row, column in zip(*np.nonzero(begun), strict=True)}
    assert {("RWA", 1994), ("SDN", 2003), ("BFA", 2023), ("UKR", 2022), ("USA", 2001)} <= listed


def test_the_onsets_equal_those_counted_from_the_publishers_states(data: object) -> None:
    """Counted with plain loops from the publisher's own state numbers, without this project's states."""
    raw = pl.read_csv(f"{data}/ucdp/country-month.csv.gz")
    sums = {(g, y): d for g, y, d in raw.group_by("gwno", "year").agg(pl.col("os_deaths").sum()).iter_rows()}
    begun = [key for key, deaths in sums.items() if deaths >= 1000 and all(sums.get((key[0], key[1] - k), 0) < 1000 for k in (1, 2, 3))]
    assert sum(1994 <= year <= 2024 for _, year in begun) == 27


def test_every_target_is_defined_with_what_misleads_in_it() -> None:
    assert len({(target.id, target.period) for target in TARGETS}) == len(TARGETS)
    assert all(target.definition and target.traps for target in TARGETS)


def test_an_unknown_target_is_refused_with_those_there_are() -> None:
    with pytest.raises(ForecastError, match="Give one of os, sb, ns, civilians"):
        find_target("war", period="month")
    with pytest.raises(ForecastError, match="Give one of ucdp, ewp"):
        find_target("os", period="year")
