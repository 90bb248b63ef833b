"""What waits for a person today: one line for each thing, with where to go."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from forefend.assess.transitions import ANSWERING, allowed
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may, permissions_of
from forefend.web.accounts.roles import ANSWER, COORDINATE, READ_ANSWERS, REVIEW
from forefend.web.assessment.counting import by_part
from forefend.web.assessment.models import Answer, Assignment, Contribution, Request, Round
from forefend.web.assessment.reading import rounds_for
from forefend.web.design.page import Page
from forefend.web.project.workbench import workbench

BY_STAGE = {"submitted": "review", "reviewed": "adopt"}


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits: its sentence, the hint under it, and the address."""

    title: str
    hint: str
    address: str


def waiting(page: Page) -> list[Task]:
    """Return what waits for the reader, the own answers first."""
    person = page.person
    if person is None:
        return []
    return [*_own_answers(page, person), *_reviews(page, person), *_steps(page, person)]


def _own_answers(page: Page, person: Person) -> list[Task]:
    if not (may(person, ANSWER) and person.institution_id):
        return []
    lang, today = page.lang, workbench().today
    parts = Contribution.objects.filter(
        institution=person.institution_id, stage__in=ANSWERING, closed_because="", round__stage__in=ANSWERING
    ).select_related("round")
    n_asked = by_part(Assignment.objects.filter(contribution__in=parts), "contribution")
    n_given = by_part(Answer.objects.filter(contribution__in=parts), "contribution")
    waiting = Request.objects.filter(closed_at__isnull=True, answer__contribution__in=parts)
    n_requests = by_part(waiting, "answer__contribution")
    return [
        Task(
            title=lang.gettext("Answer for your institution: %(round)s", round=part.round.title),
            hint=lang.gettext(
                "%(n)s of %(all)s answered, due on %(day)s",
                n=n_given.get(part.pk, 0),
                all=n_asked.get(part.pk, 0),
                day=lang.date(part.due_on),
            )
            + (lang.gettext(". Overdue.") if part.due_on < today else "")
            + (" " + lang.gettext("Requests for change: %(n)s.", n=n_requests[part.pk]) if part.pk in n_requests else ""),
            address=page.link("answering", part.round_id),
        )
        for part in parts
    ]


def _reviews(page: Page, person: Person) -> list[Task]:
    if not (may(person, REVIEW) and may(person, READ_ANSWERS)):
        return []
    lang = page.lang
    rounds = Round.objects.filter(contributions__stage="submitted", is_practice=False, stage__in=("draft", "submitted", "returned"))
    counted = rounds.annotate(n=Count("contributions", filter=Q(contributions__stage="submitted"), distinct=True)).distinct()
    return [
        Task(
            title=lang.gettext("Read what was handed in: %(round)s", round=round_.title),
            hint=lang.ngettext("%(n)s institution waits for a reviewer", "%(n)s institutions wait for a reviewer", round_.n, n=round_.n),
            address=page.link("round-institutions", round_.pk),
        )
        for round_ in counted
    ]


def _steps(page: Page, person: Person) -> list[Task]:
    """The next step of a round, for those who may take it; a round that nobody was asked in waits for that."""
    lang, held = page.lang, permissions_of(person)
    found = []
    for round_ in rounds_for(person).filter(is_practice=False).exclude(stage="archived").annotate(n_parts=Count("contributions")):
        if round_.stage == "draft" and not round_.n_parts and COORDINATE in held:
            title = lang.gettext("Ask institutions: %(round)s", round=round_.title)
            found.append(Task(title=title, hint=lang.gettext("Nobody is asked yet"), address=page.link("round-institutions", round_.pk)))
        elif round_.stage in BY_STAGE and any(
            s.permission in held and s.verb == BY_STAGE[round_.stage] for s in allowed("round", round_.stage)
        ):
            said = {
                "submitted": lang.gettext("Every institution has handed in or was closed"),
                "reviewed": lang.gettext("The result waits to be adopted"),
            }[round_.stage]
            title = lang.gettext("Take the next step: %(round)s", round=round_.title)
            found.append(Task(title=title, hint=said, address=page.link("round-stage", round_.pk)))
    return found
