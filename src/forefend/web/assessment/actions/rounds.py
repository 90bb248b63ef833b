"""Opening a round, its dates, and who is asked what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from forefend.assess.transitions import HANDED_IN, REVIEWED
from forefend.catalog import Catalog
from forefend.errors import AssessmentError
from forefend.locale import N_
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Institution, Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment.actions.texts import written
from forefend.web.assessment.editions import catalog_of, keep_edition
from forefend.web.assessment.models import Assignment, Contribution, Round
from forefend.web.audit.actions import record

TITLE_AT_MOST = 120


@transaction.atomic
def open_round(
    *,
    title: str,
    state: str,
    catalog: Catalog,
    actions: Sequence[str],
    opens_on: date,
    due_on: date,
    by: Person,
    marking: str = "AMBER",
    is_practice: bool = False,
    follows: Round | None = None,
) -> Round:
    """Open a round on a catalog as it is today. Nobody is asked yet."""
    require(by, COORDINATE)
    named = written(title, at_most=TITLE_AT_MOST, missing=N_("The round has no title. Give one, such as Assessment 2026."))
    if marking not in MARKINGS:
        raise AssessmentError(N_("There is no marking %(name)s. Give one of %(known)s."), name=marking, known=", ".join(MARKINGS))
    if not state:
        raise AssessmentError(N_("It is not said which state is assessed. Choose the state of this installation first."))
    chosen = [action for action in catalog.actions if action in set(actions)]
    if not chosen:
        raise AssessmentError(N_("The round has no action. Choose at least one of the 21."))
    if due_on < opens_on:
        raise AssessmentError(N_("The round is due before it opens. Give a later day."))
    made = Round.objects.create(
        title=named, state=state, edition=keep_edition(catalog), actions=chosen, opens_on=opens_on, due_on=due_on,
        marking=marking, is_practice=is_practice, follows=follows, made_at=timezone.now(), made_by=by,
    )  # fmt: skip
    record("round.opened", subject=made.key, by=by, after=_told(made))
    return made


@transaction.atomic
def ask(*, round: Round, institution: Institution, questions: Iterable[str], by: Person, due_on: date | None = None) -> Contribution:  # noqa: A002
    """Put questions to an institution, beside those it was asked before."""
    require(by, COORDINATE)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    _still_open(locked)
    wanted = in_scope(locked, questions)
    contribution, is_new = Contribution.objects.get_or_create(
        round=locked, institution=institution, defaults={"due_on": due_on or locked.due_on}
    )
    if contribution.closed_because or contribution.stage in HANDED_IN:
        raise AssessmentError(
            N_("%(institution)s has handed in, or its part is closed. Return it first, then ask more."), institution=institution.title
        )
    already = set(contribution.assignments.values_list("question", flat=True))
    added = [question for question in wanted if question not in already]
    Assignment.objects.bulk_create([Assignment(contribution=contribution, question=question) for question in added])
    if added or is_new:
        record(
            "round.asked", subject=contribution.key, by=by, after={"institution": institution.key, "questions": added}, moves=(locked.key,)
        )
    return contribution


@transaction.atomic
def unask(*, contribution: Contribution, questions: Iterable[str], by: Person) -> None:
    """Take questions back from an institution; a question it has answered stays, with the answer."""
    require(by, COORDINATE)
    locked = Round.objects.select_for_update().get(pk=contribution.round_id)
    _still_open(locked)
    answered = set(contribution.answers.values_list("question", flat=True))
    taken = [question for question in questions if question not in answered]
    removed = list(contribution.assignments.filter(question__in=taken).values_list("question", flat=True))
    contribution.assignments.filter(question__in=removed).delete()
    if removed:
        record("round.unasked", subject=contribution.key, by=by, before={"questions": removed}, moves=(locked.key,))


@transaction.atomic
def change_dates(*, round: Round, opens_on: date, due_on: date, by: Person) -> Round:  # noqa: A002
    """Move the dates of a round; institutions that had the old date get the new one."""
    require(by, COORDINATE)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    _still_open(locked)
    if due_on < opens_on:
        raise AssessmentError(N_("The round is due before it opens. Give a later day."))
    before = {"opens_on": locked.opens_on, "due_on": locked.due_on}
    locked.contributions.filter(due_on=locked.due_on).update(due_on=due_on)
    locked.opens_on, locked.due_on = opens_on, due_on
    locked.save(update_fields=["opens_on", "due_on"])
    record("round.dated", subject=locked.key, by=by, before=before, after={"opens_on": opens_on, "due_on": due_on}, moves=(locked.key,))
    return locked


def usual_questions(catalog: Catalog, actions: Iterable[str], body: str) -> tuple[str, ...]:
    """Return the questions of these actions that the catalog usually puts to a body."""
    return tuple(
        question
        for action in actions
        for question in catalog.actions[action].questions
        if body in catalog.questions[question].usual_respondents
    )


def in_scope(asked: Round, questions: Iterable[str]) -> list[str]:
    """Return the questions that belong to the round, in the order of its catalog; raises AssessmentError for others."""
    catalog = catalog_of(asked)
    scope = [question for action in asked.actions for question in catalog.actions[action].questions]
    wanted = set(questions)
    foreign = sorted(wanted - set(scope))
    if foreign:
        raise AssessmentError(N_("%(questions)s does not belong to this round. Choose among its questions."), questions=", ".join(foreign))
    return [question for question in scope if question in wanted]


def _still_open(asked: Round) -> None:
    if asked.stage in REVIEWED:
        raise AssessmentError(
            N_("The round is %(stage)s, so it can no longer be changed. Return it first, or open a new one."), stage=asked.stage
        )


def _told(made: Round) -> Mapping[str, object]:
    return {
        "title": made.title, "state": made.state, "edition": made.edition.digest, "actions": made.actions,
        "opens_on": made.opens_on, "due_on": made.due_on, "marking": made.marking, "is_practice": made.is_practice,
    }  # fmt: skip
