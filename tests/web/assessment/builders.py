"""A round in the making: institutions of three kinds, people for every role, and what they do, by the actions themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.test import Client
from django.utils import timezone

from forefend.catalog import Catalog
from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.accounts.roles import ROLES
from forefend.web.assessment import actions
from forefend.web.assessment.actions.answering import Content, Saved
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Answer, Contribution, Request, Round
from forefend.web.audit.models import Entry
from forefend.web.project.workbench import workbench

STATE = "GHA"
KINDS = {"interior": "government", "justice": "government", "nhri": "independent_bodies", "coalition": "civil_society"}
BODIES = {"interior": "interior_ministry", "justice": "justice_ministry", "nhri": "nhri", "coalition": "civil_society"}


@dataclass(kw_only=True)
class World:
    """Who and what there is. People are named by their role, respondents by their institution; ``x/2`` is a colleague."""

    institutions: dict[str, Institution]
    people: dict[str, Person]
    round: Round
    parts: dict[str, Contribution] = field(default_factory=dict)

    @property
    def catalog(self) -> Catalog:
        """The catalog of the round."""
        return catalog_of(self.round)

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions of the round's first action."""
        return self.catalog.actions[self.round.actions[0]].questions

    def again(self) -> Round:
        """The round as it stands."""
        self.round = Round.objects.get(pk=self.round.pk)
        return self.round

    def part(self, key: str) -> Contribution:
        """The part of an institution as it stands."""
        return Contribution.objects.select_related("round", "institution").get(round=self.round, institution=self.institutions[key])

    def save(self, key: str, question: str, *, by: str = "", base: int = 0, **content: Any) -> Saved:
        """Save an answer of an institution."""
        return actions.save_answer(
            contribution=self.part(key), question=question, content=said(**content), base_version=base, by=self.people[by or key]
        )

    def answer(self, key: str, question: str, **content: Any) -> Answer:
        """Answer a question that was not answered before."""
        return self.save(key, question, **content).answer

    def hand_in(self, *keys: str) -> None:
        """Let institutions hand in."""
        for key in keys or tuple(self.parts):
            actions.hand_in(contribution=self.part(key), by=self.people[key])

    def review(self, *keys: str) -> None:
        """Mark parts as reviewed."""
        for key in keys or tuple(self.parts):
            actions.move_contribution(contribution=self.part(key), target="reviewed", by=self.people["reviewer"])

    def move(self, *targets: str) -> Round:
        """Take the round through stages, each by who may."""
        by = {
            "submitted": "coordinator",
            "returned": "reviewer",
            "reviewed": "reviewer",
            "adopted": "focal_point",
            "archived": "coordinator",
        }
        for target in targets:
            actions.move_round(round=self.round, target=target, by=self.people[by[target]], reason="So it was decided.")
        return self.again()

    def answered(self, *, level: int = 2, questions: tuple[str, ...] = (), comment: str = "As it is.") -> None:
        """Let every institution answer every question, in the kind the question takes."""
        for key in self.parts:
            for question in questions or self.questions:
                kind, value = kind_of(self.catalog, question, level)
                self.save(key, question, kind=kind, value=value, comment=f"{comment} {key}, {question}")

    def adopted(self) -> Round:
        """Play the round to its adoption."""
        self.answered()
        self.hand_in()
        return self.move("submitted", "reviewed", "adopted")


def said(**given: Any) -> Content:
    """What is written in an answer: level 2, checked today, unless it is said otherwise."""
    return Content(**({"kind": "level", "value": 2.0, "checked_on": timezone.now().date()} | given))


def kind_of(catalog: Catalog, question: str, level: int = 2) -> tuple[str, float | None]:
    """An answer of the kind a question takes."""
    if catalog.questions[question].type == "maturity":
        return "level", float(level)
    if catalog.questions[question].type == "numeric":
        return "number", 3.0
    return ("yes" if level >= 4 else "partly" if level >= 2 else "no"), None


def person(name: str, *roles: str, institution: Institution | None = None, language: str = "en") -> Person:
    """Make a person with duties."""
    address = name.replace("/", "-")
    made = Person.objects.create_user(f"{address}@example.org", name=name.title(), institution=institution, language=language)
    for role in roles:
        Duty.objects.create(person=made, role=role, since=timezone.now(), given_by="test")
    return made


def build(*, actions_: tuple[str, ...] = ("M3",), asked: tuple[str, ...] = tuple(KINDS), marking: str = "AMBER", days: int = 30) -> World:
    """Build the world: a round of one action whose questions are all put to every institution."""
    now = timezone.now()
    institutions = {
        key: Institution.objects.create(
            key=key, title=f"The {key}", kind=kind, body=BODIES[key], made_at=now, is_protected=kind == "civil_society"
        )
        for key, kind in KINDS.items()
    }
    people = {key: person(key, "respondent", institution=institution) for key, institution in institutions.items()}
    people["interior/2"] = person("interior/2", "respondent", institution=institutions["interior"])
    people |= {role: person(role, role) for role in ROLES if role != "respondent"}
    people["nobody"] = person("nobody", institution=institutions["interior"])
    round_ = open_round(people["coordinator"], actions_=actions_, marking=marking, days=days)
    world = World(institutions=institutions, people=people, round=round_)
    for key in asked:
        questions = [question for action in actions_ for question in world.catalog.actions[action].questions]
        world.parts[key] = actions.ask(round=round_, institution=institutions[key], questions=questions, by=people["coordinator"])
    return world


def open_round(by: Person, *, actions_: tuple[str, ...] = ("M3",), marking: str = "AMBER", days: int = 30, **more: Any) -> Round:
    """Open a round that is due in some days."""
    today = timezone.now().date()
    return actions.open_round(
        **({
            "title": "Assessment", "state": STATE, "catalog": workbench().catalog, "actions": actions_, "opens_on": today,
            "due_on": today + timedelta(days=days), "by": by, "marking": marking,
        } | more)
    )  # fmt: skip


def asked_to_change(world: World, key: str = "interior", text: str = "Name the law.") -> Request:
    """Let the reviewer ask an institution to change its first answer."""
    answer = Answer.objects.filter(contribution=world.part(key)).order_by("pk").first()
    return actions.request_change(answer=answer, text=text, by=world.people["reviewer"])


def condition(world: World, name: str = "is_un_member", *, holds: bool = False) -> Any:
    """Say something of a condition."""
    return actions.set_condition(round=world.round, name=name, holds=holds, reason="It is not.", by=world.people["coordinator"])


def browser(who: Person | None, **more: Any) -> Client:
    """The browser of somebody who has signed in with both factors; of a stranger without."""
    client = Client(headers={"host": "127.0.0.1"}, **more)
    if who is not None:
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["has_second_factor"] = True
        session.save()
    return client


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of what actions write: to see that nothing was changed."""
    models = [*apps.get_app_config("assessment").get_models(include_auto_created=True), Entry]
    models += [apps.get_model("letters", "Letter"), *apps.get_app_config("evidence").get_models(include_auto_created=True)]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def events() -> list[str]:
    """What the record says was done, in order."""
    return list(Entry.objects.order_by("number").values_list("event", flat=True))


def day(days: int = 0) -> date:
    """A day from today."""
    return timezone.now().date() + timedelta(days=days)
