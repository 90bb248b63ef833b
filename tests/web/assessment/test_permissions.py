"""Every action: only by those whose duty it is, and never without its row of the record."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.db import transaction

from forefend.errors import NotAllowed
from forefend.web.accounts.models import Duty, Person
from forefend.web.assessment import actions
from forefend.web.audit import chain
from forefend.web.audit.models import Entry

from .builders import World, everything
from .doing import DOINGS


class Broken(Exception):
    """The record cannot be written."""


def test_every_action_is_in_the_table() -> None:
    assert {name.partition("/")[0] for name in DOINGS} == set(actions.__all__)


@pytest.mark.parametrize("name", DOINGS)
def test_only_those_whose_duty_it_is(world: World, name: str) -> None:
    doing = DOINGS[name]
    call = doing.prepare(world)
    before = everything()
    for role in set(world.people) - doing.by:
        with pytest.raises(NotAllowed), transaction.atomic():
            call(world.people[role])
    assert everything() == before
    for role in sorted(doing.by):
        n_rows = Entry.objects.count()
        with transaction.atomic():
            call(Person.objects.get(pk=world.people[role].pk))
            last = Entry.objects.latest("number")
            assert Entry.objects.count() > n_rows, role
            assert last.event == doing.event
            assert last.actor == world.people[role].key
            transaction.set_rollback(True)
    assert chain.verify().is_whole


@pytest.mark.parametrize("name", DOINGS)
def test_when_the_record_cannot_be_written_nothing_is_changed(world: World, name: str) -> None:
    call = DOINGS[name].prepare(world)
    by = world.people[min(DOINGS[name].by)]
    before = everything()
    with patch("forefend.web.audit.chain.add", side_effect=Broken), pytest.raises(Broken), transaction.atomic():
        call(by)
    assert everything() == before


@pytest.mark.parametrize("name", DOINGS)
def test_who_holds_the_duty_no_longer_does_nothing(world: World, name: str) -> None:
    doing = DOINGS[name]
    call = doing.prepare(world)
    before = everything()
    for role in doing.by:
        Duty.objects.filter(person=world.people[role]).update(until=world.round.made_at, ended_by="test")
        with pytest.raises(NotAllowed), transaction.atomic():
            call(Person.objects.get(pk=world.people[role].pk))
    assert everything() == before
