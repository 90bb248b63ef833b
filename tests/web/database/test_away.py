"""A database that is away: one page says so, without asking it anything, and nothing is half done."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from forefend.web.accounts.models import Person


@pytest.fixture
def signed(db: None) -> Client:
    """A browser somebody has signed in at."""
    person = Person.objects.create(email="kofi@example.org", name="Kofi")
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    client.force_login(person)
    session = client.session
    session["has_second_factor"] = True
    session.save()
    return client


def no_answer(*_: object, **__: object) -> Any:
    raise OperationalError("server closed the connection unexpectedly at 10.0.0.7, user forefend")


@pytest.mark.parametrize(
    ("path", "language", "sentence"),
    [
        ("/en/", "", "The database does not answer"),
        ("/ar/rounds/", "", "قاعدة البيانات لا تجيب"),
        ("/account/login/", "ar", "قاعدة البيانات لا تجيب"),
        ("/", "", "The database does not answer"),
    ],
)
def test_every_page_says_that_it_is_away(signed: Client, path: str, language: str, sentence: str) -> None:
    with connection.execute_wrapper(no_answer):
        answer = signed.get(path, headers={"accept-language": language})
    body = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert sentence in body
    assert "10.0.0.7" not in body
    assert "Traceback" not in body
    assert signed.get(path).status_code in (200, 302, 404), "it is back"


def test_a_form_that_was_not_taken_in_is_not_half_taken(signed: Client) -> None:
    def lost_at_the_end(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith("INSERT") and "audit_entry" in sql:
            raise OperationalError("deadlock detected")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lost_at_the_end):
        answer = signed.post("/en/me/", {"name": "Another", "language": "en"})
    assert answer.status_code == 503
    assert Person.objects.get(email="kofi@example.org").name == "Kofi"
