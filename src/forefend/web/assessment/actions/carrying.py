"""Going on from an adopted round: the following one, in a newer catalog, with each institution's answers proposed to it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from forefend.assess.editions import Carried as CarriedRound
from forefend.assess.editions import carry
from forefend.assess.transitions import SETTLED
from forefend.catalog import Catalog
from forefend.errors import AssessmentError, NotAllowed
from forefend.locale import N_
from forefend.settings import MARKINGS
from forefend.web.accounts.models import Institution, Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import ANSWER, COORDINATE
from forefend.web.assessment.actions.answering import Saved, mark_answer, save_answer, written_in
from forefend.web.assessment.actions.conditions import set_condition
from forefend.web.assessment.actions.rounds import ask, open_round, usual_questions
from forefend.web.assessment.models import Answer, Carried, Carrying, Contribution, Round
from forefend.web.assessment.proposing import carried_to
from forefend.web.assessment.records import every_answer
from forefend.web.audit.actions import record


@transaction.atomic
def carry_round(*, source: Round, title: str, catalog: Catalog, opens_on: date, due_on: date, by: Person, marking: str = "") -> Round:
    """Open the round that follows an adopted one. Nobody's answer is entered: each is proposed to the institution that gave it."""
    require(by, COORDINATE)
    locked = Round.objects.select_for_update().get(pk=source.pk)
    if locked.stage not in SETTLED:
        raise AssessmentError(N_("Only an adopted round can be carried on, as its answers are settled. Adopt it first."))
    carried = carry(every_answer(locked, today=timezone.now().date()), catalog)
    made = open_round(
        title=title, state=locked.state, catalog=catalog, actions=carried.round.actions, opens_on=opens_on, due_on=due_on, by=by,
        marking=marking or locked.marking, is_practice=locked.is_practice, follows=locked,
    )  # fmt: skip
    looks = [{"question": look.question, "reason": look.reason, "before": list(look.before)} for look in carried.looks]
    _ask_again(made, carried, catalog, by=by)
    _say_again(made, locked, catalog, by=by)
    Carrying.objects.create(round=made, source=locked, looks=looks, at=timezone.now(), by=by)
    after = {"from": locked.key, "edition": made.edition.digest, "looks": len(looks)}
    record("round.carried", subject=made.key, by=by, after=after, moves=(made.key,))
    return made


@transaction.atomic
def take_carried(*, contribution: Contribution, question: str, base_version: int, by: Person) -> Saved:
    """Take over the own earlier answer as it stands, with the day it was checked, who may read it, and its evidence."""
    require(by, ANSWER)
    if by.institution_id != contribution.institution_id:
        raise NotAllowed("Only people of the institution take its earlier answers over.")
    origin = carried_to(contribution, by).get(question)
    if origin is None:
        raise AssessmentError(N_("No earlier answer of yours is proposed for %(question)s."), question=question)
    content = replace(written_in(origin), suggestion=None, is_taken_over=False, departs_because="")
    saved = save_answer(
        contribution=contribution, question=question, content=content, base_version=base_version, by=by, origin="carried round"
    )
    if saved.clash is None:
        _keep_readers(saved.answer, origin, by=by)
        _attach_again(saved.answer, origin, by=by)
    return saved


def _ask_again(made: Round, carried: CarriedRound, catalog: Catalog, *, by: Person) -> None:
    new = {look.question for look in carried.looks if look.reason == "new"}
    for key, kept in _by_institution(carried).items():
        institution = Institution.objects.get(key=key)
        added = new & set(usual_questions(catalog, made.actions, institution.body))
        part = ask(round=made, institution=institution, questions={*kept, *added}, by=by)
        Carried.objects.bulk_create(
            Carried(contribution=part, question=given.question, origin_id=int(carried.origin[given.id]))
            for given in carried.round.answers
            if given.respondent.id == key and given.question in kept
        )


def _by_institution(carried: CarriedRound) -> dict[str, set[str]]:
    asked: dict[str, set[str]] = {}
    for question, keys in carried.round.asked.items():
        for key in keys:
            asked.setdefault(key, set()).add(question)
    return asked


def _say_again(made: Round, source: Round, catalog: Catalog, *, by: Person) -> None:
    """What was said of conditions is said again, and waits to be confirmed anew."""
    for said in source.conditions.all():
        if said.name in catalog.conditions:
            set_condition(
                round=made, name=said.name, holds=said.holds, reason=said.reason, source=said.source, by=by,
                proposed_by_data=said.proposed_by_data,
            )  # fmt: skip


def _keep_readers(answer: Answer, origin: Answer, *, by: Person) -> None:
    """An answer that is taken along is never read by more people than before."""
    if MARKINGS.index(origin.marking) > MARKINGS.index(answer.marking):
        readers = [*origin.readers.all(), origin.saved_by] if origin.marking == "RED" else []
        mark_answer(answer=answer, marking=origin.marking, readers=readers, by=by)


def _attach_again(answer: Answer, origin: Answer, *, by: Person) -> None:
    from forefend.web.evidence.actions import attach
    from forefend.web.evidence.models import Support
    from forefend.web.evidence.reading import evidence_for

    for piece in evidence_for(by).filter(pk__in=Support.objects.filter(answer=origin).values("evidence"), withdrawn_at__isnull=True):
        attach(evidence=piece, answer=answer, by=by)
