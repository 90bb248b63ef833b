"""The stages of rounds and parts: one table, kept by the rules, and by the database against everybody else."""

from __future__ import annotations

from importlib import import_module
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from forefend.assess.transitions import CONTRIBUTION_STAGES, ROUND_STAGES, TRANSITIONS
from forefend.errors import AssessmentError, TransitionRefused
from forefend.web.assessment import actions, models
from forefend.web.assessment.models import Adoption, Answer, AnswerVersion, Condition, Contribution, Edition, Judged, Remark, Round, Ruling

from .builders import World, asked_to_change, condition, events
from .doing import DOINGS

TABLES = {"round": "assessment_round", "contribution": "assessment_contribution"}
STAGES = {"round": ROUND_STAGES, "contribution": CONTRIBUTION_STAGES}
PAIRS = {kind: {(step.source, step.target) for step in TRANSITIONS if step.kind == kind} for kind in TABLES}
EVERY_PAIR = [(kind, *pair) for kind in TABLES for pair in product(STAGES[kind], repeat=2)]


def test_the_database_knows_the_same_table_as_the_rules() -> None:
    refusals = import_module("forefend.web.assessment.migrations.0002_refusals")
    assert set(refusals.ROUND) == PAIRS["round"]
    again = import_module("forefend.web.assessment.migrations.0004_judged_and_carried")
    assert set(refusals.CONTRIBUTION) == set(again.CONTRIBUTION) == PAIRS["contribution"]
    assert models.ROUND_STAGES == ROUND_STAGES
    assert models.CONTRIBUTION_STAGES == CONTRIBUTION_STAGES


def paths(kind: str) -> dict[str, tuple[str, ...]]:
    """How each stage is reached from draft."""
    found: dict[str, tuple[str, ...]] = {"draft": ()}
    while len(found) < len(STAGES[kind]):
        for source, target in sorted(PAIRS[kind]):
            if source in found:
                found.setdefault(target, (*found[source], target))
    return found


def put(kind: str, key: int, stage: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLES[kind]} SET stage = %s WHERE id = %s", [stage, key])


@pytest.mark.parametrize(("kind", "source", "target"), EVERY_PAIR)
def test_raw_sql_moves_stages_by_the_table_alone(world: World, kind: str, source: str, target: str) -> None:
    key = world.round.pk if kind == "round" else world.parts["interior"].pk
    for stage in paths(kind)[source]:
        put(kind, key, stage)
    if source == target or (source, target) in PAIRS[kind]:
        put(kind, key, target)
        wanted = target
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            put(kind, key, target)
        wanted = source
    model = Round if kind == "round" else Contribution
    assert model.objects.get(pk=key).stage == wanted


@pytest.mark.parametrize(("kind", "stage"), [("round", "done"), ("round", ""), ("contribution", "adopted"), ("contribution", "")])
def test_a_stage_there_is_not(world: World, kind: str, stage: str) -> None:
    key = world.round.pk if kind == "round" else world.parts["interior"].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        put(kind, key, stage)


def test_rows_that_are_only_appended_stay_as_they_are(world: World) -> None:
    DOINGS["judge"].prepare(world)(world.people["coordinator"])
    world.adopted()
    actions.carry_round(
        source=world.round, title="Next", catalog=world.catalog, opens_on=world.round.opens_on, due_on=world.round.due_on,
        by=world.people["coordinator"],
    )  # fmt: skip
    Remark.objects.create(
        request=models.Request.objects.create(
            answer=Answer.objects.earliest("pk"), opened_at=world.round.made_at, opened_by=world.people["reviewer"]
        ),
        text="Why?",
        at=world.round.made_at,
        by=world.people["reviewer"],
    )
    Ruling.objects.create(round=world.round, question="M3.2", reason="So.", at=world.round.made_at, by=world.people["coordinator"])
    appended = {
        AnswerVersion: "content = '{}'",
        Remark: "text = 'other'",
        Ruling: "reason = 'other'",
        Adoption: "digest = 'other'",
        Edition: "content = '{}'",
        Judged: "reason = 'other'",
        models.Carrying: "looks = '[]'",
        models.Carried: "question = 'M3.1'",
    }
    for model, change in appended.items():
        before = list(model.objects.order_by("pk").values_list())
        assert before, model
        table = model._meta.db_table
        for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert list(model.objects.order_by("pk").values_list()) == before


BAD_ROWS = {
    "marking": "UPDATE assessment_answer SET marking = 'SECRET'",
    "kind": "UPDATE assessment_answer SET kind = 'maybe'",
    "level": "UPDATE assessment_answer SET value = 5 WHERE kind = 'level'",
    "value of a word": "UPDATE assessment_answer SET kind = 'unknown'",
    "confidence": "UPDATE assessment_answer SET sure = 'very'",
    "no reason": "UPDATE assessment_answer SET kind = 'not_applicable', value = NULL, comment = ''",
    "two answers": "UPDATE assessment_answer SET question = 'M3.2'",
    "dates": "UPDATE assessment_round SET due_on = '2020-01-01'",
    "title": "UPDATE assessment_round SET title = ''",
    "handed in by nobody": "UPDATE assessment_contribution SET handed_in_at = '2026-01-01'",
    "condition": "UPDATE assessment_condition SET reason = ''",
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_the_database_refuses_what_cannot_be(world: World, name: str) -> None:
    world.answer("interior", "M3.2")
    world.answer("interior", "M3.3")
    condition(world)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BAD_ROWS[name])


def test_a_round_is_reviewed_when_all_have_handed_in(world: World) -> None:
    world.answered()
    world.hand_in("interior", "justice", "nhri")
    with pytest.raises(TransitionRefused, match="The coalition"):
        world.move("submitted")
    actions.close_part(contribution=world.part("coalition"), reason="It was dissolved.", by=world.people["coordinator"])
    assert world.move("submitted").stage == "submitted"


def test_a_round_that_asks_nobody_is_not_submitted(world: World) -> None:
    other = actions.open_round(
        title="Empty", state="GHA", catalog=world.catalog, actions=["N5"], opens_on=world.round.opens_on, due_on=world.round.due_on,
        by=world.people["coordinator"],
    )  # fmt: skip
    with pytest.raises(TransitionRefused, match="Nobody was asked"):
        actions.move_round(round=other, target="submitted", by=world.people["coordinator"])


def test_returning_needs_a_reason_and_opens_what_is_asked_about(world: World) -> None:
    world.answered()
    world.hand_in()
    world.move("submitted")
    with pytest.raises(TransitionRefused, match="reason"):
        actions.move_round(round=world.round, target="returned", by=world.people["reviewer"], reason="  ")
    asked_to_change(world, "nhri")
    world.move("returned")
    assert {key: world.part(key).stage for key in world.parts} == {
        "interior": "submitted",
        "justice": "submitted",
        "nhri": "returned",
        "coalition": "submitted",
    }
    assert events()[-2:] == ["contribution.returned", "round.returned"]


def test_returning_without_requests_opens_every_part_but_the_closed(world: World) -> None:
    world.answered()
    actions.close_part(contribution=world.part("justice"), reason="It was dissolved.", by=world.people["coordinator"])
    world.hand_in("interior", "nhri", "coalition")
    world.move("submitted", "reviewed", "returned")
    assert {key: world.part(key).stage for key in world.parts} == {
        "interior": "returned",
        "justice": "draft",
        "nhri": "returned",
        "coalition": "returned",
    }


def test_nothing_is_adopted_with_an_open_request(world: World) -> None:
    world.answered()
    world.hand_in()
    world.move("submitted")
    request = asked_to_change(world)
    world.move("reviewed")
    with pytest.raises(TransitionRefused, match="open requests"):
        world.move("adopted")
    actions.close_request(request=request, by=world.people["reviewer"])
    assert world.move("adopted").stage == "adopted"


def test_a_part_is_not_reviewed_with_an_open_request(world: World) -> None:
    world.answered()
    world.hand_in()
    request = asked_to_change(world)
    with pytest.raises(TransitionRefused, match="open requests"):
        world.review("interior")
    actions.close_request(request=request, by=world.people["reviewer"])
    world.review("interior")
    assert world.part("interior").stage == "reviewed"


def test_nothing_is_handed_in_while_two_texts_wait(world: World) -> None:
    DOINGS["settle_clash"].prepare(world)
    with pytest.raises(AssessmentError, match="Two people"):
        world.hand_in("interior")


def test_a_closed_part_needs_a_reason_keeps_its_drafts_and_hands_nothing_in(world: World) -> None:
    answer = world.answer("interior", "M3.2", comment="A draft.")
    lead, part = world.people["coordinator"], world.part("interior")
    with pytest.raises(AssessmentError, match="reason"):
        actions.close_part(contribution=part, reason=" ", by=lead)
    actions.close_part(contribution=part, reason="It was dissolved.", by=lead)
    answer.refresh_from_db()
    assert answer.comment == "A draft."
    with pytest.raises(AssessmentError, match="closed"):
        world.hand_in("interior")
    with pytest.raises(AssessmentError, match="closed"):
        world.save("interior", "M3.3")
    world.hand_in("justice")
    with pytest.raises(AssessmentError, match="handed in"):
        actions.close_part(contribution=world.part("justice"), reason="It is late.", by=lead)
    world.hand_in("nhri", "coalition")
    world.move("submitted", "reviewed")
    with pytest.raises(AssessmentError, match="can no longer be changed"):
        actions.close_part(contribution=world.part("nhri"), reason="Late.", by=lead)


def test_questions_are_taken_back_unless_they_were_answered(world: World) -> None:
    world.answer("interior", "M3.2")
    lead = world.people["coordinator"]
    actions.unask(contribution=world.part("interior"), questions=["M3.2", "M3.3", "M9.9"], by=lead)
    left = set(world.part("interior").assignments.values_list("question", flat=True))
    assert left == set(world.questions) - {"M3.3"}
    n_events = len(events())
    actions.unask(contribution=world.part("interior"), questions=["M3.3"], by=lead)
    assert len(events()) == n_events
    actions.ask(round=world.round, institution=world.institutions["interior"], questions=["M3.3", "M3.2"], by=lead)
    assert events()[-1] == "round.asked"
    with pytest.raises(AssessmentError, match="does not belong"):
        actions.ask(round=world.round, institution=world.institutions["interior"], questions=["N5.5"], by=lead)
    world.hand_in("interior")
    with pytest.raises(AssessmentError, match="Return it first"):
        actions.ask(round=world.round, institution=world.institutions["interior"], questions=["M3.3"], by=lead)


def test_dates_move_for_those_who_had_the_old_one(world: World) -> None:
    lead = world.people["coordinator"]
    Contribution.objects.filter(pk=world.part("nhri").pk).update(due_on=world.round.due_on.replace(year=world.round.due_on.year + 1))
    own = world.part("nhri").due_on
    later = world.round.due_on.replace(year=world.round.due_on.year + 2)
    with pytest.raises(AssessmentError, match="before it opens"):
        actions.change_dates(round=world.round, opens_on=later, due_on=world.round.due_on, by=lead)
    actions.change_dates(round=world.round, opens_on=world.round.opens_on, due_on=later, by=lead)
    assert world.part("interior").due_on == later
    assert world.part("nhri").due_on == own


def test_conditions_count_when_two_people_confirmed_them(world: World) -> None:
    from forefend.web.assessment.records import conditions_of

    made = condition(world, "is_un_member", holds=False)
    assert conditions_of(world.round) == {}
    actions.confirm_condition(condition=made, by=world.people["focal_point"])
    actions.confirm_condition(condition=made, by=world.people["focal_point"])
    assert conditions_of(world.round) == {}
    actions.confirm_condition(condition=made, by=world.people["nhri"])
    assert conditions_of(world.round) == {"is_un_member": False}
    condition(world, "is_un_member", holds=True)  # said anew: confirmed by nobody
    assert conditions_of(world.round) == {}
    stored = Condition.objects.get(round=world.round)
    assert (stored.confirmed_by_lead, stored.confirmed_outside) == (None, None)
    for wrong in ({"name": "is_happy"}, {"reason": "  "}, {"reason": "a\x00b"}, {"source": "x" * 301}):
        with pytest.raises(AssessmentError):
            actions.set_condition(
                **({"round": world.round, "name": "federal", "holds": True, "reason": "So.", "by": world.people["coordinator"]} | wrong)
            )
    world.answered()
    world.hand_in()
    world.move("submitted", "reviewed")
    with pytest.raises(AssessmentError, match="settled"):
        condition(world)
    with pytest.raises(AssessmentError, match="settled"):
        actions.confirm_condition(condition=stored, by=world.people["nhri"])


def test_what_was_said_otherwise_meanwhile_is_not_confirmed(world: World) -> None:
    seen = condition(world, holds=False)
    changed = condition(world, holds=True)
    with pytest.raises(AssessmentError, match="changed meanwhile"):
        actions.confirm_condition(condition=seen, by=world.people["nhri"], seen_at=seen.set_at.isoformat())
    actions.confirm_condition(condition=seen, by=world.people["nhri"], seen_at=changed.set_at.isoformat())
    assert Condition.objects.get(round=world.round).confirmed_outside == world.people["nhri"]
