"""The first steps of an installation: what is there, counted, and what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.queries import may_see_people, open_invitations
from forefend.web.accounts.roles import ADOPT, COORDINATE, MANAGE_PEOPLE
from forefend.web.design.page import Page

WANTED = ("focal_point", "coordinator", "reviewer", "respondent")  # the roles without which no round can be played to its end


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What there is of what the first round needs."""

    n_roles: int
    n_wanted: int
    n_people: int
    n_invited: int
    n_institutions: int
    n_actions: int
    n_all_actions: int
    n_rounds: int
    n_suggested: int
    n_confirmed: int
    n_questions: int


def is_for(reader: Person) -> bool:
    """Tell whether the first steps are the reader's to take."""
    return may(reader, MANAGE_PEOPLE) or may(reader, COORDINATE)


def steps(page: Page) -> dict[str, Any]:
    """Return the counts of the four steps, and where each is taken."""
    from forefend.web.assessment.queries import overview

    reader = page.person
    assessed = overview(page) if page.state else {"n_answered": 0}
    return {
        "counts": counts(page, n_suggested=assessed["n_answered"]),
        "rounds": page.link("rounds"),
        "may_lead": reader is not None and (may(reader, COORDINATE) or may(reader, ADOPT)),
        "may_see_people": reader is not None and may_see_people(reader),
        "may_practise": bool(page.state) and reader is not None and may(reader, COORDINATE),
    }


def counts(page: Page, *, n_suggested: int) -> Counts:
    """Count people, institutions, rounds and confirmed suggestions; the practice space is left out."""
    from forefend.web.assessment.models import Answer, Round

    catalog = page.bench.catalog
    held = set(Duty.objects.filter(until__isnull=True, person__is_active=True, person__is_practice=False).values_list("role", flat=True))
    invited = {role for roles in open_invitations().values_list("roles", flat=True) for role in roles}
    bodies = set(Institution.objects.filter(is_practice=False).exclude(body="").values_list("body", flat=True))
    asked = {question.action for question in catalog.questions.values() if bodies & set(question.usual_respondents)}
    confirmed = Answer.objects.filter(is_taken_over=True, contribution__round__is_practice=False).values("question").distinct()
    return Counts(
        n_roles=len((held | invited) & set(WANTED)),
        n_wanted=len(WANTED),
        n_people=Person.objects.filter(is_active=True, is_practice=False).count(),
        n_invited=open_invitations().count(),
        n_institutions=Institution.objects.filter(is_practice=False).count(),
        n_actions=len(asked),
        n_all_actions=len(catalog.actions),
        n_rounds=Round.objects.filter(is_practice=False).count(),
        n_suggested=n_suggested,
        n_confirmed=confirmed.count(),
        n_questions=len(catalog.questions),
    )
