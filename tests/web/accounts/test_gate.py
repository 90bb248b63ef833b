"""The gate and single sign-on: who is let in, and that nobody gets an account by knocking."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from forefend.web.accounts.adapter import Accounts, SingleSignOn
from forefend.web.accounts.gate import NEEDS_A_PERSON, OPEN_FOR_ALL, is_let_in
from forefend.web.accounts.models import Person
from forefend.web.project import workbench as benches
from forefend.web.project.signing_in import sign_on_origins, single_sign_on

from .conftest import MakePerson


@dataclass
class Knock:
    """Somebody whom the other service names."""

    email: str
    verified: bool = True
    is_existing: bool = False
    user: Any = None
    connected: list[Person] = field(default_factory=list)

    @property
    def email_addresses(self) -> list[Any]:
        return [SimpleNamespace(email=self.email, verified=self.verified)]

    def connect(self, request: object, person: Person) -> None:
        self.user = person
        self.connected.append(person)


def request_of(person: Person | None = None) -> Any:
    request = RequestFactory().get("/en/outlook/", headers={"host": "127.0.0.1"})
    request.session = SessionStore()
    request.user = person or SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    return request


def settings_with(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    bench = benches.workbench()
    other = replace(bench, settings=replace(bench.settings, **changed))
    monkeypatch.setattr("forefend.web.accounts.gate.workbench", lambda: other)


def test_single_sign_on_finds_the_person_of_a_verified_address(make: MakePerson) -> None:
    kofi, request = make("Kofi", "reader"), request_of()
    knock = Knock(email="KOFI@example.org")
    SingleSignOn().pre_social_login(request, knock)
    assert knock.connected == [kofi]
    request.user = kofi
    assert is_let_in(request, "outlook/")  # the service asked for its own second factor


@pytest.mark.parametrize("knock", [
    Knock(email="stranger@example.org"), Knock(email="kofi@example.org", verified=False), Knock(email="closed@example.org"),
])  # fmt: skip
def test_single_sign_on_lets_nobody_else_in_and_makes_no_account(make: MakePerson, knock: Knock) -> None:
    make("Kofi", "reader")
    make("Closed", "reader", is_active=False)
    request = request_of()
    with pytest.raises(ImmediateHttpResponse) as refusal:
        SingleSignOn().pre_social_login(request, knock)
    assert refusal.value.response["Location"] == "/account/login/?refused=sso"
    assert knock.connected == []
    assert Person.objects.count() == 2
    assert not request.session.get("came_by_single_sign_on")
    assert not SingleSignOn().is_open_for_signup(request, knock)
    assert not Accounts().is_open_for_signup(request)


def test_the_second_factor_of_another_service_counts_for_who_came_by_it_alone(make: MakePerson) -> None:
    kofi, esi = make("Kofi", "reader"), make("Esi", "reader")
    request = request_of()
    SingleSignOn().pre_social_login(request, Knock(email="", is_existing=True, user=kofi))
    request.user = esi
    assert not is_let_in(request, "outlook/")
    request.user = kofi
    assert is_let_in(request, "outlook/")


def test_before_anybody_has_an_account_public_data_are_open_on_this_machine(client: Client) -> None:
    assert client.get("/en/library/").status_code == 200
    for path in NEEDS_A_PERSON:
        assert client.get(f"/en/{path}").status_code == 302, path


def test_afterwards_everybody_signs_in(client: Client, make: MakePerson) -> None:
    make("Kofi", "reader")
    response = client.get("/en/library/?for=GHA")
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=%2Fen%2Flibrary%2F%3Ffor%3DGHA")
    assert client.post("/en/rounds/new/")["Location"] == "/account/login/"
    assert client.get("/en/")["Location"] == "/account/login/?next=%2Fen%2F"  # the home page shows a state's data like any other
    assert client.get("/")["Location"] == "/en/"


def test_where_others_can_reach_it_everybody_signs_in_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    settings_with(monkeypatch, address="0.0.0.0")  # noqa: S104 - nothing listens
    assert not is_let_in(request_of(), "library/")
    for path in OPEN_FOR_ALL:
        assert is_let_in(request_of(), path)


def test_a_second_factor_that_is_only_offered_is_not_asked_for(monkeypatch: pytest.MonkeyPatch, make: MakePerson) -> None:
    kofi = make("Kofi", "reader")
    assert not is_let_in(request_of(kofi), "library/")
    settings_with(monkeypatch, second_factor="offered")
    assert is_let_in(request_of(kofi), "library/")


def test_the_policy_of_pages_names_the_service_forms_may_lead_to() -> None:
    settings = replace(django_settings.FOREFEND, oidc_server="https://id.gov.example/realm/x", oidc_client="forefend", oidc_secret="s")  # noqa: S106
    assert sign_on_origins(settings) == ["https://id.gov.example"]
    assert single_sign_on(settings)["openid_connect"]["APPS"][0]["settings"] == {"server_url": "https://id.gov.example/realm/x"}
    assert sign_on_origins(django_settings.FOREFEND) == []
    assert single_sign_on(django_settings.FOREFEND) == {}
