"""Reminders: before and after the day, one letter a day, in the reader's language, and none for practice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forefend.web.accounts.models import Duty, Instance, Person
from forefend.web.assessment import actions
from forefend.web.assessment.models import Contribution, Round
from forefend.web.assessment.reminders import DAYS_AFTER, DAYS_BEFORE, due
from forefend.web.letters.models import Letter

from .builders import World, day, open_round

INTERIOR = {"interior@example.org", "interior-2@example.org"}
EVERYBODY = INTERIOR | {"justice@example.org", "nhri@example.org", "coalition@example.org"}


def told() -> set[str]:
    return set(Letter.objects.filter(about="digest").values_list("to", flat=True))


@pytest.mark.parametrize("days", range(-40, 41))
def test_letters_leave_on_their_days_alone(world: World, days: int) -> None:
    today = world.round.due_on + timedelta(days=days)
    n_written = due(today)
    is_a_day = -days in DAYS_BEFORE or days in DAYS_AFTER
    assert told() == (EVERYBODY if is_a_day else set())
    assert n_written == (len(EVERYBODY) if is_a_day else 0)


def test_once_a_day(world: World) -> None:
    today = world.round.due_on - timedelta(days=7)
    assert due(today) == len(EVERYBODY)
    assert due(today) == 0
    assert Letter.objects.count() == len(EVERYBODY)


@pytest.mark.parametrize(("n_days_off", "is_told"), [(1, True), (6, True), (7, False)])
def test_a_reminder_whose_day_was_missed_leaves_later(world: World, n_days_off: int, is_told: bool) -> None:
    """A laptop that was closed on the day."""
    Instance.objects.create(set_up_at=world.round.made_at)
    last = world.round.due_on + timedelta(days=max(DAYS_AFTER))
    assert due(last - timedelta(days=1)) == 0
    assert bool(due(last + timedelta(days=n_days_off))) == is_told
    assert due(last + timedelta(days=n_days_off)) == 0  # once
    assert due(last + timedelta(days=n_days_off + 1)) == 0


def test_a_clock_that_ran_ahead_swallows_no_reminder(world: World) -> None:
    Instance.objects.create(set_up_at=world.round.made_at)
    due(world.round.due_on + timedelta(days=900))
    assert due(world.round.due_on - timedelta(days=7)) == len(EVERYBODY)


def test_one_letter_however_much_waits(world: World) -> None:
    lead = world.people["coordinator"]
    for number in range(4):
        other = open_round(lead, title=f"Other {number}")
        actions.ask(round=other, institution=world.institutions["interior"], questions=["M3.2"], by=lead)
    assert due(world.round.due_on - timedelta(days=7)) == len(EVERYBODY)
    letter = Letter.objects.get(to="interior@example.org")
    assert all(f"Other {number}" in letter.text for number in range(4))
    assert letter.subject == "5 things wait for you"


def test_in_the_readers_language_and_with_the_institutions_own_day(world: World) -> None:
    Person.objects.filter(email="nhri@example.org").update(language="ar")
    Contribution.objects.filter(pk=world.part("coalition").pk).update(due_on=day(1))
    due(day(0))
    assert told() == {"coalition@example.org"}
    from forefend.locale import language

    assert language("en").date(day(1)) in Letter.objects.get().text
    assert language("en").date(world.round.due_on) not in Letter.objects.get().text
    due(world.round.due_on - timedelta(days=7))
    letter = Letter.objects.get(to="nhri@example.org")
    assert letter.language == "ar"
    assert "/ar/rounds/" in letter.text
    english = Letter.objects.get(to="justice@example.org")
    assert letter.subject != english.subject
    assert any("\u0600" <= character <= "\u06ff" for character in letter.subject)


def test_who_has_nothing_to_do_is_told_nothing(world: World) -> None:
    world.hand_in("justice")
    actions.close_part(contribution=world.part("nhri"), reason="It was dissolved.", by=world.people["coordinator"])
    Person.objects.filter(email="coalition@example.org").update(is_active=False)
    Person.objects.filter(email="interior@example.org").update(wants_digest=False)
    due(world.round.due_on + timedelta(days=1))
    assert told() == {"interior-2@example.org"}
    Duty.objects.filter(person__email="interior-2@example.org").update(until=world.round.made_at, ended_by="test")
    due(world.round.due_on + timedelta(days=7))
    assert Letter.objects.filter(about="digest").count() == 1


def test_practice_and_settled_rounds_remind_nobody(world: World) -> None:
    Round.objects.filter(pk=world.round.pk).update(is_practice=True)
    assert due(world.round.due_on - timedelta(days=7)) == 0
    Round.objects.filter(pk=world.round.pk).update(is_practice=False)
    world.adopted()
    assert due(world.round.due_on + timedelta(days=7)) == 0
    assert told() == set()


def test_returned_parts_and_requests_are_told_to_the_institution_alone(world: World) -> None:
    from .builders import asked_to_change

    world.answered(comment="A secret.")
    world.hand_in()
    asked_to_change(world, "interior", text="Another secret.")
    assert set(Letter.objects.values_list("to", flat=True)) == INTERIOR  # not who belongs to it and answers for nothing
    world.move("submitted", "returned")
    assert {letter.to for letter in Letter.objects.all()} == INTERIOR
    for letter in Letter.objects.all():
        assert "secret" not in letter.text
        assert "\n" not in letter.subject
