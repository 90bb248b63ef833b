"""Every action writes its row of the audit log, and is undone when the row cannot be written."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core import serializers
from django.db import connection, transaction

from forefend.errors import AuditError
from forefend.web.accounts import actions
from forefend.web.accounts.links import invitation_of
from forefend.web.accounts.models import Duty, Institution, Invitation, Person
from forefend.web.audit import chain
from forefend.web.audit.models import Entry

from .conftest import PASSWORD, MakePerson, SignIn

Deed = Callable[[], object]
FIRST = {
    "name": "Ama", "email": "first@example.org", "password": PASSWORD, "state": "GHA", "organisation": "", "language": "en",
    "is_focal_point": True,
}  # fmt: skip


@pytest.fixture
def deeds(make: MakePerson, ministry: Institution, nhri: Institution, sign_in: SignIn) -> dict[str, tuple[Deed, str]]:
    """Each action, ready to be done, with the event it is to record."""
    token = actions.make_first_link(by="command line")
    first = invitation_of(token)
    ama = make("Ama", "administrator")
    kofi, esi = make("Kofi", "respondent", institution=ministry), make("Esi")
    closed = make("Yaw", is_active=False)
    open_one, _ = actions.invite(email="abena@example.org", roles=["reader"], by=ama)
    sign_in(kofi)
    session = UserSession.objects.create(user=kofi, ip="127.0.0.1", session_key="k" * 32, user_agent="")
    duty = Duty.objects.get(person=kofi)

    def alone(deed: Deed) -> Deed:
        """Do it where there is no administrator."""

        def done() -> object:
            Duty.objects.filter(role="administrator").update(until=duty.since, ended_by="test")
            return deed()

        return done

    return {
        "make_first_link": (alone(lambda: actions.make_first_link(by="command line")), "installation.link_made"),
        "set_up_installation": (alone(lambda: actions.set_up_installation(**FIRST, by=first)), "installation.set_up"),  # type: ignore[arg-type]
        "invite": (lambda: actions.invite(email="new@example.org", roles=["reader"], by=ama), "person.invited"),
        "withdraw_invitation": (lambda: actions.withdraw_invitation(invitation=open_one, by=ama), "invitation.withdrawn"),
        "accept_invitation": (
            lambda: actions.accept_invitation(name="Abena", password=PASSWORD, language="en", by=open_one), "person.came",
        ),
        "renew_sign_in": (lambda: actions.renew_sign_in(person=kofi, by=ama), "person.sign_in_renewed"),
        "give_duty": (lambda: actions.give_duty(person=esi, role="reader", by=ama), "duty.given"),
        "end_duty": (lambda: actions.end_duty(duty=duty, by=ama), "duty.ended"),
        "hand_over": (lambda: actions.hand_over(person=kofi, to=esi, by=ama), "duties.handed_over"),
        "deactivate": (lambda: actions.deactivate(person=kofi, by=ama), "person.deactivated"),
        "reactivate": (lambda: actions.reactivate(person=closed, by=ama), "person.reactivated"),
        "add_institution": (lambda: actions.add_institution(body="parliament", by=ama), "institution.added"),
        "change_institution": (
            lambda: actions.change_institution(institution=nhri, title="CHRAJ", kind=nhri.kind, is_protected=True, by=ama),
            "institution.changed",
        ),
        "move_person": (lambda: actions.move_person(person=esi, institution=nhri, by=ama), "person.moved"),
        "change_own_settings": (
            lambda: actions.change_own_settings(name="Esi O", language="ar", wants_digest=False, by=esi), "person.settings_changed",
        ),
        "end_session": (lambda: actions.end_session(session=session, by=kofi), "session.ended"),
    }  # fmt: skip


ACTIONS = sorted(set(actions.__all__) - {"has_administrator"})


def content() -> dict[str, str]:
    """Return everything the tables of people, letters and the log hold."""
    tables = [*apps.get_app_config("accounts").get_models(), *apps.get_app_config("audit").get_models()]
    tables += [*apps.get_app_config("letters").get_models(), *apps.get_app_config("sessions").get_models(), UserSession]
    return {table.__name__: serializers.serialize("json", table.objects.order_by("pk")) for table in tables}


def test_every_action_is_tested(deeds: dict[str, tuple[Deed, str]]) -> None:
    assert sorted(deeds) == ACTIONS


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_takes_keywords_alone_and_ends_with_who_acts(name: str) -> None:
    parameters = list(inspect.signature(getattr(actions, name)).parameters.values())
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in parameters)
    assert "by" in {parameter.name for parameter in parameters}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_writes_its_row(deeds: dict[str, tuple[Deed, str]], name: str) -> None:
    deed, event = deeds[name]
    before = Entry.objects.count()
    deed()
    rows = list(Entry.objects.filter(number__gt=before))
    assert event in {row.event for row in rows}
    assert {row.marking for row in rows} == {"GREEN"}
    assert all(PASSWORD not in f"{row.before}{row.after}{row.reason}" for row in rows)
    assert chain.verify().is_whole


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_undone_when_its_row_cannot_be_written(
    deeds: dict[str, tuple[Deed, str]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed, event = deeds[name]
    add = chain.add

    def refuse(written: str, **given: Any) -> object:
        if written == event:
            raise AuditError("The disk is full.")
        return add(written, **given)

    before = content()
    monkeypatch.setattr(chain, "add", refuse)
    with pytest.raises(AuditError), transaction.atomic():
        deed()
    assert content() == before


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_that_fails_after_its_row_leaves_no_row(deeds: dict[str, tuple[Deed, str]], name: str) -> None:
    deed, _ = deeds[name]
    before = content()

    def fail() -> None:
        deed()
        raise AuditError("Something else failed in the same transaction.")

    with pytest.raises(AuditError), transaction.atomic():
        fail()
    assert content() == before
    assert connection.in_atomic_block  # of the test itself


def test_nothing_changed_is_nothing_recorded(make: MakePerson, nhri: Institution) -> None:
    kofi = make("Kofi", institution=nhri)
    before = Entry.objects.count()
    actions.change_own_settings(name="Kofi", language="en", wants_digest=True, by=kofi)
    actions.move_person(person=kofi, institution=nhri, by="command line")
    actions.change_institution(institution=nhri, title=nhri.title, kind=nhri.kind, is_protected=nhri.is_protected, by="command line")
    assert Entry.objects.count() == before


def test_people_and_invitations_named_in_the_log_are_those_there_are(deeds: dict[str, tuple[Deed, str]]) -> None:
    for name in ("invite", "give_duty", "hand_over"):
        deeds[name][0]()
    kinds = {"person": Person, "invitation": Invitation}
    for subject in Entry.objects.values_list("subject", flat=True):
        kind, _, key = subject.partition(":")
        if kind in kinds:
            assert kinds[kind].objects.filter(pk=int(key)).exists(), subject
