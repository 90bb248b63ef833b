"""Two ministries, a coalition of civil society, one person for every role, a round, and answers to support."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.accounts.roles import ROLES
from forefend.web.assessment.models import Answer, Assignment, Contribution, Edition, Round

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class World:
    """Who and what there is. ``people`` are by role; respondents by the key of their institution."""

    institutions: dict[str, Institution]
    people: dict[str, Person]
    round: Round
    answers: dict[str, Answer]

    def hand_in(self, key: str) -> None:
        """Let an institution hand in."""
        Contribution.objects.filter(institution=self.institutions[key]).update(
            stage="submitted", handed_in_at=NOW, handed_in_by=self.people[key]
        )


def person(name: str, *roles: str, institution: Institution | None = None) -> Person:
    """Make a person with duties."""
    made = Person.objects.create_user(f"{name}@example.org", name=name.title(), institution=institution)
    for role in roles:
        Duty.objects.create(person=made, role=role, since=NOW, given_by="test")
    return made


def answer(contribution: Contribution, question: str, by: Person) -> Answer:
    """Answer a question with level 2."""
    Assignment.objects.get_or_create(contribution=contribution, question=question)
    return Answer.objects.create(
        contribution=contribution, question=question, kind="level", value=2.0, checked_on=NOW.date(), saved_at=NOW, saved_by=by
    )


def build() -> World:
    """Build the world in the database."""
    kinds = {"interior": "government", "justice": "government", "coalition": "civil_society"}
    institutions = {
        key: Institution.objects.create(key=key, title=f"The {key}", kind=kind, made_at=NOW, is_protected=kind == "civil_society")
        for key, kind in kinds.items()
    }
    people = {key: person(key, "respondent", institution=institution) for key, institution in institutions.items()}
    people |= {role: person(role, role) for role in ROLES if role != "respondent"}
    people["nobody"] = person("nobody", institution=institutions["interior"])
    edition = Edition.objects.create(key="test", digest="0" * 64, content={}, kept_at=NOW)
    asked = Round.objects.create(
        title="Round 2026", state="GHA", edition=edition, actions=["N5"], opens_on=date(2026, 10, 1), due_on=date(2026, 12, 1), made_at=NOW,
        made_by=people["coordinator"],
    )  # fmt: skip
    answers = {}
    for key, institution in institutions.items():
        contribution = Contribution.objects.create(round=asked, institution=institution, due_on=date(2026, 12, 1))
        answers[key] = answer(contribution, "N5.5", people[key])
        answers[f"{key}/2"] = answer(contribution, "N5.6", people[key])
    return World(institutions=institutions, people=people, round=asked, answers=answers)


@pytest.fixture
def world() -> World:
    """The world, anew for each test."""
    return build()


@pytest.fixture(autouse=True)
def files() -> Iterator[Path]:
    """The folder of files, empty before and after."""
    folder = Path(settings.FOREFEND.data_dir) / "evidence"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def as_person() -> Callable[[Person], Client]:
    """Make the browser of somebody who has signed in with both factors."""

    def browser(who: Person) -> Client:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["has_second_factor"] = True
        session.save()
        return client

    return browser
