"""Results of a round: the worked examples of the method, its rules of publication, and what is never hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assess_rounds import (
    ASSOCIATION,
    ASSOCIATION_2,
    ASSOCIATION_3,
    INTERIOR,
    MINISTRY,
    NHRI,
    POLICE,
    TODAY,
    answer,
    catalog_with,
    piece,
    round_of,
)
from forefend.assess.answers import Ruling
from forefend.assess.results import band, results
from forefend.errors import AssessmentError

SEVERAL = (
    answer("N1.1", MINISTRY, 4), answer("N1.1", POLICE, 4), answer("N1.1", INTERIOR, 3), answer("N1.1", NHRI, 2),
    answer("N1.1", ASSOCIATION, 1), answer("N1.1", ASSOCIATION_2, 2),
)  # fmt: skip


def ruling(score: float | None, question: str = "N1.1") -> Ruling:
    return Ruling(question=question, score=score, reason="The law was changed in May.", by="coordinator", on=TODAY)


def test_types_count_once_each() -> None:
    question = results(round_of(*SEVERAL)).questions["N1.1"]
    assert question.type_scores == {"government": 4, "independent_bodies": 2, "civil_society": 1.5}
    assert question.score == pytest.approx(2.5)
    assert question.agreement == pytest.approx(0.375)
    assert question.difference == pytest.approx(2.5)
    assert question.is_disputed


def test_the_worked_action() -> None:
    catalog = catalog_with(dict.fromkeys(("N1.3", "N1.5", "N1.6", "N1.7", "N1.9")) | {"N1.8": {"applies_if": ("federal",)}})
    proof = (piece("B2"),)
    given = (
        answer("N1.1", MINISTRY, 3, evidence=proof), answer("N1.1", ASSOCIATION, 3), answer("N1.2", MINISTRY, "unknown"),
        answer("N1.4", MINISTRY, 4),
    )  # fmt: skip
    found = results(round_of(*given, catalog=catalog, conditions={"federal": False}))
    action = found.actions["N1"]
    assert action.applicable == ("N1.1", "N1.2", "N1.4")
    figures = action.figures
    assert figures is not None
    assert (figures.coverage, figures.observed_gap, figures.gap) == (pytest.approx(0.625), pytest.approx(0.15), None)
    assert (figures.gap_low, figures.gap_high, figures.cautious_gap) == (
        pytest.approx(0.09375), pytest.approx(0.46875), pytest.approx(0.59375),
    )  # fmt: skip
    assert action.unpublished_because == "core_open"
    assert action.blocking == ("N1.2",)
    assert found.spheres["national"].figures == figures
    assert [question.cautious for question in found.questions.values() if question.applies] == [3, 0, 2]


@pytest.mark.parametrize(("second", "gap", "cautious"), [(0, 0.46875, 0.59375), (2, 0.28125, 0.40625)])
def test_the_worked_action_answered(second: float, gap: float, cautious: float) -> None:
    catalog = catalog_with(dict.fromkeys(("N1.3", "N1.5", "N1.6", "N1.7", "N1.8", "N1.9")))
    proof = (piece("B2"),)
    given = [answer("N1.1", who, 3, evidence=proof) for who in (MINISTRY, ASSOCIATION)]
    given += [answer("N1.2", MINISTRY, second, evidence=proof), answer("N1.4", MINISTRY, 4)]
    action = results(round_of(*given, catalog=catalog)).actions["N1"]
    assert action.figures is not None
    assert action.figures.gap == pytest.approx(gap)
    assert action.figures.cautious_gap == pytest.approx(cautious)
    assert action.unpublished_because == ""


def test_not_applicable_by_hand_is_unknown() -> None:
    by_hand = results(round_of(answer("N1.1", MINISTRY, "not_applicable")))
    unknown = results(round_of(answer("N1.1", MINISTRY, "unknown")))
    assert by_hand.questions["N1.1"].state == unknown.questions["N1.1"].state == "unknown"
    assert by_hand.actions["N1"].figures == unknown.actions["N1"].figures


def test_a_false_condition_leaves_numerator_and_denominator() -> None:
    catalog = catalog_with({"N1.1": {"applies_if": ("federal", "is_donor")}})
    found = results(round_of(answer("N1.1", MINISTRY, 0), catalog=catalog, conditions={"federal": False}))
    question = found.questions["N1.1"]
    assert (question.state, question.failed_conditions, question.score, question.is_blocking) == (
        "not_applicable",
        ("federal",),
        None,
        False,
    )
    assert "N1.1" not in found.actions["N1"].applicable


def test_a_condition_that_nobody_set_counts_as_true() -> None:
    catalog = catalog_with({"N1.1": {"applies_if": ("federal",)}})
    assert results(round_of(answer("N1.1", MINISTRY, 2), catalog=catalog)).questions["N1.1"].state == "answered"


def test_limited_fit_has_no_score_and_all_not_applicable_is_no_gap_of_zero() -> None:
    ids = [f"N1.{n}" for n in range(1, 10)]
    some = results(
        round_of(
            answer("N1.9", MINISTRY, 0),
            catalog=catalog_with({q: {"applies_if": ("federal",)} for q in ids[:4]}),
            conditions={"federal": False},
        )
    ).actions["N1"]
    assert (some.fit, some.figures, some.unpublished_because) == ("limited_fit", None, "limited_fit")
    whole = results(round_of(catalog=catalog_with({q: {"applies_if": ("federal",)} for q in ids}), conditions={"federal": False})).actions[
        "N1"
    ]
    assert (whole.fit, whole.figures, whole.applicable) == ("not_applicable", None, ())


def test_a_number_is_scored_on_its_line() -> None:
    question = results(round_of(answer("N1.7", MINISTRY, "number", value=12.0))).questions["N1.7"]
    assert question.score == pytest.approx(3.2)


@pytest.mark.parametrize(("word", "score"), [("yes", 4), ("partly", 2), ("no", 0)])
def test_words_have_scores(word: str, score: float) -> None:
    assert results(round_of(answer("N2.2", MINISTRY, word), actions=["N2"])).questions["N2.2"].score == score


@pytest.mark.parametrize("value", [None, -1.0, 4.5, float("nan"), float("inf")])
def test_what_cannot_be_scored_is_unknown(value: float | None) -> None:
    assert results(round_of(answer("N1.1", MINISTRY, "level", value=value))).questions["N1.1"].state == "unknown"


def test_a_number_to_a_question_without_a_scale_is_unknown() -> None:
    assert results(round_of(answer("N1.1", MINISTRY, "number", value=3.0))).questions["N1.1"].state == "unknown"


def test_a_ruling_replaces_the_score_and_nothing_else() -> None:
    before, after = (results(round_of(*SEVERAL, rulings=rulings)).questions["N1.1"] for rulings in ({}, {"N1.1": ruling(4)}))
    assert (after.score, after.joint_score) == (4, before.score)
    assert (after.agreement, after.lowest_type_score, after.type_scores) == (before.agreement, before.lowest_type_score, before.type_scores)
    assert after.cautious == 2  # without evidence, whatever the coordinator rules
    assert before.is_disputed
    assert not after.is_disputed


def test_a_ruling_does_not_hide_a_type_at_zero() -> None:
    given = (answer("N1.1", MINISTRY, 4, evidence=(piece("A1"),)), answer("N1.1", ASSOCIATION, 0))
    question = results(round_of(*given, rulings={"N1.1": ruling(3)})).questions["N1.1"]
    assert question.is_blocking
    assert question.cautious == 1


def test_a_ruling_that_it_cannot_be_known_opens_the_question() -> None:
    question = results(round_of(*SEVERAL, rulings={"N1.1": ruling(None)})).questions["N1.1"]
    assert (question.state, question.score, question.confidence, question.cautious) == ("unknown", None, 0, 0)
    assert question.is_blocking


def test_a_ruling_cannot_answer_for_nobody() -> None:
    question = results(round_of(answer("N1.1", MINISTRY, "unknown"), rulings={"N1.1": ruling(4)})).questions["N1.1"]
    assert (question.state, question.score, question.ruling) == ("unknown", None, None)


def test_confidence_of_the_worked_example() -> None:
    checked = TODAY - timedelta(days=365)
    given = (
        answer("N1.2", MINISTRY, 3, checked_on=checked, evidence=(piece("B3"),)),
        answer("N1.2", NHRI, 2, checked_on=checked, evidence=(piece("C3"),)),
    )
    question = results(round_of(*given)).questions["N1.2"]
    assert question.confidence == pytest.approx(0.4188, abs=5e-5)
    assert band(question.confidence) == "moderate"


def test_a_law_ages_more_slowly_than_a_practice() -> None:
    checked = TODAY - timedelta(days=365)
    given = (answer("N1.1", MINISTRY, 3, checked_on=checked), answer("N1.2", MINISTRY, 3, checked_on=checked))
    found = results(round_of(*given)).questions
    assert found["N1.1"].freshness == 1
    assert found["N1.2"].freshness == pytest.approx(0.7038, abs=5e-5)


def test_freshness_weighs_types_as_the_score_does() -> None:
    old = TODAY - timedelta(days=180 + 365)
    given = [answer("N1.2", who, 3) for who in (MINISTRY, POLICE, INTERIOR)] + [answer("N1.2", NHRI, 3, checked_on=old)]
    assert results(round_of(*given)).questions["N1.2"].freshness == pytest.approx(0.75)
    assert results(round_of(answer("N1.2", NHRI, 3, checked_on=old))).questions["N1.2"].is_stale


def test_two_types_are_needed_for_the_full_score_of_a_core_question() -> None:
    proof = (piece("A1"),)
    one = results(round_of(answer("N1.1", MINISTRY, 4, evidence=proof))).questions["N1.1"]
    two = results(round_of(answer("N1.1", MINISTRY, 4, evidence=proof), answer("N1.1", NHRI, 4))).questions["N1.1"]
    assert (one.cautious, two.cautious) == (3, 4)


def test_protected_respondents_are_not_shown_alone() -> None:
    given = (answer("N1.1", MINISTRY, 4), answer("N1.1", NHRI, 3), answer("N1.1", ASSOCIATION, 1, is_shared=False))
    question = results(round_of(*given)).questions["N1.1"]
    assert question.withheld == ("civil_society",)
    assert question.shown_type_scores == {}  # with the joint score, the other two would give it away
    assert (question.shown_difference, question.shown_agreement) == (None, None)
    assert question.is_disputed


def test_three_answers_or_consent_show_a_protected_type() -> None:
    three = [answer("N1.1", who, 1, is_shared=False) for who in (ASSOCIATION, ASSOCIATION_2, ASSOCIATION_3)]
    assert results(round_of(answer("N1.1", MINISTRY, 4), *three)).questions["N1.1"].shown_difference == 3
    consented = results(round_of(answer("N1.1", MINISTRY, 4), answer("N1.1", ASSOCIATION, 1))).questions["N1.1"]
    assert consented.shown_type_scores == {"government": 4, "civil_society": 1}


def test_a_large_difference_is_a_finding_also_after_a_ruling() -> None:
    found = results(round_of(*SEVERAL, rulings={"N1.1": ruling(3)}))
    assert found.differences == ("N1.1",)
    assert found.disputed == ()


def test_the_later_of_two_answers_by_one_respondent_counts() -> None:
    earlier = answer("N1.1", MINISTRY, 4, checked_on=TODAY - timedelta(days=9), id="earlier")
    assert results(round_of(answer("N1.1", MINISTRY, 1), earlier)).questions["N1.1"].score == 1


def test_strengths_are_claimed_by_the_cautious_score() -> None:
    proof = (piece("A1"),)
    proven = [answer(f"N1.{n}", who, 4, evidence=proof) for n in range(1, 10) if n != 7 for who in (MINISTRY, ASSOCIATION)]
    found = results(round_of(*proven, answer("N1.7", MINISTRY, "number", value=5.0)))
    assert "N1.1" in found.strengths.questions
    assert "N1.7" not in found.strengths.questions  # no evidence
    assert found.strengths.actions == ("N1",)
    assert results(round_of(*(replace(one, evidence=()) for one in proven))).strengths.questions == ()


def test_actions_are_listed_by_their_cautious_gap() -> None:
    found = results(round_of(answer("N2.2", MINISTRY, "yes"), actions=["N1", "N2"]))
    assert [action.id for action in found.by_cautious_gap] == ["N1", "N2"]


def test_an_action_that_is_not_in_the_catalog_is_refused() -> None:
    with pytest.raises(AssessmentError, match="X9"):
        results(round_of(actions=["X9"]))


def test_every_question_says_how_it_ages() -> None:
    from forefend.catalog import load_catalog

    kinds = {question.ageing for question in load_catalog().questions.values()}
    assert kinds == {"law_and_structure", "institutional_practice"}


def test_a_state_with_missions_and_forces_is_asked_nearly_everything() -> None:
    from forefend.catalog import load_catalog

    found = results(round_of(actions=list(load_catalog().actions), conditions={"territory_outside_control": False}))
    assert (len(found.questions), sum(question.applies for question in found.questions.values())) == (174, 173)
    assert all(action.fit == "scored" for action in found.actions.values())
