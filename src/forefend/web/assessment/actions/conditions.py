"""The state profile: conditions under which questions apply, with a source, confirmed by two people."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from forefend.assess.transitions import REVIEWED
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may, require
from forefend.web.accounts.roles import ADOPT, ANSWER, COORDINATE
from forefend.web.assessment.actions.texts import LINE_AT_MOST, written
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Condition, Round
from forefend.web.audit.actions import record

OUTSIDE = ("independent_bodies", "civil_society")


@transaction.atomic
def set_condition(
    *,
    round: Round,  # noqa: A002 - the field's word
    name: str,
    holds: bool,
    reason: str,
    by: Person,
    source: str = "",
    proposed_by_data: bool = False,
) -> Condition:
    """Say whether a condition holds for the state. It counts when the focal point and somebody outside government confirm it."""
    require(by, COORDINATE)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    if locked.stage in REVIEWED:
        raise AssessmentError(N_("The round is %(stage)s, so its conditions are settled. Return it first."), stage=locked.stage)
    if name not in catalog_of(locked).conditions:
        raise AssessmentError(N_("There is no condition %(name)s in this round's catalog."), name=name)
    why = written(reason, missing=N_("A reason is missing. Say what shows that the condition holds or does not."))
    named = written(source, at_most=LINE_AT_MOST)
    old = Condition.objects.filter(round=locked, name=name).first()
    made, _ = Condition.objects.update_or_create(
        round=locked,
        name=name,
        defaults={
            "holds": holds, "reason": why, "source": named, "proposed_by_data": proposed_by_data,
            "set_at": timezone.now(), "set_by": by, "confirmed_by_lead": None, "confirmed_outside": None,
        },
    )  # fmt: skip
    record(
        "condition.set", subject=f"{locked.key}/{name}", by=by, before={"holds": old.holds} if old else None, after={"holds": holds},
        reason=why, moves=(locked.key,),
    )  # fmt: skip
    return made


@transaction.atomic
def confirm_condition(*, condition: Condition, by: Person, seen_at: str = "") -> Condition:
    """Confirm what is said of a condition: once by who leads, once by somebody of an independent body or civil society.

    ``seen_at`` is when that was said which the person saw, as text; what was said otherwise meanwhile is not confirmed.
    """
    locked = Condition.objects.select_for_update().select_related("round").get(pk=condition.pk)
    if locked.round.stage in REVIEWED:
        raise AssessmentError(N_("The round is %(stage)s, so its conditions are settled. Return it first."), stage=locked.round.stage)
    if seen_at and seen_at != locked.set_at.isoformat():
        raise AssessmentError(N_("What is said of this condition was changed meanwhile. Read it again, then confirm it."))
    if may(by, ADOPT):
        locked.confirmed_by_lead = by
    elif is_outside(by) and locked.round.contributions.filter(institution=by.institution_id).exists():
        locked.confirmed_outside = by
    else:
        raise NotAllowed("Conditions are confirmed by the focal point and by a respondent outside government.")
    locked.save(update_fields=["confirmed_by_lead", "confirmed_outside"])
    named = f"{locked.round.key}/{locked.name}"
    record("condition.confirmed", subject=named, by=by, after={"holds": locked.holds}, moves=(locked.round.key,))
    return locked


def is_outside(person: Person) -> bool:
    """Tell whether a person answers for a body outside government."""
    return may(person, ANSWER) and person.institution is not None and person.institution.kind in OUTSIDE
