"""Stages of rounds and contributions: what is in the table can be done, everything else is refused."""

from __future__ import annotations

from itertools import product

import pytest

from forefend.assess.transitions import STAGES, TRANSITIONS, Facts, allowed, answers_are_open, check_step, transition
from forefend.errors import TransitionRefused

ROUND_STEPS = {
    ("draft", "submitted"), ("submitted", "returned"), ("returned", "submitted"), ("submitted", "reviewed"), ("reviewed", "returned"),
    ("reviewed", "adopted"), ("adopted", "archived"),
}  # fmt: skip
CONTRIBUTION_STEPS = {
    ("draft", "submitted"), ("submitted", "returned"), ("returned", "submitted"), ("submitted", "reviewed"), ("reviewed", "returned"),
}  # fmt: skip
STEPS = {"round": ROUND_STEPS, "contribution": CONTRIBUTION_STEPS}
READY = Facts(contributions={"justice": "submitted", "nhri": "reviewed"})


@pytest.mark.parametrize("kind", ["round", "contribution"])
def test_exactly_the_steps_of_the_table_are_allowed(kind: str) -> None:
    for source, target in product(STAGES[kind], STAGES[kind]):
        if (source, target) in STEPS[kind]:
            assert transition(kind, source, target).target == target
        else:
            with pytest.raises(TransitionRefused, match=r"\. (Choose|Start)"):
                transition(kind, source, target)


def test_allowed_lists_what_leads_on() -> None:
    assert {step.target for step in allowed("round", "submitted")} == {"returned", "reviewed"}
    assert allowed("round", "archived") == ()
    with pytest.raises(TransitionRefused, match="adopted"):
        allowed("contribution", "adopted")


def test_returning_asks_for_a_reason_and_nothing_else_does() -> None:
    assert {step.verb for step in TRANSITIONS if step.needs_reason} == {"return"}
    step = transition("round", "submitted", "returned")
    with pytest.raises(TransitionRefused, match="reason"):
        check_step(step, facts=READY, reason="  ")
    check_step(step, facts=READY, reason="N1.1 names no law.")


def test_only_the_one_who_may_adopts() -> None:
    assert [step.target for step in TRANSITIONS if step.permission == "adopt"] == ["adopted"]
    assert {step.permission for step in TRANSITIONS if step.kind == "contribution"} == {"answer", "review"}


def test_a_round_waits_for_everybody_or_for_the_coordinator() -> None:
    step = transition("round", "draft", "submitted")
    late = {"justice": "submitted", "police": "draft"}
    with pytest.raises(TransitionRefused, match="police"):
        check_step(step, facts=Facts(contributions=late))
    check_step(step, facts=Facts(contributions=late, closed=frozenset({"police"})))
    check_step(step, facts=READY)
    with pytest.raises(TransitionRefused, match="Nobody"):
        check_step(step, facts=Facts())


def test_a_round_is_not_reviewed_while_answers_are_sent_back() -> None:
    with pytest.raises(TransitionRefused, match="nhri"):
        check_step(transition("round", "submitted", "reviewed"), facts=Facts(contributions={"nhri": "returned"}))


@pytest.mark.parametrize("facts", [Facts(open_requests=2), Facts(stopping=1)])
def test_nothing_open_is_adopted(facts: Facts) -> None:
    with pytest.raises(TransitionRefused):
        check_step(transition("round", "reviewed", "adopted"), facts=facts)
    check_step(transition("round", "reviewed", "adopted"), facts=READY)


def test_a_contribution_is_reviewed_once_its_requests_are_closed() -> None:
    step = transition("contribution", "submitted", "reviewed")
    with pytest.raises(TransitionRefused, match="requests"):
        check_step(step, facts=Facts(open_requests=1))
    check_step(step, facts=Facts(round_stage="submitted"))


@pytest.mark.parametrize("stage", ["reviewed", "adopted", "archived"])
def test_a_settled_round_takes_nothing_back(stage: str) -> None:
    with pytest.raises(TransitionRefused, match="Return the round first"):
        check_step(transition("contribution", "reviewed", "returned"), facts=Facts(round_stage=stage), reason="Why")
    with pytest.raises(TransitionRefused, match="return it"):
        check_step(transition("contribution", "returned", "submitted"), facts=Facts(round_stage=stage))


@pytest.mark.parametrize(
    ("round_stage", "contribution_stage", "is_open"),
    [
        ("draft", "draft", True), ("draft", "submitted", False), ("returned", "returned", True), ("submitted", "returned", True),
        ("submitted", "draft", False), ("reviewed", "returned", False), ("adopted", "draft", False), ("archived", "draft", False),
    ],
)  # fmt: skip
def test_answers_are_open_only_where_somebody_still_answers(round_stage: str, contribution_stage: str, is_open: bool) -> None:
    assert answers_are_open(round_stage, contribution_stage) is is_open
