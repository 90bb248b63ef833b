"""What people do on the pages: each button, what it changes, and what the page says when it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from forefend.errors import AccountError, NotAllowed
from forefend.web.accounts.actions import accept_invitation, invite, make_first_link, renew_sign_in, withdraw_invitation
from forefend.web.accounts.links import invitation_of
from forefend.web.accounts.models import Duty, Institution, Invitation, Person
from forefend.web.accounts.permissions import roles_of
from forefend.web.project import workbench as benches

from .conftest import PASSWORD, MakePerson, SignIn


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def signed(administrator: Person, sign_in: SignIn) -> Client:
    """An administrator at the browser."""
    return sign_in(administrator)


@pytest.fixture
def kofi(make: MakePerson, ministry: Institution) -> Person:
    return make("Kofi", "respondent", institution=ministry)


def send(client: Client, kofi: Person, **sent: Any) -> Any:
    return client.post(f"/en/people/{kofi.pk}/", sent)


def test_a_duty_is_given_and_ended(signed: Client, kofi: Person) -> None:
    given = send(signed, kofi, do="give", role="reader")
    assert given["Location"] == f"/en/people/{kofi.pk}/?done=give"
    assert "The duty is given" in signed.get(given["Location"]).content.decode()
    duty = Duty.objects.get(person=kofi, role="reader")
    ended = send(signed, kofi, do="end", duty=duty.pk)
    assert ended["Location"].endswith("?done=end")
    html = signed.get(ended["Location"]).content.decode()
    assert "The duty has ended" in html
    assert "Earlier duties" in html
    assert roles_of(again(kofi)) == ("respondent",)
    replayed = send(signed, kofi, do="end", duty=duty.pk)
    assert replayed.status_code == 409
    assert "This duty has ended already." in replayed.content.decode()


@pytest.mark.parametrize("sent", [{"role": ""}, {"role": "king"}, {"role": "respondent"}, {}])
def test_a_duty_that_cannot_be_given_is_said_on_the_form(signed: Client, kofi: Person, sent: dict[str, str]) -> None:
    response = send(signed, kofi, do="give", **sent)
    assert response.status_code == 422
    assert 'class="errsum"' in response.content.decode()
    assert roles_of(again(kofi)) == ("respondent",)


@pytest.mark.parametrize("duty", ["", "0", "x", "-1", "9" * 40, "²"])
def test_a_duty_there_is_not_cannot_be_ended(signed: Client, kofi: Person, duty: str) -> None:
    assert send(signed, kofi, do="end", duty=duty).status_code == 404


def test_the_duty_of_another_cannot_be_ended_here(signed: Client, kofi: Person, make: MakePerson) -> None:
    other = make("Esi", "reader")
    assert send(signed, kofi, do="end", duty=Duty.objects.get(person=other).pk).status_code == 404
    assert roles_of(again(other)) == ("reader",)


def test_a_button_there_is_not_does_nothing(signed: Client, kofi: Person) -> None:
    assert send(signed, kofi, do="promote").status_code == 200
    assert send(signed, kofi).status_code == 200
    assert roles_of(again(kofi)) == ("respondent",)


def test_an_account_is_closed_and_opened(signed: Client, kofi: Person) -> None:
    send(signed, kofi, do="deactivate")
    html = signed.get(f"/en/people/{kofi.pk}/").content.decode()
    assert "This account is closed" in html
    assert "account closed" in signed.get("/en/people/").content.decode()
    assert send(signed, kofi, do="deactivate").status_code == 409
    assert send(signed, kofi, do="reactivate")["Location"].endswith("done=reactivate")
    assert again(kofi).is_active


def test_the_last_administrator_is_told_so_in_both_languages(signed: Client, administrator: Person) -> None:
    for lang, said in (("en", "Ama is the last administrator"), ("ar", "Ama")):
        response = signed.post(f"/{lang}/people/{administrator.pk}/", {"do": "deactivate"})
        assert response.status_code == 409
        assert said in response.content.decode()


def test_a_person_is_moved_to_another_institution(signed: Client, kofi: Person, nhri: Institution) -> None:
    assert send(signed, kofi, do="move", institution="nhri")["Location"].endswith("done=move")
    assert again(kofi).institution == nhri
    refused = send(signed, kofi, do="move", institution="")
    assert refused.status_code == 422
    assert "answers for an institution" in refused.content.decode()
    assert send(signed, kofi, do="move", institution="none-such").status_code == 422


def test_a_new_link_is_shown_once_and_sets_a_new_password(signed: Client, kofi: Person, client: Client) -> None:
    html = send(signed, kofi, do="renew").content.decode()
    path = "/en/welcome/" + html.partition("/en/welcome/")[2].partition('"')[0]
    assert "/en/welcome/" not in signed.get(f"/en/people/{kofi.pk}/").content.decode()
    page = client.get(path).content.decode()
    assert "Set a new password" in page
    assert 'name="name"' not in page
    response = client.post(path, {"password": PASSWORD[::-1], "language": "ar"})
    assert response["Location"] == "/account/2fa/totp/activate/?lang=ar"
    assert again(kofi).check_password(PASSWORD[::-1])


def test_a_closed_account_is_not_opened_by_a_link(administrator: Person, kofi: Person, client: Client) -> None:
    path = renew_sign_in(person=kofi, by=administrator)
    Person.objects.filter(pk=kofi.pk).update(is_active=False)
    assert client.post(path, {"password": PASSWORD[::-1], "language": "en"})["Location"] == "/account/inactive/"
    assert client.get("/en/me/").status_code == 302


def test_with_a_mail_server_no_page_shows_a_link(signed: Client, kofi: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = benches.workbench()
    other = replace(bench, settings=replace(bench.settings, smtp="smtp://mail.example"))
    monkeypatch.setattr("forefend.web.accounts.views.people.workbench", lambda: other)
    sent = {"email": "new@example.org", "name": "", "roles": ["reader"], "institution": "", "language": "en"}
    assert "/welcome/" not in signed.post("/en/people/", sent).content.decode()
    assert Invitation.objects.filter(email="new@example.org").exists()
    response = send(signed, kofi, do="renew")
    assert response["Location"].endswith("done=renewed")
    assert "/welcome/" not in signed.get(response["Location"]).content.decode()
    body = {"body": "parliament", "title": "", "kind": "", "email": "mp@example.org", "language": "en"}
    assert signed.post("/en/people/institutions/", body)["Location"].endswith("done=added")


def test_a_hand_over_on_the_page(signed: Client, kofi: Person, make: MakePerson) -> None:
    esi = make("Esi")
    address = f"/en/people/{kofi.pk}/hand-over/"
    html = signed.get(address).content.decode()
    assert "TLP:RED" in html
    assert "esi@example.org" in html
    assert signed.post(address, {"to": ""}).status_code == 422
    assert signed.post(address, {"to": str(kofi.pk)}).status_code == 422  # not among those who could take over
    response = signed.post(address, {"to": str(esi.pk), "reason": "posting"})
    assert response["Location"] == f"/en/people/{esi.pk}/?done=handed"
    assert "not handed over" in signed.get(response["Location"]).content.decode()
    assert roles_of(again(esi)) == ("respondent",)
    replayed = signed.post(address, {"to": str(esi.pk)})
    assert replayed.status_code == 422
    assert "holds no duty" in replayed.content.decode()


def test_who_hands_over_their_own_duties_is_led_to_the_own_page(make: MakePerson, sign_in: SignIn) -> None:
    kofi, esi = make("Kofi", "focal_point"), make("Esi")
    client = sign_in(kofi)
    response = client.post(f"/en/people/{kofi.pk}/hand-over/", {"to": str(esi.pk)})
    assert response["Location"] == "/en/me/?done=handed"
    html = client.get(response["Location"]).content.decode()
    assert "Your duties are handed over" in html
    assert "You hold no duty" in html
    assert client.get("/en/people/").status_code == 404


def test_a_coordinator_hands_over_no_administrator(make: MakePerson, sign_in: SignIn, administrator: Person) -> None:
    client = sign_in(make("Kofi", "coordinator"))
    assert client.get(f"/en/people/{administrator.pk}/hand-over/").status_code == 404
    assert client.post(f"/en/people/{administrator.pk}/hand-over/", {"to": "1"}).status_code == 404


def test_an_invitation_is_withdrawn_once(signed: Client, administrator: Person) -> None:
    invitation, _ = invite(email="new@example.org", roles=["reader"], by=administrator)
    address = f"/en/people/invitations/{invitation.pk}/withdraw/"
    assert signed.get(address).status_code == 405
    assert signed.post(address)["Location"] == "/en/people/?done=withdrawn"
    assert "The invitation is withdrawn" in signed.get("/en/people/?done=withdrawn").content.decode()
    assert signed.post(address).status_code == 409
    assert signed.post("/en/people/invitations/999999/withdraw/").status_code == 404


def test_the_first_link_is_nobodys_to_withdraw_or_accept(signed: Client, make: MakePerson) -> None:
    Duty.objects.update(until="2026-01-01T00:00:00Z", ended_by="test")
    first = invitation_of(make_first_link(by="command line"))
    with pytest.raises(AccountError):
        accept_invitation(name="Eve", password=PASSWORD, language="en", by=first)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invitation=first, by=make("Kofi", "coordinator"))
    make("Esi", "administrator")


def test_only_an_administrator_withdraws_a_new_link_of_somebody(administrator: Person, kofi: Person, make: MakePerson) -> None:
    renew_sign_in(person=kofi, by=administrator)
    with pytest.raises(NotAllowed):
        withdraw_invitation(invitation=Invitation.objects.get(), by=make("Esi", "focal_point"))
    withdraw_invitation(invitation=Invitation.objects.get(), by=administrator)


def test_who_got_an_account_meanwhile_is_not_made_twice(administrator: Person, make: MakePerson) -> None:
    invitation, _ = invite(email="kofi@example.org", roles=["reader"], by=administrator)
    make("Kofi")
    with pytest.raises(AccountError, match="has an account"):
        accept_invitation(name="Kofi", password=PASSWORD, language="en", by=invitation)


ADD = {"body": "", "title": "", "kind": "", "email": "", "language": "en"}


def test_an_institution_is_added_with_who_answers_for_it(signed: Client) -> None:
    html = signed.post("/en/people/institutions/", ADD | {"body": "parliament", "email": "mp@example.org"}).content.decode()
    assert "/en/welcome/" in html
    made = Invitation.objects.get()
    assert (made.email, made.roles, made.institution) == ("mp@example.org", ["respondent"], Institution.objects.get(key="parliament"))
    assert signed.post("/en/people/institutions/", ADD | {"title": "Council", "kind": "external"}).status_code == 302
    assert Institution.objects.get(title="Council").kind == "external"


@pytest.mark.parametrize("sent", [
    {}, {"title": "Council"}, {"kind": "external"}, {"body": "nonsense"}, {"body": "parliament", "email": "nobody"},
    {"body": "parliament", "email": "ama@example.org"}, {"title": "ministry of the Interior", "kind": "government"},
])  # fmt: skip
def test_an_institution_that_cannot_be_added_leaves_nothing(signed: Client, ministry: Institution, sent: dict[str, str]) -> None:
    Institution.objects.filter(pk=ministry.pk).update(title="Ministry of the Interior")
    response = signed.post("/en/people/institutions/", ADD | sent)
    assert response.status_code == 422
    assert 'class="errsum"' in response.content.decode()
    assert Institution.objects.count() == 1
    assert not Invitation.objects.exists()


def test_an_institution_is_changed_with_a_reason(signed: Client, nhri: Institution, make: MakePerson) -> None:
    make("Kofi", institution=nhri)
    address = "/en/people/institutions/nhri/"
    assert "Kofi" in signed.get(address).content.decode()
    sent = {"title": "CHRAJ", "kind": "government", "is_protected": "on", "reason": ""}
    refused = signed.post(address, sent)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert signed.post(address, sent | {"reason": "not independent"}).status_code == 302
    assert Institution.objects.values_list("title", "kind", "is_protected").get() == ("CHRAJ", "government", True)
    assert "The institution is changed" in signed.get(f"{address}?done=saved").content.decode()


def test_own_settings_are_saved_and_the_page_follows_the_language(make: MakePerson, sign_in: SignIn) -> None:
    kofi = make("Kofi", "reader")
    client = sign_in(kofi)
    response = client.post("/en/me/", {"name": "Kofi B", "language": "ar"})
    assert response["Location"] == "/ar/me/?done=saved"
    assert (again(kofi).name, again(kofi).language, again(kofi).wants_digest) == ("Kofi B", "ar", False)
    assert client.get(response["Location"]).status_code == 200
    for sent in ({"name": "", "language": "en"}, {"name": "K" * 121, "language": "en"}, {"name": "K", "language": "xx"}, {}):
        refused = client.post("/en/me/", sent)
        assert refused.status_code == 422
        assert 'class="errsum"' in refused.content.decode()
    assert again(kofi).name == "Kofi B"


def test_where_a_second_factor_is_only_offered_who_comes_goes_on_at_once(
    client: Client, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = benches.workbench()
    other = replace(bench, settings=replace(bench.settings, second_factor="offered"))
    for module in ("accounts.gate", "design.page"):
        monkeypatch.setattr(f"forefend.web.{module}.workbench", lambda: other)
    for role, leads_to in (("coordinator", "/en/me/first-steps/"), ("reader", "/en/me/")):
        _, path = invite(email=f"{role}@example.org", roles=[role], by=administrator)
        response = client.post(path, {"name": role, "password": PASSWORD, "language": "en"})  # the one before is signed out
        assert response["Location"] == leads_to
        assert client.get(leads_to).status_code == 200
        assert role in client.get("/en/me/").content.decode()


def test_many_people_are_found_by_words_and_read_page_by_page(signed: Client, make: MakePerson, ministry: Institution) -> None:
    for number in range(120):
        make(f"Person {number:03}", institution=ministry if number % 2 else None)
    first = signed.get("/en/people/").content.decode()
    assert "Person 000" in first
    assert "Person 119" not in first
    assert "Page 1 of 3" in first
    assert "Person 119" in signed.get("/en/people/?page=3").content.decode()
    assert signed.get("/en/people/?page=9000").status_code == signed.get("/en/people/?page=x").status_code == 200
    found = signed.get("/en/people/", {"q": f"person 11 {ministry.title}"}).content.decode()
    assert "Person 111" in found
    assert "Person 110" not in found, "it is of no institution"
    assert "Page 1" not in found
    assert "Nobody here has these words" in signed.get("/en/people/?q=zzzz%00").content.decode()
