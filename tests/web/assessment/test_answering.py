"""Answering: versions, clashes, suggestions taken over one by one, and what is refused."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from forefend.errors import AssessmentError, NotAllowed
from forefend.web.accounts.reading import may_read
from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import COMMENT_AT_MOST, contents_of
from forefend.web.assessment.models import Answer, AnswerVersion, Clash
from forefend.web.assessment.reading import answers_for
from forefend.web.audit.models import Entry

from .builders import World, build, day, everything, said
from .doing import clash_of


def test_every_version_is_kept(world: World) -> None:
    first = world.answer("interior", "M3.2", comment="First.")
    saved = world.save("interior", "M3.2", by="interior/2", base=1, kind="level", value=3.0, comment="Second.", sure="high")
    assert saved.answer.pk == first.pk
    assert (saved.answer.version, saved.answer.value, saved.answer.saved_by) == (2, 3.0, world.people["interior/2"])
    versions = list(AnswerVersion.objects.filter(answer=first).order_by("version"))
    assert [(v.version, v.content["comment"], v.saved_by) for v in versions] == [
        (1, "First.", world.people["interior"]),
        (2, "Second.", world.people["interior/2"]),
    ]
    assert versions[-1].content == contents_of(saved.answer)
    row = Entry.objects.get(event="answer.changed")
    assert (row.before["value"], row.after["value"], row.subject) == (2.0, 3.0, first.key)
    assert "First." not in str(row.before)


def test_a_replayed_form_changes_nothing(world: World) -> None:
    world.answer("interior", "M3.2", comment="Once.")
    before = everything()
    for base in (0, 1, 7):
        saved = world.save("interior", "M3.2", base=base, comment="Once.")
        assert (saved.is_changed, saved.clash) == (False, None)
    assert everything() == before


def test_what_was_written_on_an_older_version_is_kept_beside(world: World) -> None:
    world.answer("interior", "M3.2", comment="First.")
    world.save("interior", "M3.2", base=1, comment="Mine.")
    for _ in range(2):  # the same form twice is one clash
        saved = world.save("interior", "M3.2", by="interior/2", base=1, comment="Yours.", value=4.0)
        assert saved.clash is not None
        assert not saved.is_changed
    clash = Clash.objects.get()
    assert (clash.content["comment"], clash.base_version, clash.written_by) == ("Yours.", 1, world.people["interior/2"])
    answer = Answer.objects.get()
    assert (answer.comment, answer.version, answer.value) == ("Mine.", 2, 2.0)
    other = world.save("interior", "M3.2", by="interior/2", base=0, comment="A third text.")
    assert other.clash is not None
    assert other.clash.pk != clash.pk


@pytest.mark.parametrize(("how", "comment", "version"), [("kept", "First.", 2), ("replaced", "Second.", 3), ("joined", "Both.", 3)])
def test_a_clash_is_settled_three_ways(world: World, how: str, comment: str, version: int) -> None:
    clash = clash_of(world)
    joined = said(comment="Both.") if how == "joined" else None
    answer = actions.settle_clash(clash=clash, settled_as=how, joined=joined, by=world.people["interior"])
    assert (answer.comment, answer.version) == (comment, version)
    clash.refresh_from_db()
    assert clash.settled_as == how
    assert clash.content["comment"] == "Second."  # what was written is still there
    assert AnswerVersion.objects.filter(answer=answer).count() == version
    with pytest.raises(AssessmentError, match="decided this already"):
        actions.settle_clash(clash=clash, settled_as="replaced", by=world.people["interior/2"])


@pytest.mark.parametrize("how", ["", "both", "joined"])
def test_a_clash_is_not_settled_by_nothing(world: World, how: str) -> None:
    clash = clash_of(world)
    with pytest.raises(AssessmentError, match="Choose which"):
        actions.settle_clash(clash=clash, settled_as=how, by=world.people["interior"])
    clash.refresh_from_db()
    assert clash.settled_at is None


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("M3.2", {"value": 5.0}),
        ("M3.2", {"value": 1.5}),
        ("M3.2", {"value": -1.0}),
        ("M3.2", {"value": None}),
        ("M3.2", {"value": math.nan}),
        ("M3.2", {"kind": "yes", "value": None}),
        ("M3.2", {"kind": "", "value": None}),
        ("M3.2", {"kind": "number", "value": 2.0}),
        ("M3.1", {"kind": "level", "value": 2.0}),
        ("M3.2", {"kind": "not_applicable", "value": None}),
        ("M3.2", {"kind": "not_applicable", "value": None, "comment": " \n"}),
        ("M3.2", {"sure": "very"}),
        ("M3.2", {"comment": "a\x00b"}),
        ("M3.2", {"comment": "half a character \ud800"}),
        ("M3.2", {"departs_because": "a\x00b"}),
        ("M3.2", {"comment": "x" * (COMMENT_AT_MOST + 1)}),
        ("M3.2", {"departs_because": "x" * (COMMENT_AT_MOST + 1)}),
        ("N5.5", {}),
        ("M9.9", {}),
        ("", {}),
    ],
)
def test_what_is_no_answer_is_refused(world: World, question: str, content: dict[str, Any]) -> None:
    before = everything()
    with pytest.raises(AssessmentError), transaction.atomic():
        world.save("interior", question, **content)
    assert everything() == before


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, None])
def test_a_number_is_a_number(value: float | None) -> None:
    world = build(actions_=("N6",), asked=("interior",))
    assert world.answer("interior", "N6.4", kind="number", value=2.5).value == 2.5
    with pytest.raises(AssessmentError, match="asks for a number"):
        world.save("interior", "N6.4", base=1, kind="number", value=value)


def test_the_longest_comment_and_any_script_are_kept_as_written(world: World) -> None:
    for text in ("x" * COMMENT_AT_MOST, "<script>alert(1)</script>", "العربية 🕊️ \r\n end", "'; DROP TABLE assessment_answer; --"):
        base = Answer.objects.filter(question="M3.2").values_list("version", flat=True).first() or 0
        saved = world.save("interior", "M3.2", base=base, comment=text)
        assert Answer.objects.get(pk=saved.answer.pk).comment == text


def test_a_question_not_put_to_the_institution_is_not_answered(world: World) -> None:
    actions.unask(contribution=world.part("interior"), questions=["M3.2"], by=world.people["coordinator"])
    with pytest.raises(AssessmentError, match="not put to this institution"):
        world.save("interior", "M3.2")
    with pytest.raises(NotAllowed):
        world.save("interior", "M3.3", by="justice")


@pytest.mark.parametrize("stages", [(), ("submitted",), ("submitted", "reviewed"), ("submitted", "reviewed", "adopted")])
def test_what_was_handed_in_is_closed(world: World, stages: tuple[str, ...]) -> None:
    world.answered()
    world.hand_in()
    world.move(*stages)
    answer = Answer.objects.filter(question="M3.2", contribution=world.part("interior")).get()
    before = everything()
    calls = [
        lambda: world.save("interior", "M3.2", base=1, comment="Later."),
        lambda: actions.mark_answer(answer=answer, marking="RED", by=world.people["interior"]),
        lambda: actions.take_over(
            contribution=world.part("interior"), question="M3.2", suggestion={"level": 4.0}, base_version=1, by=world.people["interior"]
        ),
    ]
    for call in calls:
        with pytest.raises(AssessmentError, match="handed in"), transaction.atomic():
            call()
    assert everything() == before


def test_what_was_returned_is_open_again(world: World) -> None:
    world.answered()
    world.hand_in()
    actions.move_contribution(contribution=world.part("interior"), target="returned", by=world.people["reviewer"], reason="See M3.2.")
    assert world.save("interior", "M3.2", base=1, comment="Better.").answer.version == 2
    with pytest.raises(AssessmentError, match="handed in"):
        world.save("justice", "M3.2", base=1, comment="Better.")
    world.hand_in("interior")
    assert world.part("interior").stage == "submitted"


def test_a_suggestion_is_taken_over_one_by_one(world: World) -> None:
    suggestion = {"level": 3.7, "sentence": "Taken over from public data: a list, 2025.", "sources": []}
    saved = actions.take_over(
        contribution=world.part("interior"), question="M3.2", suggestion=suggestion, base_version=0, by=world.people["interior"]
    )
    answer = saved.answer
    assert (answer.kind, answer.value, answer.is_taken_over, answer.comment) == ("level", 3.0, True, suggestion["sentence"])
    assert answer.suggestion == suggestion
    assert Answer.objects.count() == 1
    words = [("M3.1", 4.0, "yes"), ("M3.1", 3.9, "partly"), ("M3.1", 1.0, "no")]
    for base, (question, level, word) in enumerate(words):
        saved = actions.take_over(
            contribution=world.part("interior"), question=question, suggestion={"level": level}, base_version=base,
            by=world.people["interior"],
        )  # fmt: skip
        assert (saved.answer.kind, saved.answer.value) == (word, None)
    for question, nothing in (("M3.3", {}), ("M3.3", {"level": None}), ("M9.9", {"level": 1.0})):
        with pytest.raises(AssessmentError, match="suggest no level"):
            actions.take_over(
                contribution=world.part("interior"), question=question, suggestion=nothing, base_version=0, by=world.people["interior"]
            )


def test_a_number_is_taken_over_only_where_data_give_the_very_number() -> None:
    world = build(actions_=("N6",), asked=("interior",))
    with pytest.raises(AssessmentError, match="asks for a number"):
        actions.take_over(
            contribution=world.part("interior"), question="N6.4", suggestion={"level": 2.0, "number": None}, base_version=0,
            by=world.people["interior"],
        )  # fmt: skip
    saved = actions.take_over(
        contribution=world.part("interior"), question="N6.4", suggestion={"level": 2.0, "number": 3.0}, base_version=0,
        by=world.people["interior"],
    )  # fmt: skip
    assert (saved.answer.kind, saved.answer.value, saved.answer.is_taken_over) == ("number", 3.0, True)


def test_a_red_answer_stays_with_its_author_and_the_named(world: World) -> None:
    author, colleague, lead = (world.people[name] for name in ("interior", "interior/2", "coordinator"))
    answer = world.answer("interior", "M3.2", comment="A secret.")
    actions.mark_answer(answer=answer, marking="RED", readers=[lead], by=author)
    before = everything()
    for call in (
        lambda: world.save("interior", "M3.2", by="interior/2", base=1, comment="Mine."),
        lambda: world.save("interior", "M3.2", by="interior/2", base=0, comment="A secret."),
        lambda: actions.mark_answer(answer=answer, marking="CLEAR", by=colleague),
        lambda: actions.take_over(
            contribution=world.part("interior"), question="M3.2", suggestion={"level": 1.0}, base_version=1, by=colleague
        ),
    ):
        with pytest.raises(AssessmentError, match="marked it for others"), transaction.atomic():
            call()
    assert everything() == before
    assert set(answers_for(lead)) == set(answers_for(author)) == {answer}
    assert not answers_for(colleague).exists()


def test_who_wrote_a_red_answer_reads_it_after_a_named_colleague_changed_it(world: World) -> None:
    author, colleague = world.people["interior"], world.people["interior/2"]
    answer = world.answer("interior", "M3.2")
    actions.mark_answer(answer=answer, marking="RED", readers=[colleague], by=author)
    world.save("interior", "M3.2", by="interior/2", base=1, comment="Corrected.")
    assert answers_for(author).exists()
    assert answers_for(colleague).exists()
    actions.mark_answer(answer=answer, marking="RED", readers=[], by=author)
    assert answers_for(author).exists()


def test_a_clash_on_a_red_answer_is_settled_by_its_readers(world: World) -> None:
    clash = clash_of(world)
    actions.mark_answer(answer=clash.answer, marking="RED", by=world.people["interior"])
    with pytest.raises(AssessmentError, match="marked it for others"):
        actions.settle_clash(clash=clash, settled_as="replaced", by=world.people["interior/2"])
    actions.settle_clash(clash=clash, settled_as="kept", by=world.people["interior"])


def test_marking_is_recorded_no_wider_than_either_marking(world: World) -> None:
    answer = world.answer("interior", "M3.2")
    for marking in ("RED", "GREEN", "CLEAR"):
        actions.mark_answer(answer=answer, marking=marking, by=world.people["interior"])
    rows = Entry.objects.filter(event="answer.marked").order_by("number").values_list("marking", flat=True)
    assert list(rows) == ["RED", "RED", "GREEN"]
    with pytest.raises(AssessmentError, match="no marking"):
        actions.mark_answer(answer=answer, marking="SECRET", by=world.people["interior"])
    assert not answer.readers.exists()
    assert may_read(world.people["interior/2"], marking="CLEAR", institution_id=answer.contribution.institution_id, author_id=0)


def test_an_answer_keeps_the_day_it_was_checked(world: World) -> None:
    answer = world.answer("interior", "M3.2", checked_on=day() - timedelta(days=400))
    assert Answer.objects.get(pk=answer.pk).checked_on == day(-400)
