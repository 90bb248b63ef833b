"""Handing in, returning, reviewing, adopting: steps of the one table of transitions, and nothing beside it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from forefend.assess.transitions import HANDED_IN, REVIEWED, Facts, Transition, check_step, transition
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.assessment.actions.adopting import keep_result
from forefend.web.assessment.actions.texts import written
from forefend.web.assessment.checking import stopping
from forefend.web.assessment.models import Clash, Contribution, Request, Round
from forefend.web.assessment.telling import tell, who_answers
from forefend.web.audit.actions import record


@transaction.atomic
def hand_in(*, contribution: Contribution, by: Person) -> Contribution:
    """Hand in what the own institution answered; it is closed from then on."""
    if Clash.objects.filter(answer__contribution=contribution, settled_at__isnull=True).exists():
        raise AssessmentError(N_("Two people wrote on the same answer. Decide which text stands, then hand in."))
    return move_contribution(contribution=contribution, target="submitted", by=by)


@transaction.atomic
def move_contribution(*, contribution: Contribution, target: str, by: Person, reason: str = "") -> Contribution:
    """Take one institution's part of a round a step further or back."""
    round_ = Round.objects.select_for_update().get(pk=contribution.round_id)
    locked = Contribution.objects.select_for_update().get(pk=contribution.pk)
    reason = written(reason)
    if locked.closed_because:
        raise AssessmentError(N_("The round goes on without this part: the coordinator closed it."))
    step = transition("contribution", locked.stage, target)
    require(by, step.permission)
    if step.permission == ANSWER and by.institution_id != locked.institution_id:
        raise NotAllowed("Only people of the institution can hand in its answers.")
    n_open = Request.objects.filter(answer__contribution=locked, closed_at__isnull=True).count()
    check_step(step, facts=Facts(round_stage=round_.stage, open_requests=n_open), reason=reason)
    before = {"stage": locked.stage}
    locked.stage = target
    if target == "submitted":
        locked.handed_in_at, locked.handed_in_by = timezone.now(), by
    locked.save(update_fields=["stage", "handed_in_at", "handed_in_by"])
    record(f"contribution.{target}", subject=locked.key, by=by, before=before, after={"stage": target}, reason=reason, moves=(round_.key,))
    _tell_contribution(locked, step)
    return locked


@transaction.atomic
def close_part(*, contribution: Contribution, reason: str, by: Person) -> Contribution:
    """Go on without an institution that does not hand in; what it drafted is kept, and does not count."""
    require(by, COORDINATE)
    round_ = Round.objects.select_for_update().get(pk=contribution.round_id)
    locked = Contribution.objects.select_for_update().get(pk=contribution.pk)
    why = written(reason, missing=N_("A reason is missing. Write why the round goes on without this institution."))
    if round_.stage in REVIEWED:
        raise AssessmentError(N_("The round is %(stage)s, so it can no longer be changed. Return it first."), stage=round_.stage)
    if locked.stage in HANDED_IN:
        raise AssessmentError(N_("This institution has handed in. Its answers count; there is nothing to close."))
    locked.closed_because = why
    locked.save(update_fields=["closed_because"])
    record("contribution.closed", subject=locked.key, by=by, after={"closed": True}, reason=why, moves=(round_.key,))
    return locked


@transaction.atomic
def move_round(*, round: Round, target: str, by: Person, reason: str = "", note: str = "") -> Round:  # noqa: A002 - the field's word
    """Take a round a step further or back. Adoption keeps its result as it is on that day."""
    locked = Round.objects.select_for_update().get(pk=round.pk)
    reason, note = written(reason), written(note)
    step = transition("round", locked.stage, target)
    require(by, step.permission)
    check_step(step, facts=facts_of(locked, by=by), reason=reason)
    before = {"stage": locked.stage}
    if target == "adopted":
        keep_result(locked, by=by, note=note)
    locked.stage = target
    locked.save(update_fields=["stage"])
    if target == "returned":
        _return_parts(locked, by=by, reason=reason)
    record(f"round.{target}", subject=locked.key, by=by, before=before, after={"stage": target}, reason=reason, moves=(locked.key,))
    return locked


def facts_of(asked: Round, *, by: Person) -> Facts:
    """Return what the readiness of a round's next step depends on."""
    parts = list(asked.contributions.select_related("institution"))
    return Facts(
        round_stage=asked.stage,
        contributions={part.institution.title: part.stage for part in parts},
        closed=frozenset(part.institution.title for part in parts if part.closed_because),
        open_requests=Request.objects.filter(answer__contribution__round=asked, closed_at__isnull=True).count(),
        stopping=stopping(asked, by) if asked.stage == "reviewed" else 0,
    )


def _return_parts(asked: Round, *, by: Person, reason: str) -> None:
    """Open the parts again that hold an open request; all of them when none does, as somebody must be able to act."""
    handed_in = list(asked.contributions.filter(stage__in=HANDED_IN, closed_because=""))
    wanted = [part for part in handed_in if Request.objects.filter(answer__contribution=part, closed_at__isnull=True).exists()]
    for part in wanted or handed_in:
        before = {"stage": part.stage}
        part.stage = "returned"
        part.save(update_fields=["stage"])
        record(
            "contribution.returned", subject=part.key, by=by, before=before, after={"stage": "returned"}, reason=reason, moves=(asked.key,)
        )
        _tell_contribution(part, transition("contribution", before["stage"], "returned"))


def _tell_contribution(part: Contribution, step: Transition) -> None:
    if step.target == "returned":
        for person in who_answers(part.institution):
            tell("returned", to=person, about=part.key, round=part.round)
