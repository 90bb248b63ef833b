"""Reconciling answers that differ: one level with a written reason, beside the answers and never in their place."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from forefend.assess.transitions import SETTLED
from forefend.errors import AssessmentError
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment.actions.rounds import in_scope
from forefend.web.assessment.actions.texts import written
from forefend.web.assessment.models import Round, Ruling
from forefend.web.audit.actions import record


@transaction.atomic
def rule(*, round: Round, question: str, score: float | None, reason: str, by: Person) -> Ruling:  # noqa: A002 - the field's word
    """Give the level that the evidence supports best; None says that it cannot be known."""
    require(by, COORDINATE)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    if locked.stage in SETTLED:
        raise AssessmentError(N_("The round is adopted, so its levels are settled. Open a new round to change them."))
    in_scope(locked, [question])
    why = written(reason, missing=N_("A reason is missing. Name the evidence that decided, and why the other answers were not followed."))
    if score is not None and not 0 <= score <= 4:
        raise AssessmentError(N_("The level is not between 0 and 4. Choose one of the anchors."))
    before = Ruling.objects.filter(round=locked, question=question).order_by("-pk").first()
    made = Ruling.objects.create(round=locked, question=question, score=score, reason=why, at=timezone.now(), by=by)
    record(
        "question.ruled", subject=f"{locked.key}/{question}", by=by,
        before={"score": before.score} if before else None, after={"score": score}, reason=why,
        moves=(locked.key,),
    )  # fmt: skip
    return made
