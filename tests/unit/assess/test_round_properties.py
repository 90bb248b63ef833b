"""The properties that the method lists (domain guide, sections 5 and 6), on whole rounds of several institutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assess_rounds import ASSOCIATION, ASSOCIATION_2, MINISTRY, NHRI, POLICE, TODAY, answer, piece, round_of
from forefend.assess.answers import GivenAnswer, Respondent, RoundAnswers
from forefend.assess.results import GroupResult, RoundResults, results
from forefend.assess.scoring import ActionFigures
from forefend.catalog import load_catalog

QUESTIONS = [q for q in load_catalog().actions["N1"].questions if q != "N1.7"]
WHO = (MINISTRY, POLICE, NHRI, ASSOCIATION, ASSOCIATION_2)
GRADES = [f"{letter}{number}" for letter in "ABCDEF" for number in range(1, 7)]
ACTION = "N1"

values = st.one_of(st.integers(0, 4), st.floats(0, 4), st.sampled_from(["unknown", "not_applicable"]))
rows = st.tuples(
    st.sampled_from(QUESTIONS), st.sampled_from(WHO), values, st.lists(st.sampled_from(GRADES), max_size=3), st.integers(0, 2000)
)


def made(row: tuple[str, Respondent, Any, list[str], int]) -> GivenAnswer:
    question, who, value, grades, days = row
    evidence = tuple(piece(grade, id=f"{question}{who.id}{n}") for n, grade in enumerate(grades))
    return answer(question, who, value, evidence=evidence, checked_on=TODAY - timedelta(days=days))


rounds = st.lists(rows, min_size=1, max_size=14, unique_by=lambda row: (row[0], row[1].id)).map(
    lambda drawn: round_of(*(made(row) for row in drawn))
)


def figures(found: RoundResults) -> ActionFigures:
    known = found.actions[ACTION].figures
    assert known is not None
    return known


def changed(round_: RoundAnswers, change: Callable[[GivenAnswer], GivenAnswer], *, only: Callable[[GivenAnswer], bool]) -> RoundAnswers:
    return replace(round_, answers=tuple(change(one) if only(one) else one for one in round_.answers))


def as_unknown(one: GivenAnswer) -> GivenAnswer:
    return replace(one, kind="unknown", value=None)


def one_of(round_: RoundAnswers, data: st.DataObject) -> GivenAnswer:
    return data.draw(st.sampled_from(round_.answers))


@given(rounds)
def test_every_figure_stays_within_bounds_and_in_order(round_: RoundAnswers) -> None:
    found = results(round_)
    for question in found.questions.values():
        shares = (question.agreement, question.reliability, question.freshness, question.confidence)
        assert all(share is None or 0 <= share <= 1 + 1e-12 for share in shares)
        assert 0 <= question.cautious <= (question.score or 0) + 1e-12 <= 4 + 1e-9
    groups: list[GroupResult] = [*found.actions.values(), *found.spheres.values()]
    for group in groups:
        assert group.figures is not None
        known = group.figures
        assert 0 <= known.gap_low <= known.gap_high <= known.cautious_gap + 1e-12 <= 1 + 1e-9
        assert 0 <= known.coverage <= 1
        assert 0 <= known.confidence <= 1 + 1e-12
        if known.observed_gap is not None:
            assert known.gap_low - 1e-12 <= known.observed_gap <= known.gap_high + 1e-12
        assert (known.gap is None) == bool(group.unpublished_because)


@given(rounds, st.data(), st.floats(0, 4))
def test_a_better_answer_never_raises_a_gap(round_: RoundAnswers, data: st.DataObject, raised: float) -> None:
    chosen = one_of(round_, data)
    if chosen.value is None:
        return
    better = changed(round_, lambda one: replace(one, value=max(one.value or 0, raised)), only=lambda one: one is chosen)
    worse, after = figures(results(round_)), figures(results(better))
    assert after.cautious_gap <= worse.cautious_gap + 1e-12
    assert after.observed_gap is not None
    assert worse.observed_gap is not None
    assert after.observed_gap <= worse.observed_gap + 1e-12


@given(rounds, st.data())
def test_turning_a_question_into_unknown_never_helps(round_: RoundAnswers, data: st.DataObject) -> None:
    chosen = one_of(round_, data)
    hidden = changed(round_, as_unknown, only=lambda one: one.question == chosen.question)
    before, after = figures(results(round_)), figures(results(hidden))
    assert after.cautious_gap >= before.cautious_gap - 1e-12
    assert after.confidence <= before.confidence + 1e-12


@given(rounds, st.data())
def test_not_applicable_by_hand_equals_unknown(round_: RoundAnswers, data: st.DataObject) -> None:
    chosen = one_of(round_, data)
    by_hand = changed(round_, lambda one: replace(one, kind="not_applicable", value=None), only=lambda one: one is chosen)
    unknown = changed(round_, as_unknown, only=lambda one: one is chosen)
    assert figures(results(by_hand)) == figures(results(unknown))


@given(rounds, st.data(), st.sampled_from(GRADES))
def test_more_evidence_never_lowers_reliability_nor_raises_the_cautious_gap(round_: RoundAnswers, data: st.DataObject, grade: str) -> None:
    chosen = one_of(round_, data)
    more = changed(round_, lambda one: replace(one, evidence=(*one.evidence, piece(grade, id="more"))), only=lambda one: one is chosen)
    before, after = results(round_), results(more)
    assert (after.questions[chosen.question].reliability or 0) >= (before.questions[chosen.question].reliability or 0) - 1e-12
    assert figures(after).cautious_gap <= figures(before).cautious_gap + 1e-12


@given(rounds, st.data(), st.integers(1, 4))
def test_more_ministries_with_the_median_answer_change_no_score(round_: RoundAnswers, data: st.DataObject, number: int) -> None:
    chosen = one_of(round_, data)
    levels = [one.value for one in round_.answers if one.question == chosen.question and one.respondent.kind == "government"]
    known = [level for level in levels if level is not None]
    if not known:
        return
    further = [
        answer(chosen.question, Respondent(id=f"ministry{n}", title="A ministry", kind="government"), float(median(known)))
        for n in range(number)
    ]
    more = replace(round_, answers=(*round_.answers, *further))
    before, after = (results(one).questions[chosen.question].score for one in (round_, more))
    assert before is not None
    assert after is not None
    assert abs(before - after) < 1e-12


@given(rounds, st.data(), st.integers(0, 3000))
def test_nothing_grows_fresher_with_age(round_: RoundAnswers, data: st.DataObject, days: int) -> None:
    chosen = one_of(round_, data)
    older = changed(round_, lambda one: replace(one, checked_on=one.checked_on - timedelta(days=days)), only=lambda one: one is chosen)
    before, after = results(round_), results(older)
    assert (after.questions[chosen.question].freshness or 0) <= (before.questions[chosen.question].freshness or 0) + 1e-12
    assert figures(after).confidence <= figures(before).confidence + 1e-12
    assert figures(after).cautious_gap == figures(before).cautious_gap


@given(rounds)
def test_the_order_of_answers_and_respondents_changes_nothing(round_: RoundAnswers) -> None:
    turned = replace(round_, answers=tuple(reversed(round_.answers)))
    one, other = figures(results(round_)), figures(results(turned))
    assert abs(one.cautious_gap - other.cautious_gap) < 1e-12
    assert abs(one.confidence - other.confidence) < 1e-12
    assert one.blocking == other.blocking


@given(rounds)
def test_blocking_questions_are_listed_whatever_the_average(round_: RoundAnswers) -> None:
    found = results(round_)
    for question in found.questions.values():
        is_blocking = question.is_core and (question.state == "unknown" or 0 in (question.score, question.lowest_type_score))
        assert (question.id in found.actions[ACTION].blocking) is is_blocking
        assert (question.id in found.blocking) is is_blocking
