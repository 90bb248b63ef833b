"""Every standing check fires where it should and stays silent beside it, and all that it says can be read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from assess_rounds import ASSOCIATION, INTERIOR, MINISTRY, NHRI, POLICE, TODAY, answer, catalog_with, piece, round_of
from forefend.assess.answers import ConditionFact, RoundAnswers, Ruling
from forefend.assess.checks import CHECKS, SEVERITIES, standing
from forefend.assess.results import RoundResults, results
from forefend.catalog import load_catalog
from forefend.catalog.model import Catalog

DAY = timedelta(days=1)
LONG = "The office has published its figures every year since it was founded."
GOOD = (piece("B2"),)
MANY = [q for action in ("N1", "N2") for q in load_catalog().actions[action].questions if load_catalog().questions[q].numeric is None][:10]


def ruled(*answers: object, score: float | None, reason: str = "The law was changed.") -> RoundAnswers:
    return round_of(*answers, rulings={"N1.1": Ruling(question="N1.1", score=score, reason=reason, by="c", on=TODAY)})  # type: ignore[arg-type]


def federal(*questions: str) -> Catalog:
    return catalog_with({question: {"applies_if": ("federal",)} for question in questions})


def before(*answers: object, **changed: object) -> RoundResults:
    return results(replace(round_of(*answers, **changed), today=TODAY - 400 * DAY))  # type: ignore[arg-type]


apart = (answer("N1.1", MINISTRY, 4), answer("N1.1", ASSOCIATION, 1))
near = (answer("N1.1", MINISTRY, 3), answer("N1.1", ASSOCIATION, 2))
whole = tuple(answer(q, MINISTRY, 4) for q in load_catalog().actions["N1"].questions if q != "N1.7")
no_federal = {"federal": False}

Case = RoundAnswers | tuple[RoundAnswers, RoundResults]
CASES: dict[str, tuple[Case, Case]] = {
    # evidence
    "evidence.level_4_without": (
        round_of(answer("N1.1", MINISTRY, 4, evidence=(piece("A1", expires=TODAY - DAY),))),
        round_of(answer("N1.1", MINISTRY, 4, evidence=GOOD), answer("N1.2", MINISTRY, 3)),
    ),
    "evidence.level_3_weak": (
        round_of(answer("N1.1", MINISTRY, 3, evidence=(piece("E3"),))),
        round_of(answer("N1.1", MINISTRY, 3, evidence=GOOD)),
    ),
    "evidence.expired": (
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("A1", expires=TODAY - DAY),))),
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("A1", expires=TODAY),))),
    ),
    "evidence.expires_soon": (
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("A1", expires=TODAY + 60 * DAY),))),
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("A1", expires=TODAY + 61 * DAY),))),
    ),
    "evidence.older_than_half_life": (
        round_of(answer("N1.2", MINISTRY, 2, evidence=(piece("A1", dated=TODAY - 546 * DAY),))),
        round_of(
            answer("N1.2", MINISTRY, 2, evidence=(piece("A1", dated=TODAY - 545 * DAY),)),
            answer("N1.1", MINISTRY, 2, evidence=(piece("A2", dated=TODAY - 1000 * DAY),)),  # a law keeps longer
        ),
    ),
    "evidence.undated": (
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("A1", dated=None),))),
        round_of(answer("N1.1", MINISTRY, 2, evidence=GOOD)),
    ),
    "evidence.dated_ahead": (
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("A1", dated=TODAY + DAY),))),
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("A1", dated=TODAY),))),
    ),
    "evidence.improbable": (
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("B5"),))),
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("B6"),))),
    ),
    "evidence.no_such_grade": (
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("G2"),))),
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("B5"),))),
    ),
    "evidence.one_for_many": (
        round_of(*(answer(q, MINISTRY, 2, evidence=GOOD) for q in MANY), actions=["N1", "N2"]),
        round_of(*(answer(q, MINISTRY, 2, evidence=GOOD) for q in MANY[:9]), actions=["N1", "N2"]),
    ),
    "evidence.echo": (
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("B2", id="a"), piece("B2", id="b", independent_of=("a",))))),
        round_of(answer("N1.1", MINISTRY, 2, evidence=(piece("B2", id="a"), piece("B2", id="b")))),
    ),
    "evidence.sure_on_weak": (
        round_of(answer("N1.1", MINISTRY, 2, sure="high", evidence=(piece("E1"),))),
        round_of(answer("N1.1", MINISTRY, 2, sure="high", evidence=(piece("E1"), piece("D3"))), answer("N1.2", MINISTRY, 2, sure="low")),
    ),
    # answers
    "answers.core_unknown": (
        round_of(answer("N1.1", MINISTRY, "unknown")),
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.4", MINISTRY, "unknown")),
    ),
    "answers.core_unanswered": (
        round_of(answer("N1.1", MINISTRY, 2)),
        round_of(
            *(answer(q, MINISTRY, 2) for q in load_catalog().actions["N1"].questions if load_catalog().questions[q].criticality == "core")
        ),
    ),
    "answers.not_applicable_by_hand": (
        round_of(answer("N1.1", MINISTRY, "not_applicable")),
        round_of(answer("N1.1", MINISTRY, "not_applicable"), catalog=federal("N1.1"), conditions=no_federal),
    ),
    "answers.no_score": (round_of(answer("N1.1", MINISTRY, 5)), round_of(answer("N1.1", MINISTRY, "unknown"), answer("N1.2", MINISTRY, 4))),
    "answers.extreme_without_comment": (
        round_of(answer("N1.1", MINISTRY, 0, comment=" ")),
        round_of(answer("N1.1", MINISTRY, 0), answer("N1.2", MINISTRY, 2, comment="")),
    ),
    "answers.all_the_same": (
        round_of(*(answer(q, MINISTRY, 3 if n < 8 else 1) for n, q in enumerate(MANY)), actions=["N1", "N2"]),
        round_of(*(answer(q, MINISTRY, 3 if n < 7 else 1) for n, q in enumerate(MANY)), actions=["N1", "N2"]),
    ),
    "answers.mostly_unknown": (
        round_of(*(answer(q, MINISTRY, "unknown") for q in MANY[:3]), answer(MANY[3], MINISTRY, 2)),
        round_of(*(answer(q, MINISTRY, "unknown") for q in MANY[:2]), *(answer(q, MINISTRY, 2) for q in MANY[2:4])),
    ),
    "answers.outside_the_round": (
        round_of(answer("N2.1", MINISTRY, 2), actions=["N1"]),
        round_of(answer("N2.1", MINISTRY, 2), actions=["N2"]),
    ),
    "answers.although_not_applicable": (
        round_of(answer("N1.1", MINISTRY, 2), catalog=federal("N1.1"), conditions=no_federal),
        round_of(answer("N1.1", MINISTRY, "not_applicable"), catalog=federal("N1.1"), conditions=no_federal),
    ),
    "answers.twice": (
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.1", MINISTRY, 3, id="again")),
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.1", POLICE, 3)),
    ),
    "answers.stale": (
        round_of(answer("N1.2", MINISTRY, 2, checked_on=TODAY - 545 * DAY)),
        round_of(answer("N1.2", MINISTRY, 2, checked_on=TODAY - 544 * DAY)),
    ),
    "answers.checked_ahead": (round_of(answer("N1.2", MINISTRY, 2, checked_on=TODAY + DAY)), round_of(answer("N1.2", MINISTRY, 2))),
    "answers.nothing_to_improve": (
        round_of(*whole, answer("N1.7", MINISTRY, "number", value=0.0)),
        round_of(*whole, answer("N1.7", MINISTRY, "number", value=12.0)),
    ),
    # agreement
    "agreement.one_institution": (
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.2", MINISTRY, 2), answer("N1.2", POLICE, "unknown")),
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.2", POLICE, 2)),
    ),
    "agreement.one_type": (round_of(answer("N1.1", MINISTRY, 2), answer("N1.1", POLICE, 2)), round_of(*near, answer("N1.4", MINISTRY, 2))),
    "agreement.disputed": (round_of(*apart), round_of(*near)),
    "agreement.state_above_civil_society": (
        ruled(*apart, score=2),
        round_of(answer("N1.1", MINISTRY, 1), answer("N1.1", ASSOCIATION, 4)),
    ),
    "agreement.ruling_outside": (ruled(*near, score=4), ruled(*near, score=2.5)),
    "agreement.ruling_at_the_top": (ruled(*near, score=3), ruled(*near, score=2.5)),
    "agreement.ruling_without_reason": (ruled(*near, score=2, reason=" "), ruled(*near, score=2)),
    "agreement.ruling_for_nobody": (ruled(answer("N1.1", MINISTRY, "unknown"), score=3), ruled(*near, score=None)),
    "agreement.government_only": (
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.1", INTERIOR, 2)),
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.2", NHRI, 2)),
    ),
    "agreement.civil_society_not_heard": (
        round_of(answer("N1.1", MINISTRY, 2), asked={"N1.1": ("justice", "association")}),
        round_of(*near, asked={"N1.1": ("justice", "association")}),
    ),
    # process
    "process.settled_with_open_requests": (
        round_of(answer("N1.1", MINISTRY, 2, open_requests=1), stage="adopted"),
        round_of(answer("N1.1", MINISTRY, 2, open_requests=1), stage="submitted"),
    ),
    "process.open_requests": (
        round_of(answer("N1.1", MINISTRY, 2, open_requests=1), stage="submitted"),
        round_of(answer("N1.1", MINISTRY, 2), stage="submitted"),
    ),
    "process.reviewed_by_its_author": (
        round_of(answer("N1.1", MINISTRY, 2, given_by="amina", reviewed_by="amina")),
        round_of(answer("N1.1", MINISTRY, 2, given_by="amina", reviewed_by="kofi"), answer("N1.2", MINISTRY, 2)),
    ),
    "process.core_not_asked": (
        round_of(),
        round_of(
            asked={q: ("justice",) for q in load_catalog().actions["N1"].questions if load_catalog().questions[q].criticality == "core"}
        ),
    ),
    "process.asked_of_one": (round_of(asked={"N1.1": ("justice",)}), round_of(asked={"N1.1": ("justice", "nhri"), "N1.4": ("justice",)})),
    "process.overdue": (
        round_of(due=TODAY - DAY, contributions={"justice": "draft"}),
        round_of(due=TODAY - DAY, contributions={"justice": "submitted", "police": "draft"}, closed=frozenset({"police"})),
    ),
    "process.handed_in_with_holes": (
        round_of(answer("N1.1", MINISTRY, 2), asked={"N1.1": ("justice",), "N1.2": ("justice",)}, contributions={"justice": "submitted"}),
        round_of(answer("N1.1", MINISTRY, "unknown"), asked={"N1.1": ("justice",)}, contributions={"justice": "submitted"}),
    ),
    "process.closed_without_an_answer": (
        round_of(closed=frozenset({"police"})),
        round_of(answer("N1.1", POLICE, 2), closed=frozenset({"police"})),
    ),
    "process.condition_not_confirmed": (
        round_of(
            catalog=federal("N1.1"),
            conditions=no_federal,
            condition_facts={"federal": ConditionFact(source="Constitution", confirmed_by=("government",))},
        ),
        round_of(
            catalog=federal("N1.1"),
            conditions=no_federal,
            condition_facts={"federal": ConditionFact(source="Constitution", confirmed_by=("government", "civil_society"))},
        ),
    ),
    "process.condition_not_set": (round_of(catalog=federal("N1.1")), round_of(catalog=federal("N1.1"), conditions={"federal": True})),
    # data
    "data.contradicts": (round_of(answer("N1.1", MINISTRY, 4, suggested=2.0)), round_of(answer("N1.1", MINISTRY, 3, suggested=2.0))),
    "data.departs_without_reason": (
        round_of(answer("N1.1", MINISTRY, 3, suggested=2.0)),
        round_of(answer("N1.1", MINISTRY, 3, suggested=2.0, departs_because="A new law"), answer("N1.2", MINISTRY, 2, suggested=2.0)),
    ),
    "data.taken_over_and_changed": (
        round_of(answer("N1.1", MINISTRY, 3, suggested=2.0, is_taken_over=True)),
        round_of(answer("N1.1", MINISTRY, 2, suggested=2.0, is_taken_over=True)),
    ),
    "data.follows_always": (
        round_of(*(answer(q, MINISTRY, 2, suggested=2.0, is_taken_over=n < 9) for n, q in enumerate(MANY)), actions=["N1", "N2"]),
        round_of(*(answer(q, MINISTRY, 2, suggested=2.0, is_taken_over=n < 8) for n, q in enumerate(MANY)), actions=["N1", "N2"]),
    ),
    "data.rests_on_data_alone": (
        round_of(answer("N1.1", MINISTRY, 2, suggested=2.0, is_taken_over=True)),
        round_of(answer("N1.1", MINISTRY, 2, suggested=2.0, is_taken_over=True), answer("N1.1", NHRI, 2)),
    ),
    "data.jump_without_new_evidence": (
        (round_of(answer("N1.1", MINISTRY, 3, evidence=(piece("A1", dated=TODAY - 401 * DAY),))), before(answer("N1.1", MINISTRY, 1))),
        (
            round_of(answer("N1.1", MINISTRY, 3, evidence=GOOD), answer("N1.2", MINISTRY, 2)),
            before(answer("N1.1", MINISTRY, 1), answer("N1.2", MINISTRY, 1)),
        ),
    ),
    "data.answered_no_more": (
        (round_of(answer("N1.1", MINISTRY, "unknown")), before(answer("N1.1", MINISTRY, 1))),
        (round_of(answer("N1.1", MINISTRY, 1)), before(answer("N1.1", MINISTRY, 1), answer("N1.2", MINISTRY, "unknown"))),
    ),
    "data.lowest_view_gone": (
        (round_of(answer("N1.1", MINISTRY, 4), answer("N1.1", ASSOCIATION, "unknown")), before(*apart)),
        (round_of(*near, answer("N1.2", MINISTRY, "unknown")), before(*apart, answer("N1.2", ASSOCIATION, 1))),
    ),
    "data.condition_fell": (
        (round_of(catalog=federal("N1.1"), conditions=no_federal), before(catalog=federal("N1.1"), conditions={"federal": True})),
        (round_of(catalog=federal("N1.1"), conditions=no_federal), before(catalog=federal("N1.1"), conditions=no_federal)),
    ),
    # text
    "text.same_in_many": (
        round_of(*(answer(q, MINISTRY, 2, comment=LONG.upper() if n else LONG) for n, q in enumerate(MANY[:3]))),
        round_of(
            *(answer(q, MINISTRY, 2, comment=LONG) for q in MANY[:2]), *(answer(q, MINISTRY, 2, comment="See law.") for q in MANY[2:5])
        ),
    ),
    "text.copied_between": (
        round_of(answer("N1.1", MINISTRY, 2, comment=LONG), answer("N1.1", NHRI, 2, comment=LONG)),
        round_of(answer("N1.1", MINISTRY, 2, comment=LONG), answer("N1.2", NHRI, 2, comment=LONG)),
    ),
    "text.repeats_the_question": (
        round_of(answer("N1.1", MINISTRY, 2, comment=load_catalog().questions["N1.1"].levels[2])),
        round_of(answer("N1.1", MINISTRY, 2), answer("N1.2", MINISTRY, 2, comment="")),
    ),
    "text.personal_data": (
        round_of(answer("N1.1", MINISTRY, 2, comment="Ask Ama, 0244 123 456.")),
        round_of(answer("N1.1", MINISTRY, 2, comment="Budget 1 250 000 000 in 2024-2025, A/RES/60/1 paras 138-139.")),
    ),
    "text.marked_below_its_evidence": (
        round_of(answer("N1.1", MINISTRY, 2, marking="GREEN", evidence=(piece("B2", marking="RED"),))),
        round_of(answer("N1.1", MINISTRY, 2, marking="RED", evidence=(piece("B2", marking="AMBER+STRICT"),))),
    ),
    "text.no_such_marking": (
        round_of(answer("N1.1", MINISTRY, 2, marking="WHITE")),
        round_of(answer("N1.1", MINISTRY, 2, marking="CLEAR")),
    ),
    "text.open_answer_of_a_protected_respondent": (
        round_of(answer("N1.1", ASSOCIATION, 2, marking="GREEN", is_shared=False)),
        round_of(answer("N1.1", ASSOCIATION, 2, marking="GREEN"), answer("N1.1", NHRI, 2, marking="GREEN", is_shared=False)),
    ),
}


def found_in(case: Case, identifier: str) -> list:
    asked, previous = case if isinstance(case, tuple) else (case, None)
    return [finding for finding in standing(asked, previous=previous) if finding.check == identifier]


def test_every_check_is_tried() -> None:
    assert set(CASES) == set(CHECKS)
    assert len(CHECKS) >= 30


@pytest.mark.parametrize("identifier", sorted(CASES))
def test_a_check_fires_where_it_should_and_not_beside_it(identifier: str) -> None:
    fires, quiet = CASES[identifier]
    found = found_in(fires, identifier)
    assert found
    assert found_in(quiet, identifier) == []
    for finding in found:
        filled = finding.sentence % finding.params
        assert "%(" not in filled
        assert set(re.findall(r"%\((\w+)\)s", finding.sentence)) <= set(finding.params)
        assert filled.endswith((".", "?")) or "condition" in finding.params


@pytest.mark.parametrize("identifier", sorted(CASES))
def test_a_finding_leads_to_what_it_is_about(identifier: str) -> None:
    for finding in found_in(CASES[identifier][0], identifier):
        names = set(re.findall(r"%\((\w+)\)s", finding.sentence))
        assert all(finding.params[name] for name in names & {"question", "action", "institution"})
        if "institution" in names:
            assert finding.respondent


def test_all_three_severities_are_used_and_what_stops_comes_first() -> None:
    assert {check.severity for check in CHECKS.values()} == set(SEVERITIES)
    case = CASES["text.no_such_marking"][0]
    assert not isinstance(case, tuple)
    order = [list(SEVERITIES).index(finding.severity) for finding in standing(case)]
    assert order == sorted(order)


def test_a_difference_that_would_show_a_protected_score_is_not_told() -> None:
    given = (answer("N1.1", MINISTRY, 4), answer("N1.1", ASSOCIATION, 1, is_shared=False))
    assert found_in(round_of(*given), "agreement.state_above_civil_society") == []


def test_nobody_answered_anything_and_no_check_breaks() -> None:
    assert standing(round_of(actions=list(load_catalog().actions)))


def test_two_checks_cannot_have_one_name() -> None:
    from forefend.assess.checks.registry import check

    with pytest.raises(ValueError, match=r"evidence\.expired"):
        check("evidence.expired", severity="asks", title="x", sentence="x")(lambda seen: iter(()))
