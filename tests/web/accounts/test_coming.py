"""How people come: the link of the first start, invitations, new links. Each once, each for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forefend.errors import AccountError, NotAllowed
from forefend.web.accounts.actions import (
    accept_invitation,
    invite,
    make_first_link,
    renew_sign_in,
    set_up_installation,
    withdraw_invitation,
)
from forefend.web.accounts.links import EXPIRED, UNKNOWN, USED, WITHDRAWN, digest_of, invitation_of, path_of
from forefend.web.accounts.models import Duty, Instance, Institution, Invitation, Person
from forefend.web.accounts.permissions import roles_of
from forefend.web.accounts.roles import ROLES
from forefend.web.letters.models import Letter

from .conftest import PASSWORD, MakePerson, SignIn

FIRST = {
    "name": "Ama Mensah", "email": "Ama@Example.ORG", "password": PASSWORD, "state": "Ghana", "organisation": "Office",
    "language": "en", "is_focal_point": "on",
}  # fmt: skip


def token_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def set_up(token: str, *, is_focal_point: bool = True) -> Person:
    return set_up_installation(
        name="Ama", email="ama@example.org", password=PASSWORD, state="GHA", organisation="Office", language="en",
        is_focal_point=is_focal_point, by=invitation_of(token),
    )  # fmt: skip


def test_the_first_link_makes_the_first_administrator_and_says_whose_installation_it_is() -> None:
    person = set_up(make_first_link(by="command line"))
    assert set(roles_of(person)) == {"administrator", "focal_point"}
    assert person.check_password(PASSWORD)
    instance = Instance.objects.get()
    assert (instance.state, instance.organisation) == ("GHA", "Office")


def test_the_first_administrator_need_not_be_the_focal_point() -> None:
    assert roles_of(set_up(make_first_link(by="command line"), is_focal_point=False)) == ("administrator",)


def test_a_token_is_kept_as_a_digest_alone() -> None:
    token = make_first_link(by="command line")
    kept = Invitation.objects.get()
    assert kept.digest == digest_of(token)
    assert token not in str(Invitation.objects.values().get())
    assert len(token) >= 43  # 32 bytes nobody can guess


def test_a_link_leads_to_the_page_of_links() -> None:
    assert path_of("token", language="ar") == reverse("welcome", args=["ar", "token"])
    assert path_of("token", language="xx") == "/en/welcome/token/"


def test_a_new_first_link_ends_the_one_before() -> None:
    first, second = make_first_link(by="command line"), make_first_link(by="command line")
    with pytest.raises(AccountError, match="withdrawn"):
        invitation_of(first)
    assert invitation_of(second).is_first


def test_there_is_no_first_link_once_there_is_an_administrator(administrator: Person) -> None:
    with pytest.raises(AccountError, match="set up already"):
        make_first_link(by="command line")


def test_a_first_link_made_before_somebody_else_became_administrator_is_refused(make: MakePerson) -> None:
    token = make_first_link(by="command line")
    make("Kofi", "administrator")
    with pytest.raises(AccountError, match="set up already"):
        set_up(token)
    assert not Person.objects.filter(email="ama@example.org").exists()


def test_the_guided_start_signs_in_and_leads_to_the_second_factor(client: Client) -> None:
    token = make_first_link(by="command line")
    response = client.post(f"/en/welcome/{token}/", FIRST)
    assert (response.status_code, response["Location"]) == (302, "/account/2fa/totp/activate/?lang=en")
    assert Person.objects.get().email == "ama@example.org"
    assert client.get("/account/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize(("field", "value", "said"), [
    ("name", " ", "Enter your name"), ("email", "nobody", "Enter an address"), ("password", "short", "Use at least 12 characters"),
    ("password", "qwerty123456", "harder to guess"), ("password", "ama@example.org!", "not like your name"),
    ("state", "Atlantis", "Atlantis"), ("state", "Congo", "Congo"), ("language", "xx", "Choose one of the options"),
])  # fmt: skip
def test_the_guided_start_says_what_to_correct_and_keeps_what_was_typed(client: Client, field: str, value: str, said: str) -> None:
    token = make_first_link(by="command line")
    response = client.post(f"/en/welcome/{token}/", FIRST | {field: value})
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    assert 'class="errsum"' in html
    assert "Office" in html
    assert FIRST["password"] not in html
    assert not Person.objects.exists()


def test_an_invitation_gives_its_roles_and_its_institution(administrator: Person, ministry: Institution) -> None:
    invitation, path = invite(email=" Kofi@Example.org ", roles=["respondent"], institution=ministry, language="ar", by=administrator)
    assert path.startswith("/ar/welcome/")
    person = accept_invitation(name="Kofi", password=PASSWORD, language="ar", by=invitation_of(token_of(path)))
    assert (person.email, person.institution, person.language, roles_of(person)) == ("kofi@example.org", ministry, "ar", ("respondent",))
    assert Duty.objects.get(person=person).given_by == administrator.key
    assert Letter.objects.get().to == "kofi@example.org"
    assert Letter.objects.get().is_forgotten_when_sent
    assert invitation.pk == Invitation.objects.get().pk


def test_a_used_link_is_used_once(administrator: Person) -> None:
    _, path = invite(email="kofi@example.org", roles=["reader"], by=administrator)
    invitation = invitation_of(token_of(path))
    accept_invitation(name="Kofi", password=PASSWORD, language="en", by=invitation)
    with pytest.raises(AccountError) as refusal:  # the row read before it was used does not help
        accept_invitation(name="Eve", password=PASSWORD, language="en", by=invitation)
    assert refusal.value.sentence == USED
    assert not Person.objects.filter(name="Eve").exists()


@pytest.mark.parametrize(("end", "sentence"), [("use", USED), ("withdraw", WITHDRAWN), ("expire", EXPIRED), ("guess", UNKNOWN)])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_link_that_ended_is_said_in_one_sentence(client: Client, administrator: Person, end: str, sentence: str, lang: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        invitation, path = invite(email="kofi@example.org", roles=["reader"], by=administrator)
        token = token_of(path)
        if end == "use":
            accept_invitation(name="Kofi", password=PASSWORD, language="en", by=invitation)
        elif end == "withdraw":
            withdraw_invitation(invitation=invitation, by=administrator)
        elif end == "expire":
            clock.shift(timedelta(days=7))
        else:
            token = token[:-1] + ("A" if token[-1] != "A" else "B")
        for answer in (client.get(f"/{lang}/welcome/{token}/"), client.post(f"/{lang}/welcome/{token}/", {"name": "Eve"})):
            assert answer.status_code == 404
            assert answer["Cache-Control"] == "no-store"
            if lang == "en":
                assert sentence.replace("'", "&#x27;") in answer.content.decode()


def test_an_invitation_works_until_its_last_moment(administrator: Person) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        _, path = invite(email="kofi@example.org", roles=["reader"], by=administrator)
        clock.shift(timedelta(days=7, seconds=-1))
        assert invitation_of(token_of(path)).email == "kofi@example.org"


@pytest.mark.parametrize(("given", "said"), [
    ({"email": "nobody"}, "no address"), ({"email": f"{'a' * 250}@example.org"}, "no address"), ({"roles": []}, "at least one role"),
    ({"roles": ["king"]}, "no role king"), ({"roles": ["respondent"]}, "institution"), ({"language": "xx"}, "languages"),
    ({"email": "AMA@example.org"}, "has an account"),
])  # fmt: skip
def test_an_invitation_that_makes_no_sense_is_refused(administrator: Person, given: dict[str, object], said: str) -> None:
    with pytest.raises(AccountError, match=said):
        invite(**({"email": "kofi@example.org", "roles": ["reader"], "by": administrator} | given))  # type: ignore[arg-type]
    assert not Invitation.objects.exists()


def test_nobody_is_invited_twice_at_once(administrator: Person) -> None:
    invitation, _ = invite(email="kofi@example.org", roles=["reader"], by=administrator)
    with pytest.raises(AccountError, match="invited already"):
        invite(email="Kofi@example.org", roles=["reader"], by=administrator)
    withdraw_invitation(invitation=invitation, by=administrator)
    invite(email="kofi@example.org", roles=["reader"], by=administrator)


@pytest.mark.parametrize(("giver", "role", "may"), [
    (giver, role, may) for giver, roles in {
        "administrator": set(ROLES), "focal_point": {"coordinator", "respondent", "reviewer", "reader"},
        "coordinator": {"respondent", "reviewer", "reader"}, "respondent": set(), "reviewer": set(), "reader": set(), "auditor": set(),
    }.items() for role in ROLES for may in [role in roles]
])  # fmt: skip
def test_nobody_invites_to_more_than_is_theirs_to_give(make: MakePerson, ministry: Institution, giver: str, role: str, may: bool) -> None:
    by = make("Giver", giver, institution=ministry)
    if may:
        invite(email="kofi@example.org", roles=[role], institution=ministry, by=by)
        return
    with pytest.raises(NotAllowed):
        invite(email="kofi@example.org", roles=[role], institution=ministry, by=by)
    assert not Invitation.objects.exists()


def test_a_coordinator_cannot_withdraw_what_an_administrator_gave(make: MakePerson, administrator: Person) -> None:
    invitation, _ = invite(email="kofi@example.org", roles=["auditor"], by=administrator)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invitation=invitation, by=make("Esi", "coordinator"))


def test_without_a_mail_server_the_link_is_shown_once(administrator: Person, sign_in: SignIn, client: Client) -> None:
    signed = sign_in(administrator)
    sent = {"email": "kofi@example.org", "name": "Kofi", "roles": ["reader"], "institution": "", "language": "en"}
    html = signed.post("/en/people/", sent).content.decode()
    assert "/en/welcome/" in html
    path = "/en/welcome/" + html.partition("/en/welcome/")[2].partition('"')[0]
    assert "/en/welcome/" not in signed.get("/en/people/").content.decode()
    again = signed.post("/en/people/", sent)  # the form sent once more, as by reloading the page
    assert again.status_code == 422
    assert "invited already" in again.content.decode()
    assert Invitation.objects.count() == 1
    assert client.get(path).status_code == 200
    accepted = client.post(path, {"name": "Kofi", "password": PASSWORD, "language": "en"})
    assert accepted.status_code == 302
    stranger = Client(headers={"host": "127.0.0.1"})
    assert stranger.post(path, {"name": "Eve", "password": PASSWORD, "language": "en"}).status_code == 404
    assert set(Person.objects.values_list("name", flat=True)) == {"Ama", "Kofi"}


def test_a_new_link_takes_away_password_factors_and_sessions(administrator: Person, make: MakePerson, sign_in: SignIn) -> None:
    kofi = make("Kofi", "reader")
    browser = sign_in(kofi)
    assert browser.get("/en/me/").status_code == 200
    token = token_of(renew_sign_in(person=kofi, by=administrator))
    assert browser.get("/en/me/").status_code == 302
    kofi.refresh_from_db()
    assert not kofi.has_usable_password()
    new = PASSWORD[::-1]
    accept_invitation(name="ignored", password=new, language="en", by=invitation_of(token))
    kofi.refresh_from_db()
    assert (kofi.name, kofi.check_password(new), roles_of(kofi)) == ("Kofi", True, ("reader",))


def test_a_newer_link_ends_an_older_one(administrator: Person, make: MakePerson) -> None:
    kofi = make("Kofi", "reader")
    older = token_of(renew_sign_in(person=kofi, by=administrator))
    renew_sign_in(person=kofi, by=administrator)
    with pytest.raises(AccountError, match="withdrawn"):
        invitation_of(older)


def test_only_an_administrator_makes_new_links(make: MakePerson) -> None:
    with pytest.raises(NotAllowed):
        renew_sign_in(person=make("Kofi", "reader"), by=make("Esi", "focal_point", "coordinator"))
