"""The worked examples and the listed properties of the method (domain guide, section 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forefend.assess.scoring import (
    AGEING,
    Question,
    action_figures,
    agreement,
    cautious_score,
    evidence_reliability,
    freshness,
    has_limited_fit,
    item_reliability,
    joint_score,
    line_score,
)

SEVERAL = {"state": [4, 4, 3], "nhri": [2], "civil_society": [1, 2]}


def graded(*grades: str) -> list[float]:
    weights = [item_reliability(grade[0], int(grade[1])) for grade in grades]
    return [weight for weight in weights if weight is not None]


def test_a_number_is_scored_on_a_line() -> None:
    assert line_score(12, zero=40, four=5) == pytest.approx(3.2)
    assert line_score(50, zero=40, four=5) == 0
    assert line_score(1, zero=40, four=5) == 4


def test_types_count_once_each() -> None:
    assert joint_score(SEVERAL) == pytest.approx(2.5)
    assert agreement(SEVERAL) == pytest.approx(0.375)


def test_ten_ministries_do_not_outvote_one_association() -> None:
    answers = {"state": [4.0] * 10, "civil_society": [1.0]}
    assert joint_score(answers) == pytest.approx(2.5)
    assert agreement(answers) == pytest.approx(0.25)
    assert cautious_score(2.5, lowest_type_score=1, best_evidence=1, n_types=2) == 2


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ((), 0.25),
        (("E5",), 0.25),
        (("C3",), 0.49),
        (("B2",), 0.7225),
        (("B3", "C3"), 0.79345),
        (("C3",) * 3, 0.867349),
        (("A1", "C3"), 1.0),
    ],
)
def test_evidence(grades: tuple[str, ...], expected: float) -> None:
    assert evidence_reliability(graded(*grades)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "age", "expected"),
    [
        ("law_and_structure", 365, 1), ("law_and_structure", 1460, 0.5), ("law_and_structure", 4000, 0.3),
        ("institutional_practice", 90, 1), ("institutional_practice", 365, 0.7038), ("institutional_practice", 730, 0.3519),
        ("dynamic", 60, 0.5878), ("dynamic", 134, 0.25), ("trigger", 17, 0.5), ("trigger", 31, 0.25),
    ],
)  # fmt: skip
def test_freshness(kind: str, age: int, expected: float) -> None:
    assert freshness(age, kind) == pytest.approx(expected, abs=5e-5)  # type: ignore[arg-type]  # the cases are the four kinds


def test_confidence_of_the_worked_example() -> None:
    value = evidence_reliability(graded("B3", "C3")) * freshness(365, "institutional_practice") * agreement({"a": [3], "b": [2]})
    assert value == pytest.approx(0.4188, abs=5e-5)


def worked(second: float | None) -> list[Question]:
    return [
        Question(id="one", weight=3, is_core=True, score=3, cautious=3, lowest_type_score=3),
        Question(id="two", weight=3, is_core=True, score=second, cautious=second, is_unknown=second is None),
        Question(id="three", weight=2, is_core=False, score=4, cautious=cautious_score(4)),
    ]


def test_the_worked_action() -> None:
    figures = action_figures(worked(None))
    assert figures.coverage == pytest.approx(0.625)
    assert figures.observed_gap == pytest.approx(0.15)
    assert figures.gap is None
    assert (figures.gap_low, figures.gap_high) == (pytest.approx(0.09375), pytest.approx(0.46875))
    assert figures.cautious_gap == pytest.approx(0.59375)
    assert figures.blocking == ("two",)


@pytest.mark.parametrize(("second", "gap", "cautious"), [(0.0, 0.46875, 0.59375), (2.0, 0.28125, 0.40625)])
def test_the_worked_action_answered(second: float, gap: float, cautious: float) -> None:
    figures = action_figures(worked(second))
    assert figures.gap == pytest.approx(gap)
    assert figures.cautious_gap == pytest.approx(cautious)


def test_fit_is_limited_above_forty_per_cent() -> None:
    assert not has_limited_fit(applicable_weight=6, total_weight=10)
    assert has_limited_fit(applicable_weight=5.9, total_weight=10)


scores = st.one_of(st.none(), st.floats(0, 4))
questions = st.lists(
    st.tuples(st.sampled_from([3.0, 2.0, 1.0]), scores, st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8
).map(lambda rows: [make(n, *row) for n, row in enumerate(rows)])  # fmt: skip


def make(n: int, weight: float, score: float | None, evidence: float, confidence: float) -> Question:
    is_core = weight == 3
    return Question(
        id=f"q{n}", weight=weight, is_core=is_core, score=score, cautious=cautious_score(score, best_evidence=evidence, is_core=is_core),
        confidence=0.0 if score is None else confidence, is_unknown=score is None,
    )  # fmt: skip


def changed(asked: list[Question], *, score: float | None) -> list[Question]:
    first = asked[0]
    return [make(0, first.weight, score, 1.0, first.confidence), *asked[1:]]


@given(questions)
def test_every_figure_stays_within_bounds_and_order(asked: list[Question]) -> None:
    figures = action_figures(asked)
    assert 0 <= figures.gap_low <= figures.gap_high <= figures.cautious_gap + 1e-12 <= 1 + 1e-9
    assert 0 <= figures.coverage <= 1
    assert 0 <= figures.confidence <= 1
    if figures.observed_gap is not None:
        assert figures.gap_low - 1e-12 <= figures.observed_gap <= figures.gap_high + 1e-12


@given(questions, st.floats(0, 4), st.floats(0, 4))
def test_a_better_answer_never_raises_a_gap(asked: list[Question], one: float, other: float) -> None:
    worse, better = action_figures(changed(asked, score=min(one, other))), action_figures(changed(asked, score=max(one, other)))
    assert better.cautious_gap <= worse.cautious_gap + 1e-12
    assert better.gap_high <= worse.gap_high + 1e-12


@given(questions, st.floats(0, 4))
def test_unknown_never_lowers_the_cautious_gap_nor_raises_confidence(asked: list[Question], score: float) -> None:
    known, unknown = action_figures(changed(asked, score=score)), action_figures(changed(asked, score=None))
    assert unknown.cautious_gap >= known.cautious_gap - 1e-12
    assert unknown.confidence <= known.confidence + 1e-12


@given(
    st.lists(st.sampled_from([f"{a}{n}" for a in "ABCDEF" for n in (1, 2, 3, 4, 5, 6)]), max_size=5),
    st.sampled_from(["A1", "C3", "E4", "F6", "B5"]),
)
def test_more_evidence_never_lowers_reliability(grades: list[str], more: str) -> None:
    assert evidence_reliability(graded(*grades, more)) >= evidence_reliability(graded(*grades)) - 1e-12


@given(st.sampled_from(sorted(AGEING)), st.floats(0, 9000), st.floats(0, 9000))
def test_freshness_never_rises_with_age(kind: str, one: float, other: float) -> None:
    older, newer = freshness(max(one, other), kind), freshness(min(one, other), kind)  # type: ignore[arg-type]  # the keys are the kinds
    assert older <= newer


@given(st.lists(st.floats(0, 4), min_size=1, max_size=5))
def test_more_ministries_with_the_median_answer_change_nothing(answers: list[float]) -> None:
    from statistics import median

    before = joint_score({"state": answers, "nhri": [2.0]})
    assert joint_score({"state": [*answers, median(answers)], "nhri": [2.0]}) == pytest.approx(before)
