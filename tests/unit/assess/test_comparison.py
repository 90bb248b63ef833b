"""Two rounds side by side: every way a question can change, and trends over the common questions alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess_rounds import ASSOCIATION, MINISTRY, TODAY, answer, catalog_with, piece, round_of
from forefend.assess.comparison import CHANGES, compare
from forefend.assess.results import results
from forefend.catalog import load_catalog
from forefend.errors import AssessmentError

LONG_AGO = TODAY - timedelta(days=180 + 365)


def test_every_change_has_its_word() -> None:
    catalog = catalog_with({"N1.8": {"applies_if": ("federal",)}, "N1.9": {"applies_if": ("is_donor",)}})
    before = round_of(
        answer("N1.1", MINISTRY, 1), answer("N1.2", MINISTRY, 3), answer("N1.3", MINISTRY, 2), answer("N1.5", MINISTRY, 2),
        answer("N1.4", MINISTRY, "unknown"), catalog=catalog, conditions={"federal": True, "is_donor": False}, actions=["N1", "N2"],
    )  # fmt: skip
    now = round_of(
        answer("N1.1", MINISTRY, 2), answer("N1.2", MINISTRY, 1), answer("N1.3", MINISTRY, 2), answer("N1.4", MINISTRY, 4),
        catalog=catalog, conditions={"federal": False, "is_donor": True}, actions=["N1", "N3"],
    )  # fmt: skip
    found = compare(results(before), results(now))
    expected = {
        "rose": {"N1.1"}, "fell": {"N1.2"}, "unchanged": {"N1.3"}, "first_answered": {"N1.4"}, "no_longer_answered": {"N1.5"},
        "open_still": {"N1.6", "N1.7"}, "no_longer_applies": {"N1.8"}, "came_to_apply": {"N1.9"},
        "only_before": set(catalog.actions["N2"].questions), "only_now": set(catalog.actions["N3"].questions),
    }  # fmt: skip
    assert {change: set(found.with_change(change)) for change in CHANGES} == expected
    assert found.questions["N1.1"].difference == 1
    assert found.questions["N1.4"].difference is None
    assert found.common == tuple(f"N1.{n}" for n in range(1, 8))
    assert list(found.actions) == ["N1"]


def test_age_is_shown_beside_the_score() -> None:
    before = results(round_of(answer("N1.2", MINISTRY, 3), answer("N1.3", MINISTRY, 3, checked_on=LONG_AGO)))
    now = results(round_of(answer("N1.2", MINISTRY, 3, checked_on=LONG_AGO), answer("N1.3", MINISTRY, 3)))
    found = compare(before, now)
    assert found.became_stale == ("N1.2",)
    assert found.questions["N1.2"].change == "unchanged"
    assert found.questions["N1.3"].was_refreshed


def test_a_trend_is_over_the_common_questions_alone() -> None:
    proof = (piece("A1"),)
    asked = [answer("N1.1", who, 4, evidence=proof) for who in (MINISTRY, ASSOCIATION)]
    small = catalog_with(dict.fromkeys(f"N1.{n}" for n in range(3, 10)))
    before = results(round_of(*asked, answer("N1.2", MINISTRY, 0), catalog=catalog_with(dict.fromkeys(f"N1.{n}" for n in range(2, 10)))))
    now = results(round_of(*asked, answer("N1.2", MINISTRY, 0), catalog=small))
    found = compare(before, now)
    assert found.common == ("N1.1",)
    assert found.actions["N1"].cautious_gap == pytest.approx(0)
    assert found.spheres["national"].cautious_gap == pytest.approx(0)
    assert now.actions["N1"].figures is not None
    assert now.actions["N1"].figures.cautious_gap == pytest.approx(0.5)


def test_both_rounds_are_weighed_as_the_later_one() -> None:
    given_answers = (answer("N1.1", MINISTRY, 0), answer("N1.4", MINISTRY, 2))
    lighter = catalog_with({"N1.1": {"weight": 1, "criticality": "supplementary"}})
    found = compare(results(round_of(*given_answers)), results(round_of(*given_answers, catalog=lighter)))
    change = found.actions["N1"]
    assert change.before.figures is not None
    assert change.now.figures is not None
    assert change.before.figures.cautious_gap == pytest.approx(change.now.figures.cautious_gap)


def test_a_question_that_is_called_otherwise_now_is_the_same_question() -> None:
    moved = catalog_with({"N1.2": None, "N1.20": {"like": "N1.2"}})
    before, now = results(round_of(answer("N1.2", MINISTRY, 1))), results(round_of(answer("N1.20", MINISTRY, 2), catalog=moved))
    assert compare(before, now).questions["N1.20"].change == "only_now"
    found = compare(before, now, renamed={"N1.20": "N1.2"})
    assert found.questions["N1.20"].change == "rose"
    assert "N1.2" not in found.questions


def test_what_blocks_is_compared_too() -> None:
    before, now = (results(round_of(answer("N1.1", MINISTRY, a), answer("N1.2", MINISTRY, b))) for a, b in ((0, 2), (2, 0)))
    change = compare(before, now).actions["N1"]
    assert (change.no_longer_blocking, change.newly_blocking) == (("N1.1",), ("N1.2",))


def test_limited_fit_has_no_trend() -> None:
    catalog = catalog_with({f"N1.{n}": {"applies_if": ("federal",)} for n in range(1, 5)})
    found = results(round_of(answer("N1.9", MINISTRY, 2), catalog=catalog, conditions={"federal": False}))
    assert found.actions["N1"].fit == "limited_fit"
    same = compare(found, found)
    assert same.common == tuple(f"N1.{n}" for n in range(5, 10))
    assert same.actions["N1"].now.fit == "limited_fit"
    assert same.actions["N1"].cautious_gap is None

    none = catalog_with({f"N1.{n}": {"applies_if": ("federal",)} for n in range(1, 10)})
    empty = results(round_of(catalog=none, conditions={"federal": False}))
    assert compare(empty, empty).actions == {}


def test_two_states_are_never_compared() -> None:
    one = round_of(answer("N1.1", MINISTRY, 0))
    with pytest.raises(AssessmentError, match="ranks states"):
        compare(results(one), results(replace(one, state="KEN")))


levels = st.lists(st.one_of(st.none(), st.just("unknown"), st.integers(0, 4)), min_size=6, max_size=6)


@given(levels, levels)
def test_the_trend_follows_the_answers(before: list[int | str | None], now: list[int | str | None]) -> None:
    ids = load_catalog().actions["N1"].questions

    def of(values: list[int | str | None]) -> list:
        return [answer(q, MINISTRY, value) for q, value in zip(ids, values, strict=False) if value is not None]

    found = compare(results(round_of(*of(before))), results(round_of(*of(now))))
    back = compare(results(round_of(*of(now))), results(round_of(*of(before))))
    trend, reverse = found.actions["N1"].cautious_gap, back.actions["N1"].cautious_gap
    assert trend is not None
    assert reverse is not None
    assert trend == pytest.approx(-reverse)
    if not found.with_change("fell") and not found.with_change("no_longer_answered"):
        assert trend <= 1e-12
