"""A round of one action on the shipped catalog: three institutions, one person for every role, answers of each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.accounts.roles import ROLES
from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import Content
from forefend.web.assessment.models import Answer, Contribution, Round
from forefend.web.project.workbench import workbench

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
ACTION = "N10"
KINDS = {"interior": "government", "nhri": "independent_bodies", "coalition": "civil_society"}


@dataclass(frozen=True, kw_only=True)
class World:
    """Who and what there is. ``people`` are by role; respondents by the key of their institution."""

    round: Round
    institutions: Mapping[str, Institution]
    people: Mapping[str, Person]
    parts: Mapping[str, Contribution] = field(default_factory=dict)

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions of the round."""
        return workbench().catalog.actions[ACTION].questions

    def level_question(self, place: int = 0) -> str:
        """One of the questions that ask for a level."""
        catalog = workbench().catalog
        return [question for question in self.questions if catalog.questions[question].type == "maturity"][place]

    def answer(self, key: str, question: str, *, value: float = 2.0, comment: str = "", marking: str = "") -> Answer:
        """Let an institution answer a question with a level, on whatever stands."""
        part, person = self.parts[key], self.people[key]
        standing = Answer.objects.filter(contribution=part, question=question).first()
        content = Content(kind="level", value=value, comment=comment, checked_on=date(2026, 11, 1))
        answer = actions.save_answer(
            contribution=part, question=question, content=content, base_version=standing.version if standing else 0, by=person
        ).answer
        return actions.mark_answer(answer=answer, marking=marking, by=person) if marking else answer

    def hand_in(self, key: str) -> None:
        """Let an institution hand in."""
        actions.hand_in(contribution=self.parts[key], by=self.people[key])


def person(name: str, *roles: str, institution: Institution | None = None) -> Person:
    """Make a person with duties."""
    made = Person.objects.create_user(f"{name}@example.org", name=name.title(), institution=institution)
    for role in roles:
        Duty.objects.create(person=made, role=role, since=NOW, given_by="test")
    return made


def build() -> World:
    """Build the world in the database."""
    institutions = {key: Institution.objects.create(key=key, title=f"The {key}", kind=kind, made_at=NOW) for key, kind in KINDS.items()}
    people = {key: person(key, "respondent", institution=institution) for key, institution in institutions.items()}
    people |= {role: person(role, role) for role in ROLES if role != "respondent"}
    people["colleague"] = person("colleague", "respondent", institution=institutions["interior"])
    people["nobody"] = person("nobody")
    today = workbench().today
    asked = actions.open_round(
        title="Round 2026", state="GHA", catalog=workbench().catalog, actions=[ACTION], opens_on=today, due_on=today + timedelta(days=30),
        by=people["focal_point"],
    )  # fmt: skip
    made = World(round=asked, institutions=institutions, people=people)
    parts = {
        key: actions.ask(round=asked, institution=institution, questions=made.questions, by=people["focal_point"])
        for key, institution in institutions.items()
    }
    return World(round=asked, institutions=institutions, people=people, parts=parts)


@pytest.fixture
def world() -> World:
    """The world, anew for each test."""
    return build()


@pytest.fixture(autouse=True)
def folders() -> Iterator[None]:
    """The folders of files, empty before and after."""
    made = [Path(settings.FOREFEND.data_dir) / name for name in ("evidence", "exchange")]
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
    yield
    for folder in made:
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
