"""Going on from an adopted round in a newer catalog: answers are proposed again, and a list says what to look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from forefend.catalog import Catalog
from forefend.errors import AssessmentError
from forefend.web.assessment import actions
from forefend.web.assessment.models import Answer, Carried, Carrying, Condition, Contribution, Round
from forefend.web.assessment.proposing import carried_to
from forefend.web.assessment.reading import answers_for
from forefend.web.evidence import actions as evidence_actions
from forefend.web.evidence.actions import Details
from forefend.web.evidence.models import Support

from .builders import World, browser, condition, day, events


def newer(catalog: Catalog) -> Catalog:
    """M3.2 is worded otherwise, M3.3 is called M3.30, M3.4 is gone, M3.5 takes a yes or no, M3.99 is new."""
    action, questions = catalog.actions["M3"], dict(catalog.questions)
    questions["M3.2"] = questions["M3.2"].model_copy(update={"text": "Another wording?"})
    questions["M3.30"] = questions.pop("M3.3").model_copy(update={"id": "M3.30", "replaces": ("M3.3",)})
    del questions["M3.4"]
    questions["M3.5"] = questions["M3.5"].model_copy(update={"type": "yes_no_partly", "levels": {}})
    questions["M3.99"] = questions["M3.2"].model_copy(
        update={"id": "M3.99", "text": "A new one?", "replaces": (), "usual_respondents": ("interior_ministry",)}
    )
    ids = tuple(question for question in ("M3.1", "M3.2", "M3.30", "M3.5", "M3.6", "M3.7", "M3.99"))
    changed = dict(catalog.actions) | {"M3": action.model_copy(update={"questions": ids})}
    return catalog.model_copy(update={"questions": questions, "actions": changed})


def carried(world: World, catalog: Catalog | None = None) -> Round:
    return actions.carry_round(
        source=world.round, title="Next", catalog=catalog or newer(world.catalog), opens_on=day(), due_on=day(30),
        by=world.people["coordinator"],
    )  # fmt: skip


def part_of(made: Round, world: World, key: str = "interior") -> Contribution:
    return Contribution.objects.select_related("round", "institution").get(round=made, institution=world.institutions[key])


def take(made: Round, world: World, question: str, *, by: str = "interior", base: int = 0) -> Any:
    return actions.take_carried(contribution=part_of(made, world), question=question, base_version=base, by=world.people[by])


def test_the_same_are_asked_and_nothing_is_entered_for_them(world: World) -> None:
    world.adopted()
    made = carried(world)
    assert (made.follows, made.stage, made.state, made.marking) == (world.round, "draft", "GHA", "AMBER")
    assert {part.institution.key for part in made.contributions.select_related("institution")} == set(world.parts)
    assert not Answer.objects.filter(contribution__round=made).exists()
    asked = set(part_of(made, world).assignments.values_list("question", flat=True))
    assert asked == {"M3.1", "M3.2", "M3.30", "M3.5", "M3.6", "M3.7", "M3.99"}
    assert "M3.99" not in set(part_of(made, world, "justice").assignments.values_list("question", flat=True))
    looks = {(look["question"], look["reason"]) for look in Carrying.objects.get(round=made).looks}
    assert {("M3.2", "text_changed"), ("M3.4", "gone"), ("M3.5", "type_changed"), ("M3.99", "new")} <= looks
    proposed = carried_to(part_of(made, world), world.people["interior"])
    assert set(proposed) == {"M3.1", "M3.2", "M3.30", "M3.6", "M3.7"}  # M3.5 is answered otherwise now, M3.4 is gone
    assert proposed["M3.30"].question == "M3.3"
    assert events()[-1] == "round.carried"


def test_an_earlier_answer_is_taken_over_one_by_one_with_its_day(world: World) -> None:
    old = day() - timedelta(days=200)
    world.answer("interior", "M3.2", value=3.0, comment="As it was.", sure="high", checked_on=old)
    world.hand_in()
    world.move("submitted", "reviewed", "adopted")
    made = carried(world)
    saved = take(made, world, "M3.2")
    answer = saved.answer
    assert (answer.kind, answer.value, answer.comment, answer.sure, answer.checked_on) == ("level", 3.0, "As it was.", "high", old)
    assert Answer.objects.filter(contribution__round=made).count() == 1
    assert not take(made, world, "M3.2").is_changed  # a replayed form
    changed = actions.save_answer(
        contribution=part_of(made, world), question="M3.2", base_version=1, by=world.people["interior"],
        content=actions.answering.Content(kind="level", value=1.0, checked_on=day()),
    )  # fmt: skip
    assert changed.answer.version == 2
    clashing = take(made, world, "M3.2")
    assert clashing.clash is not None
    assert clashing.clash.origin == "carried round"
    for question in ("M3.5", "M3.99", "M9.9"):
        with pytest.raises(AssessmentError, match="No earlier answer"):
            take(made, world, question)


def test_a_red_answer_is_carried_for_its_readers_alone(world: World) -> None:
    lead = world.people["reviewer"]
    answer = world.answer("interior", "M3.2", comment="A secret.")
    actions.mark_answer(answer=answer, marking="RED", readers=[lead], by=world.people["interior"])
    world.hand_in()
    world.move("submitted", "reviewed", "adopted")
    made = carried(world)
    assert carried_to(part_of(made, world), world.people["interior/2"]) == {}
    assert carried_to(part_of(made, world), world.people["coordinator"]) == {}
    page = browser(world.people["interior/2"]).get(f"/en/rounds/{made.pk}/answer/M3.2/")
    assert "A secret." not in page.content.decode()
    with pytest.raises(AssessmentError, match="No earlier answer"), transaction.atomic():
        take(made, world, "M3.2", by="interior/2")
    again = take(made, world, "M3.2").answer
    again.refresh_from_db()
    assert again.marking == "RED"
    readers = {name for name, who in world.people.items() if answers_for(who).filter(pk=again.pk).exists()}
    assert readers == {"interior", "reviewer"}


def test_evidence_goes_along_where_it_still_stands(world: World) -> None:
    interior = world.people["interior"]
    answer = world.answer("interior", "M3.2")
    pieces = [
        evidence_actions.add_evidence(
            by=interior, details=Details(title=title, letter="B", number=2, url="https://example.org/"), answer=answer
        )
        for title in ("Standing", "Withdrawn")
    ]
    world.hand_in()
    world.move("submitted", "reviewed", "adopted")
    evidence_actions.withdraw(evidence=pieces[1], reason="It names a witness.", by=interior)
    again = take(carried(world), world, "M3.2").answer
    assert [support.evidence.title for support in Support.objects.filter(answer=again)] == ["Standing"]


def test_conditions_are_said_again_and_wait_to_be_confirmed(world: World) -> None:
    made_before = condition(world, "is_un_member", holds=False)
    for who in ("focal_point", "nhri"):
        actions.confirm_condition(condition=made_before, by=world.people[who])
    world.adopted()
    again = Condition.objects.get(round=carried(world))
    assert (again.name, again.holds, again.reason) == ("is_un_member", False, "It is not.")
    assert (again.confirmed_by_lead, again.confirmed_outside) == (None, None)


def test_only_an_adopted_round_goes_on(world: World) -> None:
    world.answered()
    world.hand_in()
    for target in ("", "submitted", "reviewed"):
        if target:
            world.move(target)
        with pytest.raises(AssessmentError, match="adopted"), transaction.atomic():
            carried(world)
    assert Round.objects.count() == 1
    assert not Carried.objects.exists()


def test_the_pages_of_going_on(world: World) -> None:
    world.adopted()
    lead = browser(world.people["coordinator"])
    address = f"/en/rounds/{world.round.pk}/carry/"
    assert lead.get(address).status_code == 200
    assert "Open the following round" in lead.get(f"/en/rounds/{world.round.pk}/").content.decode()
    assert lead.post(address, {"title": "", "due_on": "x", "marking": "AMBER"}).status_code == 422
    assert lead.post(address, {"title": "Next", "due_on": day(-3).isoformat(), "marking": "AMBER"}).status_code == 409
    response = lead.post(address, {"title": "Next", "due_on": day(30).isoformat(), "marking": "GREEN"})
    made = Round.objects.get(title="Next")
    assert (response.status_code, response["Location"]) == (302, f"/en/rounds/{made.pk}/fresh/")
    assert "No question changed since." in lead.get(response["Location"]).content.decode()
    own = browser(world.people["interior"])
    page = own.get(f"/en/rounds/{made.pk}/answer/M3.2/").content.decode()
    assert "What you answered in the round before" in page
    assert own.post(f"/en/rounds/{made.pk}/answer/M3.2/", {"do": "take_carried", "version": "0"}).status_code == 302
    assert Answer.objects.filter(contribution__round=made).count() == 1
    assert "What you answered in the round before" not in own.get(f"/en/rounds/{made.pk}/answer/M3.2/").content.decode()
    assert own.get(f"/en/rounds/{made.pk}/fresh/").status_code == 200


def test_the_list_says_what_needs_a_fresh_look(world: World) -> None:
    world.adopted()
    made = carried(world)
    for lang in ("en", "ar"):
        page = browser(world.people["reader"]).get(f"/{lang}/rounds/{made.pk}/fresh/")
        assert page.status_code == 200
        for question in ("M3.2", "M3.4", "M3.5", "M3.99"):
            assert question in page.content.decode()
    own = browser(world.people["justice"]).get(f"/en/rounds/{made.pk}/fresh/").content.decode()
    assert "Another wording?" in own
    assert "A new one?" not in own  # it was not put to justice
    assert browser(world.people["administrator"]).get(f"/en/rounds/{made.pk}/fresh/").status_code == 404
