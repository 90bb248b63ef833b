"""People with duties, institutions, and readers who are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from forefend.web.accounts.actions import add_institution
from forefend.web.accounts.models import Duty, Institution, Person

PASSWORD = "a long sentence to sign in"  # noqa: S105 - nobody's
MakePerson = Callable[..., Person]
SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def no_failures_counted() -> Iterator[None]:
    """Sign-ins that failed in one test do not lock out another."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ministry() -> Institution:
    return add_institution(body="interior_ministry", by="command line")


@pytest.fixture
def nhri() -> Institution:
    return add_institution(body="nhri", by="command line")


@pytest.fixture
def make() -> MakePerson:
    """Make a person with roles: ``make("Ama", "administrator")``."""

    def made(name: str, *roles: str, institution: Institution | None = None, **fields: object) -> Person:
        person = Person.objects.create_user(f"{name.lower()}@example.org", PASSWORD, name=name, institution=institution, **fields)
        for role in roles:
            Duty.objects.create(person=person, role=role, since=timezone.now(), given_by="system")
        return person

    return made


@pytest.fixture
def administrator(make: MakePerson) -> Person:
    return make("Ama", "administrator")


@pytest.fixture
def sign_in() -> SignIn:
    """Return a reader who is signed in with both factors."""

    def signed_in(person: Person) -> Client:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(person)
        session = client.session
        session["has_second_factor"] = True
        session.save()
        return client

    return signed_in
