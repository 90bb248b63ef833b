"""A round as the rules of the assessment know it, filled from the database with what one person may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from forefend.assess.answers import AnswerKind, ConditionFact, EvidencePiece, GivenAnswer, Respondent, RoundAnswers, Ruling, SureWord
from forefend.assess.transitions import COUNTED
from forefend.options.judgements import Judgement
from forefend.web.accounts.models import Institution, Person, key_of_person
from forefend.web.accounts.reading import RED, most_restrictive
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Answer, Assignment, Contribution, Round
from forefend.web.assessment.reading import answers_for


def round_answers(asked: Round, person: Person, *, today: date, with_drafts: bool = False) -> RoundAnswers:
    """Return a round with the answers that were handed in and that the person may read.

    ``with_drafts`` adds the drafts of the person's own institution: for the checks it sees before it hands in.
    """
    from forefend.web.evidence.queries import evidence_of

    counted = Q(contribution__stage__in=COUNTED)
    if with_drafts:
        counted |= Q(contribution__institution=person.institution_id)
    found = _rows(answers_for(person, contribution__round=asked).filter(counted, contribution__closed_because=""))
    return _filled(asked, found, evidence=evidence_of(found, person), today=today)


def every_answer(asked: Round, *, today: date) -> RoundAnswers:
    """Return a round with all that was handed in, whoever may read it: to carry it on, never to show it."""
    found = Answer.objects.filter(contribution__round=asked, contribution__stage__in=COUNTED, contribution__closed_because="")
    return _filled(asked, _rows(found), evidence={}, today=today)


class Row(NamedTuple):
    """What the rules need of an answer. A large round holds thousands, so they are read as rows, not as objects of the database."""

    pk: int
    contribution_id: int
    saved_by_id: int
    question: str
    kind: AnswerKind
    value: float | None
    comment: str
    sure: SureWord
    checked_on: date
    suggestion: dict[str, Any] | None
    is_taken_over: bool
    departs_because: str
    marking: str


def _rows(found: QuerySet[Answer]) -> list[Row]:
    """Read answers; texts and days that are the same are kept once."""
    kept: dict[object, Any] = {}
    cells = found.values_list(*Row._fields)
    return [Row(*(kept.setdefault(cell, cell) if isinstance(cell, str | date) else cell for cell in row)) for row in cells]


def _filled(asked: Round, found: list[Row], *, evidence: Mapping[int, tuple[EvidencePiece, ...]], today: date) -> RoundAnswers:
    contributions = list(Contribution.objects.filter(round=asked).select_related("institution"))
    respondents = {c.institution.key: respondent_of(c.institution) for c in contributions}
    whose = {c.pk: respondents[c.institution.key] for c in contributions}
    shares = {c.pk: c.shares_scores or not c.institution.is_protected for c in contributions}
    requests = open_requests(asked)
    authors = {identifier: key_of_person(identifier) for identifier in {answer.saved_by_id for answer in found}}
    return RoundAnswers(
        id=str(asked.pk),
        title=asked.title,
        state=asked.state,
        catalog=catalog_of(asked),
        actions=tuple(asked.actions),
        respondents=respondents,
        asked=asked_of(asked),
        answers=tuple(
            _given(
                answer,
                whose[answer.contribution_id],
                given_by=authors[answer.saved_by_id],
                evidence=evidence.get(answer.pk, ()),
                open_requests=requests.get(answer.pk, 0),
                is_shared=shares[answer.contribution_id],
            )
            for answer in found
        ),
        rulings=rulings_of(asked),
        conditions=conditions_of(asked),
        stage=asked.stage,
        today=today,
        condition_facts=facts_of(asked),
        contributions={c.institution.key: c.stage for c in contributions},
        closed=frozenset(c.institution.key for c in contributions if c.closed_because),
        due=asked.due_on,
    )


def respondent_of(institution: Institution) -> Respondent:
    """Return an institution as the rules know it."""
    return Respondent(id=institution.key, title=institution.title, kind=institution.kind, is_protected=institution.is_protected)


def _given(
    answer: Row, respondent: Respondent, *, given_by: str, evidence: tuple[EvidencePiece, ...], open_requests: int, is_shared: bool
) -> GivenAnswer:
    return GivenAnswer(
        id=str(answer.pk),
        question=answer.question,
        respondent=respondent,
        kind=answer.kind,
        value=answer.value,
        comment=answer.comment,
        sure=answer.sure,
        checked_on=answer.checked_on,
        evidence=evidence,
        suggested=(answer.suggestion or {}).get("level"),
        is_taken_over=answer.is_taken_over,
        departs_because=answer.departs_because,
        open_requests=open_requests,
        marking=answer.marking,
        is_shared=is_shared,
        given_by=given_by,
    )


def asked_of(asked: Round) -> Mapping[str, tuple[str, ...]]:
    """Return which institutions each question was put to."""
    put: dict[str, list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(contribution__round=asked, contribution__closed_because="")
    for question, key in rows.values_list("question", "contribution__institution__key"):
        put[question].append(key)
    return {question: tuple(keys) for question, keys in put.items()}


def rulings_of(asked: Round) -> Mapping[str, Ruling]:
    """Return the newest ruling on each question: the last that was written, whatever the clock said then."""
    return {
        ruling.question: Ruling(question=ruling.question, score=ruling.score, reason=ruling.reason, by=ruling.by.name, on=ruling.at.date())
        for ruling in asked.rulings.select_related("by").order_by("pk")
    }


def conditions_of(asked: Round) -> Mapping[str, bool]:
    """Return the conditions that two people confirmed, one of them outside government; others count as true."""
    settled = asked.conditions.filter(confirmed_by_lead__isnull=False, confirmed_outside__isnull=False)
    return dict(settled.values_list("name", "holds"))


def judgements_of(asked: Round) -> Mapping[str, Judgement]:
    """Return the newest judgement of each option, in the order of writing."""
    found = asked.judged.select_related("by").order_by("pk")
    return {said.option: Judgement(option=said.option, by=said.by.name, reason=said.reason, **said.content) for said in found}


def facts_of(asked: Round) -> Mapping[str, ConditionFact]:
    """Return what each condition rests on, and which kinds of people confirmed it."""
    said = asked.conditions.select_related("confirmed_outside__institution", "confirmed_by_lead")
    return {
        condition.name: ConditionFact(
            source=condition.source,
            confirmed_by=tuple(
                kind
                for kind in (
                    "government" if condition.confirmed_by_lead else "",
                    condition.confirmed_outside.institution.kind if condition.confirmed_outside else "",
                )
                if kind
            ),
        )
        for condition in said
    }


def open_requests(asked: Round) -> Mapping[int, int]:
    """Return how many requests for change are open on each answer."""
    counted = Answer.objects.filter(contribution__round=asked, requests__isnull=False).annotate(
        n_open=Count("requests", filter=Q(requests__closed_at__isnull=True))
    )
    return dict(counted.values_list("pk", "n_open"))


def marking_of(round_: RoundAnswers, asked: Round) -> str:
    """Return the marking of what is made from these answers: the most restrictive of them, their evidence and the round."""
    evidence = (piece.marking for answer in round_.answers for piece in answer.evidence)
    return most_restrictive((*(answer.marking for answer in round_.answers), *evidence), at_least=asked.marking)


def red_in(asked: Round) -> bool:
    """Tell whether anything of a round, answer or evidence, is for named readers alone."""
    answers = Answer.objects.filter(contribution__round=asked)
    return answers.filter(marking=RED).exists() or answers.filter(evidence__marking=RED).exists()


def red_for(asked: Round, person: Person) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the answers of a round, and the evidence of its answers, that are for named readers alone and that a person reads."""
    from forefend.web.evidence.reading import evidence_for

    answers = answers_for(person, contribution__round=asked, marking=RED).order_by("pk").values_list("pk", flat=True)
    pieces = evidence_for(person).filter(marking=RED, supports__contribution__round=asked).order_by("pk").values_list("pk", flat=True)
    return tuple(answers), tuple(pieces.distinct())
