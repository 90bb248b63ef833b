"""Duties: who gives and ends them, the hand-over, and the administrator who is always there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings as django_settings

from forefend.errors import AccountError, NotAllowed
from forefend.web.accounts.actions import (
    add_institution,
    change_institution,
    change_own_settings,
    deactivate,
    end_duty,
    give_duty,
    hand_over,
    invite,
    move_person,
    reactivate,
    renew_sign_in,
)
from forefend.web.accounts.models import Duty, Institution, Invitation, Person
from forefend.web.accounts.permissions import may, roles_of
from forefend.web.accounts.roles import ANSWER, MANAGE_PEOPLE
from forefend.web.audit.models import Entry
from forefend.web.letters.models import Letter

from .conftest import MakePerson, SignIn


def held(person: Person) -> set[str]:
    return set(roles_of(Person.objects.get(pk=person.pk)))


def duty_of(person: Person, role: str) -> Duty:
    return Duty.objects.get(person=person, role=role, until__isnull=True)


def test_a_duty_counts_from_the_moment_it_is_given(administrator: Person, make: MakePerson) -> None:
    kofi = make("Kofi")
    assert not may(kofi, MANAGE_PEOPLE)
    give_duty(person=kofi, role="administrator", by=administrator)
    assert may(kofi, MANAGE_PEOPLE)
    assert Letter.objects.get().to == kofi.email


def test_a_duty_is_held_once(administrator: Person, make: MakePerson) -> None:
    kofi = make("Kofi", "reader")
    with pytest.raises(AccountError, match="already"):
        give_duty(person=kofi, role="reader", by=administrator)


def test_nobody_gives_themselves_a_duty(administrator: Person) -> None:
    with pytest.raises(AccountError, match="themselves"):
        give_duty(person=administrator, role="focal_point", by=administrator)


def test_who_answers_belongs_to_an_institution(administrator: Person, make: MakePerson, ministry: Institution) -> None:
    kofi = make("Kofi")
    with pytest.raises(AccountError, match="no institution"):
        give_duty(person=kofi, role="respondent", by=administrator)
    move_person(person=kofi, institution=ministry, by=administrator)
    give_duty(person=kofi, role="respondent", by=administrator)
    with pytest.raises(AccountError, match="answers for an institution"):
        move_person(person=kofi, institution=None, by=administrator)


def test_an_ended_duty_stays_on_record_and_ends_once(administrator: Person, make: MakePerson) -> None:
    kofi = make("Kofi", "reader")
    duty = duty_of(kofi, "reader")
    end_duty(duty=duty, by=administrator, reason="left")
    assert held(kofi) == set()
    ended = Duty.objects.get(pk=duty.pk)
    assert ended.until is not None
    assert ended.ended_by == administrator.key
    with pytest.raises(AccountError, match="ended already"):
        end_duty(duty=duty, by=administrator)
    assert Entry.objects.get(event="duty.ended").reason == "left"


@pytest.mark.parametrize("way", ["end", "deactivate", "own"])
def test_the_last_administrator_stays(administrator: Person, make: MakePerson, way: str) -> None:
    closed = make("Kofi", "administrator", is_active=False)  # counts for nothing
    duty = duty_of(administrator, "administrator")
    removal = {
        "end": lambda: end_duty(duty=duty, by="command line"),
        "own": lambda: end_duty(duty=duty, by=administrator),
        "deactivate": lambda: deactivate(person=administrator, by="command line"),
    }[way]
    with pytest.raises(AccountError, match="last administrator"):
        removal()
    assert held(administrator) == {"administrator"}
    assert Person.objects.get(pk=administrator.pk).is_active
    assert not Person.objects.get(pk=closed.pk).is_active


def test_one_of_two_administrators_may_go_and_then_no_more(administrator: Person, make: MakePerson) -> None:
    kofi = make("Kofi", "administrator")
    end_duty(duty=duty_of(administrator, "administrator"), by=kofi)
    with pytest.raises(AccountError, match="last administrator"):
        deactivate(person=kofi, by=kofi)


def test_a_hand_over_moves_everything_in_one_step_and_keeps_who_was_who(
    administrator: Person, make: MakePerson, ministry: Institution
) -> None:
    kofi = make("Kofi", "respondent", "reviewer", institution=ministry)
    esi = make("Esi", "reviewer", language="ar")
    given = hand_over(person=kofi, to=esi, by=administrator, reason="new posting")
    assert (held(kofi), held(esi)) == (set(), {"respondent", "reviewer"})
    assert Person.objects.get(pk=esi.pk).institution == ministry
    assert not may(kofi, ANSWER)
    assert {duty.handed_to for duty in Duty.objects.filter(person=kofi)} == set(given)
    assert {letter.to for letter in Letter.objects.all()} == {kofi.email, esi.email}
    assert all("RED" in letter.text for letter in Letter.objects.all())
    row = Entry.objects.get(event="duties.handed_over")
    assert (row.subject, row.reason, row.after["to"]) == (kofi.key, "new posting", esi.key)


def test_invitations_end_with_the_duty_they_rest_on(administrator: Person, make: MakePerson) -> None:
    kofi = make("Kofi", "coordinator", "administrator")
    to_read, _ = invite(email="new@example.org", roles=["reader"], by=kofi)
    to_run, _ = invite(email="other@example.org", roles=["administrator"], by=kofi)
    end_duty(duty=duty_of(kofi, "administrator"), by=administrator)
    to_run.refresh_from_db()
    to_read.refresh_from_db()
    assert to_run.withdrawn_at is not None, "nobody stands for it any more"
    assert to_read.withdrawn_at is None, "a coordinator still gives this role"
    assert Entry.objects.filter(event="invitation.withdrawn", subject=f"invitation:{to_run.pk}").count() == 1
    deactivate(person=kofi, by=administrator)
    to_read.refresh_from_db()
    assert to_read.withdrawn_at is not None


@pytest.mark.parametrize("how", ["deactivated", "ended", "handed over"])
def test_new_links_end_with_the_duty_they_rest_on(administrator: Person, make: MakePerson, how: str) -> None:
    """Who made one may know it, and would go on coming in as somebody else."""
    esi, kofi = make("Esi", "administrator"), make("Kofi", "focal_point")
    renew_sign_in(person=kofi, by=esi)
    link = Invitation.objects.get(email=kofi.email)
    assert link.withdrawn_at is None
    if how == "deactivated":
        deactivate(person=esi, by=administrator)
    elif how == "ended":
        end_duty(duty=duty_of(esi, "administrator"), by=administrator)
    else:
        hand_over(person=esi, to=make("Yaa"), by=administrator)
    link.refresh_from_db()
    assert link.withdrawn_at is not None


def test_who_takes_over_stands_for_the_invitations_that_left_by_letter(
    administrator: Person, make: MakePerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    kofi, esi = make("Kofi", "coordinator"), make("Esi")
    invitation, _ = invite(email="new@example.org", roles=["reader"], by=kofi)
    monkeypatch.setattr(django_settings, "FOREFEND", replace(django_settings.FOREFEND, smtp="smtp://mail.example"))
    hand_over(person=kofi, to=esi, by=administrator)
    invitation.refresh_from_db()
    assert (invitation.invited_by, invitation.withdrawn_at) == (esi, None)
    end_duty(duty=duty_of(esi, "coordinator"), by=administrator)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_links_that_were_shown_to_who_leaves_end_with_the_hand_over(administrator: Person, make: MakePerson) -> None:
    """Without a mail server the link is shown to who invites: it would let them in again as somebody else."""
    kofi, esi = make("Kofi", "coordinator"), make("Esi")
    invitation, _ = invite(email="new@example.org", roles=["reader"], by=kofi)
    hand_over(person=kofi, to=esi, by=administrator)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert "new@example.org" in Letter.objects.get(to=esi.email).text
    assert "new@example.org" not in Letter.objects.get(to=kofi.email).text


def test_the_last_administrator_may_hand_over(administrator: Person, make: MakePerson) -> None:
    kofi = make("Kofi")
    hand_over(person=administrator, to=kofi, by=administrator)
    assert (held(administrator), held(kofi)) == (set(), {"administrator"})


def test_one_person_answers_for_one_institution(administrator: Person, make: MakePerson, ministry: Institution, nhri: Institution) -> None:
    kofi, esi = make("Kofi", "respondent", institution=ministry), make("Esi", "respondent", institution=nhri)
    with pytest.raises(AccountError, match="another institution"):
        hand_over(person=kofi, to=esi, by=administrator)
    assert held(kofi) == {"respondent"}
    assert Person.objects.get(pk=esi.pk).institution == nhri


@pytest.mark.parametrize("problem", ["same", "nothing", "closed"])
def test_a_hand_over_that_makes_no_sense_is_refused(administrator: Person, make: MakePerson, problem: str) -> None:
    kofi = make("Kofi", *([] if problem == "nothing" else ["reader"]))
    esi = make("Esi", is_active=problem != "closed")
    with pytest.raises(AccountError):
        hand_over(person=kofi, to=kofi if problem == "same" else esi, by=administrator)
    assert held(esi) == set()


@pytest.mark.parametrize(("by_roles", "roles", "may_do"), [
    (["coordinator"], ["respondent"], True), (["coordinator"], ["coordinator"], False), (["coordinator"], ["administrator"], False),
    (["focal_point"], ["coordinator"], True), (["focal_point"], ["auditor"], False), (["respondent"], ["respondent"], False),
    (["reader"], ["reader"], False), (["auditor"], ["reader"], False),
])  # fmt: skip
def test_who_hands_over_the_duties_of_others(
    make: MakePerson, ministry: Institution, by_roles: list[str], roles: list[str], may_do: bool
) -> None:
    by, kofi, esi = make("By", *by_roles, institution=ministry), make("Kofi", *roles, institution=ministry), make("Esi")
    if may_do:
        hand_over(person=kofi, to=esi, by=by)
        assert held(esi) == set(roles)
    else:
        with pytest.raises(NotAllowed):
            hand_over(person=kofi, to=esi, by=by)
        assert held(kofi) == set(roles)


def test_who_leads_hands_over_their_own_duties(make: MakePerson) -> None:
    kofi, esi = make("Kofi", "focal_point"), make("Esi")
    hand_over(person=kofi, to=esi, by=kofi)
    assert held(esi) == {"focal_point"}


@pytest.mark.parametrize("by_role", ["administrator", "coordinator"])
def test_nobody_hands_the_duties_of_another_to_themselves(make: MakePerson, ministry: Institution, by_role: str) -> None:
    by, kofi = make("By", by_role), make("Kofi", "respondent", institution=ministry)
    with pytest.raises(AccountError, match="Nobody gives themselves"):
        hand_over(person=kofi, to=by, by=by)
    assert (held(kofi), held(by)) == ({"respondent"}, {by_role})


def test_a_closed_account_ends_its_sessions_and_opens_with_its_duties(administrator: Person, make: MakePerson, sign_in: SignIn) -> None:
    kofi = make("Kofi", "reader")
    browser = sign_in(kofi)
    deactivate(person=kofi, by=administrator)
    assert browser.get("/en/me/").status_code == 302
    assert roles_of(kofi) == ()
    with pytest.raises(AccountError):
        deactivate(person=kofi, by=administrator)
    reactivate(person=kofi, by=administrator)
    assert roles_of(kofi) == ("reader",)
    with pytest.raises(AccountError):
        reactivate(person=kofi, by=administrator)


def test_the_kind_of_an_institution_follows_from_the_catalog() -> None:
    by = "command line"
    assert add_institution(body="parliament", by=by).kind == "independent_bodies"
    society = add_institution(body="civil_society", kind="government", by=by)
    assert (society.kind, society.is_protected) == ("civil_society", True)
    assert add_institution(title="Peace Council", kind="government", by=by).key == "peace-council"


@pytest.mark.parametrize("given", [
    {"body": "nonsense"}, {"title": "Council"}, {"kind": "government"}, {"title": "Council", "kind": "party"},
])  # fmt: skip
def test_an_institution_needs_a_name_and_a_kind(given: dict[str, str]) -> None:
    with pytest.raises(AccountError):
        add_institution(**given, by="command line")  # type: ignore[arg-type]


def test_two_institutions_have_two_names_and_two_keys() -> None:
    first = add_institution(title="Conseil", kind="government", by="command line")
    with pytest.raises(AccountError, match="already"):
        add_institution(title="conseil", kind="external", by="command line")
    second = add_institution(title="Conseil!", kind="government", by="command line")
    third = add_institution(title="مجلس", kind="government", by="command line")
    assert len({first.key, second.key, third.key}) == 3


def test_another_kind_than_the_catalog_says_needs_a_reason(administrator: Person, nhri: Institution) -> None:
    with pytest.raises(AccountError, match="Say why"):
        change_institution(institution=nhri, title=nhri.title, kind="government", is_protected=False, by=administrator)
    change_institution(institution=nhri, title="CHRAJ", kind="government", is_protected=True, reason="not independent", by=administrator)
    nhri.refresh_from_db()
    assert (nhri.title, nhri.kind, nhri.is_protected) == ("CHRAJ", "government", True)
    assert Entry.objects.get(event="institution.changed").reason == "not independent"


def test_own_settings(make: MakePerson) -> None:
    kofi = make("Kofi")
    change_own_settings(name=" Kofi Boateng ", language="ar", wants_digest=False, by=kofi)
    assert Person.objects.values_list("name", "language", "wants_digest").get() == ("Kofi Boateng", "ar", False)
    for given in ({"name": " "}, {"language": "xx"}):
        with pytest.raises(AccountError):
            change_own_settings(**({"name": "K", "language": "en", "wants_digest": True, "by": kofi} | given))  # type: ignore[arg-type]
