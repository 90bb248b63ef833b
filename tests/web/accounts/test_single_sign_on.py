"""Single sign-on against a service that speaks OpenID Connect: the whole way, from the button to the page and back out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings as django_settings
from django.test import Client

from forefend.web.accounts.actions import deactivate
from forefend.web.accounts.models import Person
from forefend.web.audit.models import Entry
from forefend.web.project.signing_in import single_sign_on

from .conftest import MakePerson

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the service under test uses names its own library calls old
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [pytest.mark.enable_socket, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
PEOPLE = (
    User(sub="kofi", claims={"email": "Kofi@example.org", "email_verified": True}),
    User(sub="kofi-unproved", claims={"email": "kofi@example.org", "email_verified": False}),
    User(sub="stranger", claims={"email": "stranger@example.org", "email_verified": True}),
)


@pytest.fixture
def service() -> Iterator[str]:
    """A service for sign-on at its address."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def browser(service: str, settings: Any) -> Client:
    """A browser before an installation that names the service in its settings."""
    named = replace(django_settings.FOREFEND, oidc_server=service, oidc_client="forefend", oidc_secret="a secret", oidc_name="Ministry")  # noqa: S106
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(named)
    return Client(headers={"host": "127.0.0.1"})


def come(browser: Client, who: str) -> Any:
    """Press the button, say at the service who one is, and follow back to the installation."""
    assert "Ministry" in browser.get("/account/login/").content.decode()
    sent = browser.post("/account/oidc/sso/login/?process=login")
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert "email" in asked["scope"][0]
    back = httpx.post(sent["Location"], data={"sub": who}).headers["Location"]
    parts = urlsplit(back)
    return browser.get(f"{parts.path}?{parts.query}")


def test_who_has_an_account_comes_in_by_the_service(browser: Client, make: MakePerson) -> None:
    make("Kofi", "reader")
    answer = come(browser, "kofi")
    assert (answer.status_code, answer["Location"]) == (302, "/en/")
    assert browser.get("/en/me/").status_code == 200
    assert Entry.objects.filter(event="person.signed_in").count() == 1
    assert come(Client(headers={"host": "127.0.0.1"}), "kofi")["Location"] == "/en/", "the second time the account is known"


@pytest.mark.parametrize("who", ["stranger", "kofi-unproved"])
def test_nobody_else_does(browser: Client, make: MakePerson, who: str) -> None:
    make("Kofi", "reader")
    answer = come(browser, who)
    assert answer["Location"] == "/account/login/?refused=sso"
    assert browser.get("/en/me/").status_code == 302
    assert Person.objects.count() == 1


def test_a_closed_account_stays_closed(browser: Client, make: MakePerson, administrator: Person) -> None:
    kofi = make("Kofi", "reader")
    come(browser, "kofi")
    browser.logout()
    deactivate(person=kofi, by=administrator)
    come(browser, "kofi")
    assert browser.get("/en/me/").status_code == 302


def test_an_answer_nobody_asked_for_is_refused(browser: Client, make: MakePerson) -> None:
    """What an attacker sends somebody to sign them in elsewhere carries no state of this browser."""
    make("Kofi", "reader")
    answer = browser.get("/account/oidc/sso/login/callback/?code=abc&state=forged")
    assert answer.status_code < 500
    assert "<h1" in answer.content.decode()
    assert "Forefend" in answer.content.decode()
    assert browser.get("/en/me/").status_code == 302


def test_who_says_no_at_the_service_is_not_let_in(browser: Client, make: MakePerson) -> None:
    make("Kofi", "reader")
    sent = browser.post("/account/oidc/sso/login/?process=login")
    back = httpx.post(sent["Location"], data={"action": "deny"}).headers["Location"]
    answer = browser.get("{0.path}?{0.query}".format(urlsplit(back)))
    assert answer.status_code < 500
    assert browser.get("/en/me/").status_code == 302


@pytest.mark.parametrize("described", [None, b"", b"<html>maintenance</html>", b"{}", b'{"token_endpoint": 1}'])
def test_a_service_that_does_not_answer_as_it_should_is_said(make: MakePerson, settings: Any, described: bytes | None) -> None:
    make("Kofi", "reader")
    with serving(described) as address:
        gone = replace(django_settings.FOREFEND, oidc_server=address, oidc_client="forefend", oidc_secret="s")  # noqa: S106
        settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(gone)
        browser = Client(headers={"host": "127.0.0.1"})
        answer = browser.post("/account/oidc/sso/login/?process=login")
    assert answer["Location"] == "/account/login/?refused=away"
    assert "Single sign-on does not answer" in browser.get(answer["Location"]).content.decode()


@contextmanager
def serving(described: bytes | None) -> Iterator[str]:
    """Answer every question with the same bytes; with None nobody listens."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(described or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    if described is None:
        server.server_close()
    else:
        Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        if described is not None:
            server.shutdown()
            server.server_close()
