"""Which rounds, contributions and answers a person may read: every query of the assessment begins here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from forefend.errors import NotAllowed
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import NOT_HERE, may, require
from forefend.web.accounts.reading import RED, STILL_PRIVATE, may_read, readable
from forefend.web.accounts.roles import ANSWER, COORDINATE, READ_ANSWERS, READ_RESULTS
from forefend.web.assessment.models import Answer, Contribution, Round


def rounds_for(person: Person) -> QuerySet[Round]:
    """Return the rounds a person may know of: all for those who read results, else those that ask the own institution."""
    rounds = Round.objects.select_related("edition").defer("edition__content")  # a whole catalog, read once by ``catalog_of``
    if may(person, READ_RESULTS) or may(person, COORDINATE):
        return rounds
    if may(person, ANSWER) and person.institution_id:
        return rounds.filter(contributions__institution=person.institution_id).distinct()
    return rounds.none()


def round_for(person: Person, identifier: int) -> Round:
    """Return one round; raises NotAllowed when there is none that the person may know of."""
    found = rounds_for(person).filter(pk=identifier).first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return found


def contributions_for(person: Person, asked: Round) -> QuerySet[Contribution]:
    """Return what a person may know of who contributes: leads all, respondents their own."""
    found = Contribution.objects.filter(round=asked).select_related("institution", "round")
    if may(person, READ_ANSWERS):
        return found
    return found.filter(institution=person.institution_id) if may(person, ANSWER) and person.institution_id else found.none()


def own_contribution(person: Person, asked: Round) -> Contribution:
    """Return the contribution of the person's own institution; raises NotAllowed when it was not asked."""
    require(person, ANSWER)
    found = Contribution.objects.select_related("institution", "round").filter(round=asked, institution=person.institution_id).first()
    if found is None or person.institution_id is None:
        raise NotAllowed(NOT_HERE)
    return found


def answers_for(person: Person, **which: object) -> QuerySet[Answer]:
    """Return the answers a person may read, by their markings; ``which`` are conditions of the query."""
    rule: Q = readable(
        person,
        institution="contribution__institution",
        author="saved_by",
        readers="readers",
        stage="contribution__stage",
    )
    return Answer.objects.filter(rule, **which).select_related("contribution__institution", "saved_by").distinct()


def answer_for(person: Person, identifier: int) -> Answer:
    """Return one answer; raises NotAllowed when there is none that the person may read."""
    found = answers_for(person, pk=identifier).select_related("contribution__round", "contribution__institution").first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return found


def may_read_answer(person: Person, answer: Answer) -> bool:
    """Tell the same of one answer, by the rule for one thing."""
    return may_read(
        person,
        marking=answer.marking,
        institution_id=answer.contribution.institution_id,
        author_id=answer.saved_by_id,
        reader_ids=set(answer.readers.values_list("pk", flat=True)) if answer.marking == RED else (),
        is_handed_in=answer.contribution.stage != STILL_PRIVATE,
    )
