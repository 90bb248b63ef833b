"""A reviewer's requests for change: threads on the answer, between the reviewer and the institution."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from forefend.assess.transitions import SETTLED
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may, require
from forefend.web.accounts.roles import ANSWER, REVIEW
from forefend.web.assessment.actions.moved import round_of
from forefend.web.assessment.actions.texts import written
from forefend.web.assessment.models import Answer, Remark, Request
from forefend.web.assessment.reading import answer_for
from forefend.web.assessment.telling import tell, who_answers
from forefend.web.audit.actions import record


@transaction.atomic
def request_change(*, answer: Answer, text: str, by: Person) -> Request:
    """Ask an institution to change an answer; the first remark says what."""
    require(by, REVIEW)
    read = answer_for(by, answer.pk)
    said = _check(read, text)
    opened = Request.objects.create(answer=read, opened_at=timezone.now(), opened_by=by)
    Remark.objects.create(request=opened, text=said, at=opened.opened_at, by=by)
    record("request.opened", subject=read.key, by=by, after={"request": opened.pk}, marking=read.marking, moves=round_of(read))
    for person in who_answers(read.contribution.institution):
        tell("request", to=person, about=f"request:{opened.pk}", round=read.contribution.round)
    return opened


@transaction.atomic
def remark(*, request: Request, text: str, by: Person) -> Remark:
    """Add a remark: reviewers, and the institution that answers."""
    locked = _open(request)
    answer = answer_for(by, locked.answer_id)
    _may_talk(answer, by)
    said = _check(answer, text)
    made = Remark.objects.create(request=locked, text=said, at=timezone.now(), by=by)
    after = {"request": locked.pk, "remark": made.pk}
    record("request.remarked", subject=answer.key, by=by, after=after, marking=answer.marking, moves=())
    return made


@transaction.atomic
def close_request(*, request: Request, by: Person) -> Request:
    """Close a request: only those who review can say that it is met."""
    require(by, REVIEW)
    locked = _open(request)
    answer = answer_for(by, locked.answer_id)
    locked.closed_at, locked.closed_by = timezone.now(), by
    locked.save(update_fields=["closed_at", "closed_by"])
    record("request.closed", subject=answer.key, by=by, after={"request": locked.pk}, marking=answer.marking, moves=round_of(answer))
    return locked


def _open(request: Request) -> Request:
    locked = Request.objects.select_for_update().get(pk=request.pk)
    if locked.closed_at is not None:
        raise AssessmentError(N_("This request is closed. Open a new one if something is still to be changed."))
    return locked


def _may_talk(answer: Answer, by: Person) -> None:
    is_own = may(by, ANSWER) and by.institution_id == answer.contribution.institution_id
    if not (is_own or may(by, REVIEW)):
        raise NotAllowed("Only reviewers and the institution talk about its answer.")


def _check(answer: Answer, text: str) -> str:
    said = written(text, missing=N_("The remark is empty. Write what has to change."))
    if answer.contribution.round.stage in SETTLED:
        raise AssessmentError(N_("The round is adopted, so its answers are settled. Open a new round to change them."))
    return said
