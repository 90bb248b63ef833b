"""What pages and rules read of evidence; every query passes ``reading``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce

from forefend.assess.answers import EvidencePiece
from forefend.web.accounts.models import Duty, Institution, Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import COORDINATE, ROLES
from forefend.web.assessment.models import Answer
from forefend.web.assessment.reading import answers_for
from forefend.web.evidence.models import Evidence, Support, Version
from forefend.web.evidence.reading import evidence_for
from forefend.web.project.sought import words_of

PER_PAGE = 50
NEWEST = ("-added_at", "-pk")
SHOWN = ("standing", "own", "expired", "withdrawn")
FEW_ANSWERS = 300  # so many can be named one by one; for more, their contributions are
LEADING = [role.id for role in ROLES.values() if COORDINATE in role.permissions]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of a list of evidence."""

    pieces: tuple[Evidence, ...]
    n_found: int
    number: int
    n_pages: int


def listing(person: Person, *, today: date, shown: str = "standing", text: str = "", number: int = 1) -> Listing:
    """Return the evidence a person may read, newest first: what stands, one's own, what expired or was withdrawn."""
    found, number = _shown(evidence_for(person), person, shown, today), max(1, number)
    for word in words_of(text):
        found = found.filter(title__icontains=word)
    keys, n_found = _keys(found, number)
    n_pages = max(1, -(-n_found // PER_PAGE))
    if not keys and n_found:  # a page beyond the last
        number = n_pages
        keys, _ = _keys(found, number)
    supports = Support.objects.filter(evidence=OuterRef("pk")).order_by().values("evidence").annotate(n=Count("pk")).values("n")
    page = (
        Evidence.objects.filter(pk__in=keys)
        .select_related("institution")
        .annotate(n_supported=Coalesce(Subquery(supports), 0), has_file=Exists(Version.objects.filter(evidence=OuterRef("pk"))))
        .order_by(*NEWEST)
    )
    return Listing(pieces=tuple(page), n_found=n_found, number=number, n_pages=n_pages)


def _keys(found: QuerySet[Evidence], number: int) -> tuple[list[int], int]:
    """Return the pieces on one page of a list, and how many there are in all: asked at once, as both walk over all of them."""
    counted = found.annotate(n_found=Window(Count("pk"))).order_by(*NEWEST).values_list("pk", "n_found")
    rows = list(counted[(number - 1) * PER_PAGE : number * PER_PAGE])
    return [key for key, _ in rows], rows[0][1] if rows else found.count()


class Supported(Protocol):
    """An answer as far as it is asked for its evidence."""

    @property
    def pk(self) -> int:
        """Its id."""

    @property
    def contribution_id(self) -> int:
        """The part of the round it belongs to."""


def evidence_of(answers: Collection[Supported], person: Person) -> Mapping[int, tuple[EvidencePiece, ...]]:
    """Return what supports each answer, as the rules know it, as far as the person may read it; two queries for any number.

    What was withdrawn supports nothing. What expired is there, with the day: the rules say what becomes of it.
    """
    wanted = {answer.pk for answer in answers}
    if not wanted:
        return {}
    among = Support.objects.filter(_among(answers))
    open_ = evidence_for(person).filter(withdrawn_at__isnull=True, pk__in=among.values("evidence"))
    support = among.filter(evidence__in=open_.values("pk"))
    rows = [row for row in support.order_by("answer_id", "at", "pk").values_list("answer_id", *_FIELDS) if row[0] in wanted]
    drawn = _drawn_from({row[1] for row in rows})
    pieces: dict[int, EvidencePiece] = {}
    by_answer: dict[int, list[EvidencePiece]] = defaultdict(list)
    for answer, identifier, title, letter, number, dated, expires, marking in rows:
        if identifier not in pieces:
            pieces[identifier] = EvidencePiece(
                id=str(identifier), title=title, letter=letter, number=number, dated=dated, expires=expires,
                independent_of=drawn.get(identifier, ()), marking=marking,
            )  # fmt: skip
        by_answer[answer].append(pieces[identifier])
    return {answer: tuple(found) for answer, found in by_answer.items()}


_FIELDS = ("evidence_id", *(f"evidence__{name}" for name in ("title", "letter", "number", "dated", "expires", "marking")))


def supported(person: Person, evidence: Evidence) -> tuple[Answer, ...]:
    """Return the answers a piece supports, as far as the person may read them."""
    among = Support.objects.filter(evidence=evidence).values("answer")
    return tuple(answers_for(person, pk__in=among).select_related("contribution__round", "contribution__institution"))


def sources_of(person: Person, evidence: Evidence) -> tuple[Evidence, ...]:
    """Return the pieces this one was drawn from, as far as the person may read them."""
    return tuple(evidence_for(person).filter(pk__in=evidence.drawn_from.values("pk")))


def beside(person: Person, evidence: Evidence) -> QuerySet[Evidence]:
    """Return the other pieces that support the same answers: what a piece may have been drawn from."""
    answers = Support.objects.filter(evidence=evidence).values("answer")
    others = Support.objects.filter(answer__in=answers).exclude(evidence=evidence).values("evidence")
    return evidence_for(person).filter(Q(pk__in=others) | Q(pk__in=evidence.drawn_from.values("pk")))


def institutions_for(person: Person) -> QuerySet[Institution]:
    """Return the institutions for which a person may add evidence."""
    if may(person, COORDINATE):
        return Institution.objects.all()
    return Institution.objects.filter(pk=person.institution_id)


def possible_readers(person: Person, institution_id: int | None) -> QuerySet[Person]:
    """Return who can be named as a reader of RED: people of the institution, and those who lead the assessment."""
    leads = Duty.objects.filter(until__isnull=True, role__in=LEADING).values("person")
    return Person.objects.filter(Q(institution=institution_id) | Q(pk__in=leads), is_active=True).exclude(pk=person.pk)


def _shown(found: QuerySet[Evidence], person: Person, shown: str, today: date) -> QuerySet[Evidence]:
    if shown == "withdrawn":
        return found.filter(withdrawn_at__isnull=False)
    found = found.filter(withdrawn_at__isnull=True)
    if shown == "own":
        return found.filter(added_by=person)
    return found.filter(expires__lt=today) if shown == "expired" else found


def _among(answers: Collection[Supported]) -> Q:
    if len(answers) <= FEW_ANSWERS:
        return Q(answer__in=[answer.pk for answer in answers])
    return Q(answer__contribution__in={answer.contribution_id for answer in answers})


def _drawn_from(pieces: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Return which pieces each was drawn from; all pairs are read where the pieces are many, as pairs are few."""
    pairs = Evidence.drawn_from.through.objects.order_by("pk")
    if len(pieces) <= FEW_ANSWERS:
        pairs = pairs.filter(from_evidence__in=pieces)
    drawn: dict[int, list[str]] = defaultdict(list)
    for one, source in pairs.values_list("from_evidence_id", "to_evidence_id"):
        drawn[one].append(str(source))
    return {one: tuple(found) for one, found in drawn.items()}
