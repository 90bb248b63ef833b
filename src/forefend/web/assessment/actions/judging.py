"""What people judge of an option for the state's own use; each judgement stays, with who judged and why."""

from __future__ import annotations

import math
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.options.judgements import TIME_FITS, Judgement
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment.actions.texts import LINE_AT_MOST, written
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Judged, Round
from forefend.web.audit.actions import record

SETTLED = ("archived",)  # options are judged before and after the adoption: they follow from it
LINES = ("partner", "owner", "signed_by", "lawful_basis")


@transaction.atomic
def judge(*, round: Round, judgement: Judgement, by: Person) -> Judged:  # noqa: A002 - the field's word
    """Judge an option. The whole judgement is given each time; the one before stays in the history."""
    require(by, COORDINATE)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    option = catalog_of(locked).options.get(judgement.option)
    if option is None:
        raise NotAllowed("There is no such option in the catalog of this round.")
    if locked.stage in SETTLED:
        raise AssessmentError(N_("The round is put away. Judge the option in a newer one."))
    reason = written(judgement.reason, missing=N_("A reason is missing. Write what the judgement rests on."))
    content = _content(judgement, levers=option.leverage_types)
    if (judgement.is_duty or judgement.is_lawful) and not content["lawful_basis"]:
        raise AssessmentError(N_("Name the lawful basis: the treaty, statute or mandate."))
    before = Judged.objects.filter(round=locked, option=option.id).order_by("-pk").first()
    made = Judged.objects.create(round=locked, option=option.id, content=content, reason=reason, at=timezone.now(), by=by)
    record(
        "option.judged",
        subject=f"{locked.key}/{option.id}",
        by=by,
        before=before.content if before else None,
        after=content,
        reason=reason,
        moves=(locked.key,),
    )
    return made


def _content(judgement: Judgement, *, levers: tuple[str, ...]) -> dict[str, object]:
    given = asdict(judgement)
    for name in ("option", "by", "reason"):
        del given[name]
    for name in LINES:
        given[name] = written(given[name], at_most=LINE_AT_MOST)
    given["mitigation"] = written(given["mitigation"])
    numbers = [judgement.acceptability, judgement.harm, judgement.harm_left, *judgement.levers.values()]
    if any(value is not None and not math.isfinite(value) for value in numbers):
        raise AssessmentError(N_("A value is no number. Enter one from 0 to 1."))
    if judgement.time_fit is not None and judgement.time_fit not in TIME_FITS:
        raise AssessmentError(N_("Choose whether it can take effect in time."))
    if judgement.harm_left is not None and judgement.harm is None:
        raise AssessmentError(N_("Judge the possible harm before the mitigation first."))
    if set(judgement.levers) - set(levers):
        raise AssessmentError(N_("This option does not list such a lever. Choose among those it lists."))
    return given
