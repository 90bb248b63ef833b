"""Signing in: two factors, a lock after failures, sessions that end, and no page that says who has an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from forefend.locale import language
from forefend.web.accounts.models import Person
from forefend.web.audit.models import Entry
from web.test_pages import read

from .conftest import PASSWORD, MakePerson, SignIn

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - nobody's
SIGN_IN = "/account/login/"


def code_of(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def kofi(make: MakePerson) -> Person:
    """Somebody with an authenticator app."""
    person = make("Kofi", "reader")
    TOTP.activate(person, SECRET)
    return person


def attempt(client: Client, email: str = "kofi@example.org", password: str = PASSWORD) -> str:
    """Try to sign in; returns where it leads, or the page that says no."""
    response = client.post(SIGN_IN, {"login": email, "password": password})
    return response["Location"] if response.status_code == 302 else response.content.decode()


def without_tokens(html: str) -> str:
    return re.sub(r'value="\w{64}"', "", html)


def test_a_password_alone_opens_nothing(client: Client, kofi: Person) -> None:
    assert attempt(client) == "/account/2fa/authenticate/"
    assert client.get("/en/me/").status_code == 302
    assert client.get("/en/people/").status_code == 302


def test_password_and_code_sign_in(client: Client, kofi: Person) -> None:
    attempt(client)
    response = client.post("/account/2fa/authenticate/", {"code": code_of()})
    assert (response.status_code, response["Location"]) == (302, "/en/")
    html = client.get("/en/me/").content.decode()
    assert "Kofi" in html
    assert UserSession.objects.filter(user=kofi).count() == 1
    assert Entry.objects.filter(event="person.signed_in", subject=kofi.key).count() == 1


def test_a_wrong_code_is_refused_and_a_code_is_used_once(client: Client, kofi: Person) -> None:
    attempt(client)
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000" if code_of() != "000000" else "111111"})
    assert wrong.status_code == 200
    assert 'class="errsum"' in wrong.content.decode()
    code = code_of()
    assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    other = Client(headers={"host": "127.0.0.1"})
    attempt(other)
    assert other.post("/account/2fa/authenticate/", {"code": code}).status_code == 200  # read over a shoulder


def test_an_address_is_one_whatever_its_case(client: Client, kofi: Person) -> None:
    assert attempt(client, email="KOFI@Example.org") == "/account/2fa/authenticate/"


def test_who_has_no_second_factor_is_led_to_set_one_up(client: Client, make: MakePerson) -> None:
    make("Esi", "administrator")
    attempt(client, email="esi@example.org")
    for path in ("/en/", "/en/me/", "/en/people/", "/en/outlook/", "/ar/library/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/account/2fa/"), path
    assert client.get("/account/2fa/").status_code == 200


def test_setting_up_an_app_gives_recovery_codes_and_opens_the_workbench(
    client: Client, make: MakePerson, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    esi = make("Esi", "reader")
    attempt(client, email="esi@example.org")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    html = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r"key\">([A-Z2-7]+)<", html)
    assert secret is not None
    assert "data:image/svg+xml" in html
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/2fa/totp/activate/", {"code": code_of(secret.group(1))})
    assert (response.status_code, response["Location"]) == (302, "/account/2fa/recovery-codes/")
    codes = re.findall(r"<code>([0-9a-z-]+)</code>", client.get("/account/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    assert client.get("/en/me/").status_code == 200
    assert set(Entry.objects.filter(subject=esi.key).values_list("event", flat=True)) >= {"second_factor.added", "person.signed_in"}
    client.post("/account/logout/")
    attempt(client, email="esi@example.org")
    assert client.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302


def test_who_removes_the_second_factor_must_set_one_up_again(
    client: Client, kofi: Person, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    attempt(client)
    client.post("/account/2fa/authenticate/", {"code": code_of()})
    assert client.get("/en/me/").status_code == 200
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=kofi, type=Authenticator.Type.TOTP).exists()
    assert client.get("/en/me/")["Location"] == "/account/2fa/"
    assert Entry.objects.filter(event="second_factor.removed").exists()


def test_changing_factors_asks_again_who_it_is(sign_in: SignIn, kofi: Person) -> None:
    client = sign_in(kofi)
    for path in ("/account/2fa/totp/deactivate/", "/account/2fa/recovery-codes/generate/", "/account/2fa/webauthn/add/"):
        response = client.post(path) if "deactivate" in path else client.get(path)
        assert "reauthenticate" in response["Location"], path


def test_five_failures_lock_the_address_for_a_while(client: Client, kofi: Person) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            assert "errsum" in attempt(client, password="wrong")  # noqa: S106
        locked = attempt(client)  # the right password, too late
        assert "errsum" in locked
        assert "Too many" in locked
        other = Client(headers={"host": "127.0.0.1"})
        assert "Too many" in attempt(other)  # another browser
        clock.shift(5 * 60 + 1)
        assert attempt(other) == "/account/2fa/authenticate/"
    assert Entry.objects.filter(event="person.sign_in_refused", subject=kofi.key).count() == 5


def test_a_lock_of_one_address_locks_no_other(client: Client, kofi: Person, make: MakePerson) -> None:
    make("Esi", "reader")
    for _ in range(5):
        attempt(client, password="wrong")  # noqa: S106
    assert attempt(client, email="esi@example.org") == "/en/"


def test_no_page_says_who_has_an_account(client: Client, kofi: Person) -> None:
    pages = {}
    for email in ("kofi@example.org", "nobody@example.org"):
        pages[email] = [without_tokens(attempt(client, email=email, password="wrong")).replace(email, "") for _ in range(7)]  # noqa: S106
    assert pages["kofi@example.org"] == pages["nobody@example.org"]
    assert not Entry.objects.filter(event="person.sign_in_refused").exclude(subject=kofi.key).exists()


@pytest.mark.parametrize("path", [
    "signup/", "email/", "confirm-email/", "confirm-email/x/", "password/reset/", "password/reset/key/1-x/", "password/reset/done/",
    "password/set/", "3rdparty/", "3rdparty/signup/", "2fa/webauthn/signup/", "sessions/", "login/code/confirm/", "phone/change/",
])  # fmt: skip
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_what_is_not_offered_is_not_there(client: Client, sign_in: SignIn, kofi: Person, path: str, is_signed_in: bool) -> None:
    reader = sign_in(kofi) if is_signed_in else client
    assert reader.get(f"/account/{path}").status_code == 404
    assert reader.post(f"/account/{path}", {"email": "kofi@example.org"}).status_code == 404


def test_a_closed_account_cannot_sign_in(client: Client, kofi: Person) -> None:
    Person.objects.filter(pk=kofi.pk).update(is_active=False)
    attempt(client)
    assert client.get("/en/me/").status_code == 302


def test_signing_in_leads_back_to_this_installation_alone(client: Client, make: MakePerson) -> None:
    make("Esi", "reader")
    response = client.post(SIGN_IN, {"login": "esi@example.org", "password": PASSWORD, "next": "https://evil.example/"})
    assert response["Location"] == "/en/"
    client.post("/account/logout/")
    response = client.post(SIGN_IN, {"login": "esi@example.org", "password": PASSWORD, "next": "/en/library/"})
    assert response["Location"] == "/en/library/"


def test_one_session_ends_another_and_nobody_elses(client: Client, sign_in: SignIn, make: MakePerson) -> None:
    esi, kofi = make("Esi", "reader"), make("Yaw", "reader")
    here, there, stranger = sign_in(esi), sign_in(esi), sign_in(kofi)
    for browser, person in ((here, esi), (there, esi), (stranger, kofi)):
        UserSession.objects.create(user=person, ip="127.0.0.1", session_key=browser.session.session_key, user_agent="Firefox/1 Linux")
    ended = UserSession.objects.get(session_key=there.session.session_key)
    assert stranger.post(f"/en/me/sessions/{ended.pk}/end/").status_code == 404
    assert there.get("/en/me/").status_code == 200
    html = here.get("/en/me/").content.decode()
    assert html.count("Firefox, Linux") == 2
    assert here.post(f"/en/me/sessions/{ended.pk}/end/").status_code == 302
    assert there.get("/en/me/").status_code == 302
    assert here.get("/en/me/").status_code == 200
    assert here.post(f"/en/me/sessions/{ended.pk}/end/").status_code == 404  # the form sent once more


def test_signing_out_needs_the_button(sign_in: SignIn, kofi: Person) -> None:
    client = sign_in(kofi)
    client.get("/account/logout/")
    assert client.get("/en/me/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/en/me/").status_code == 302
    assert Entry.objects.filter(event="person.signed_out", subject=kofi.key).exists()


def test_forms_of_other_sites_are_refused(kofi: Person) -> None:
    careful = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    response = careful.post(SIGN_IN, {"login": "kofi@example.org", "password": PASSWORD})
    assert response.status_code == 403
    assert len(read(response.content.decode()).h1) == 1


def pages(make: MakePerson, sign_in: SignIn, kofi: Person) -> dict[str, Callable[[], Client]]:
    """Return the pages of signing in, each with the reader who sees it."""

    esi = make("Esi", "reader")

    def halfway() -> Client:
        client = Client(headers={"host": "127.0.0.1"})
        attempt(client)
        return client

    def confirmed() -> Client:
        client = sign_in(esi)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    def with_app() -> Client:
        client = sign_in(kofi)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    return {
        "login/": lambda: Client(headers={"host": "127.0.0.1"}),
        "login/?refused=sso": lambda: Client(headers={"host": "127.0.0.1"}),
        "2fa/authenticate/": halfway,
        "2fa/": with_app,
        "2fa/totp/activate/": confirmed,
        "2fa/totp/deactivate/": with_app,
        "2fa/recovery-codes/generate/": with_app,
        "2fa/webauthn/": confirmed,
        "2fa/webauthn/add/": confirmed,
        "password/change/": confirmed,
        "reauthenticate/": confirmed,
        "2fa/reauthenticate/": with_app,
        "logout/": confirmed,
        "inactive/": lambda: Client(headers={"host": "127.0.0.1"}),
        "3rdparty/login/cancelled/": lambda: Client(headers={"host": "127.0.0.1"}),
    }


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_pages_of_signing_in_read_right(make: MakePerson, sign_in: SignIn, kofi: Person, lang: str) -> None:
    for path, reader in pages(make, sign_in, kofi).items():
        response = reader().get(f"/account/{path}{'&' if '?' in path else '?'}lang={lang}")
        assert response.status_code == 200, path
        html = response.content.decode()
        page = read(html)
        assert page.mistakes == page.unclosed == page.styles == page.handlers == [], path
        assert page.root == {"lang": lang, "dir": "rtl" if lang == "ar" else "ltr"}, path
        assert len(page.h1) == 1, path
        # Scripts inside the page may hold data alone: the policy lets no other run.
        assert all('type="application/json"' in tag for tag in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html)), path
        assert "allauth" not in page.title.lower()
        assert response["Content-Security-Policy"].count("'unsafe") == 0


def test_the_language_of_the_sign_in_stays_once_chosen(client: Client) -> None:
    assert 'lang="ar"' in client.get("/account/login/?lang=ar").content.decode()
    assert '<html lang="ar"' in client.get("/account/login/").content.decode()
    assert '<html lang="en"' in client.get("/account/login/?lang=en").content.decode()
    assert '<html lang="en"' in client.get("/account/login/?lang=nonsense").content.decode()


def test_codes_cannot_be_guessed_without_end(client: Client, kofi: Person) -> None:
    attempt(client)
    right = code_of()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert client.post("/account/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert client.post("/account/2fa/authenticate/", {"code": right}).status_code == 200
    assert client.get("/en/me/").status_code == 302


def test_a_new_password_ends_other_sessions_and_is_on_record(sign_in: SignIn, kofi: Person) -> None:
    here, there = sign_in(kofi), sign_in(kofi)
    here.post("/account/reauthenticate/", {"password": PASSWORD})
    new = PASSWORD[::-1]
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/change/", sent).status_code == 302
    assert here.get("/en/me/").status_code == 200
    assert there.get("/en/me/").status_code == 302
    assert Entry.objects.filter(event="person.password_changed", subject=kofi.key).exists()
    short = here.post("/account/password/change/", {"oldpassword": new, "password1": "short", "password2": "short"})
    assert 'class="errsum"' in short.content.decode()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_is_missing_is_said_field_by_field(client: Client, sign_in: SignIn, kofi: Person, make: MakePerson, lang: str) -> None:
    signed, plain, halfway = sign_in(kofi), sign_in(make("Esi", "reader")), Client(headers={"host": "127.0.0.1"})
    for browser in (signed, plain):
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
    attempt(halfway)
    asked = {
        "login/": (client, {"Enter your address", "Enter your password"}),
        "password/change/": (
            signed,
            {"Enter the password you have had until now", "Enter a new password", "Enter the new password once more"},
        ),
        "reauthenticate/": (signed, {"Enter your password"}),
        "2fa/authenticate/": (halfway, {"Enter the code"}),
        "2fa/reauthenticate/": (signed, {"Enter the code"}),
        "2fa/totp/activate/": (plain, {"Enter the code"}),
    }
    speaks = language(lang)
    for path, (browser, sentences) in asked.items():
        html = browser.post(f"/account/{path}?lang={lang}", {"code": ""}).content.decode()
        assert 'class="errsum"' in html, path
        for sentence in sentences:
            assert html.count(escape(speaks.gettext(sentence))) >= 2, (path, sentence)  # above, and at its field
        assert "password/reset" not in html
        assert "placeholder" not in html.partition("<main")[2]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_a_new_password_lacks_is_said_in_the_language_of_the_page(sign_in: SignIn, kofi: Person, lang: str) -> None:
    client, speaks = sign_in(kofi), language(lang)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    refused = {
        "short": speaks.gettext("Use at least %(n)s characters", n=speaks.number(12)),
        kofi.email: speaks.gettext("Choose a password that is not like your name or address"),
        "qwertyuiop123": speaks.gettext("Choose a password that is harder to guess"),
    }
    for given, said in refused.items():
        sent = {"oldpassword": PASSWORD, "password1": given, "password2": given}
        assert said in client.post(f"/account/password/change/?lang={lang}", sent).content.decode(), given
