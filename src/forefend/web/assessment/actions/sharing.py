"""A protected institution's own word on whether its scores are shown."""

from __future__ import annotations

from django.db import transaction

from forefend.assess.transitions import SETTLED
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER
from forefend.web.assessment.models import Contribution
from forefend.web.audit.actions import record


@transaction.atomic
def share_scores(*, contribution: Contribution, shares: bool, by: Person) -> Contribution:
    """Agree that the own scores are shown though fewer than three of the kind answered, or take that back before the adoption."""
    if not may(by, ANSWER) or by.institution_id != contribution.institution_id:
        raise NotAllowed("Only people of the institution can agree that its scores are shown.")
    locked = Contribution.objects.select_for_update(of=("self",)).select_related("round", "institution").get(pk=contribution.pk)
    if not locked.institution.is_protected:
        raise AssessmentError(N_("This institution is not protected, so there is nothing to agree to."))
    if locked.round.stage in SETTLED:
        raise AssessmentError(N_("The round is adopted, so what it shows is settled."))
    if locked.shares_scores == shares:
        return locked
    locked.shares_scores = shares
    locked.save(update_fields=["shares_scores"])
    record(
        "contribution.scores_shared" if shares else "contribution.scores_withheld", subject=locked.key, by=by,
        before={"shares_scores": not shares}, after={"shares_scores": shares},
        moves=(locked.round.key,),
    )  # fmt: skip
    return locked
