"""Results of rounds for pages: computed once for what a person may read, and again when anything in them changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

from django.db.models import Count, Max, Sum

from forefend.assess.answers import RoundAnswers
from forefend.assess.results import RoundResults, results
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import permissions_of
from forefend.web.assessment.models import Answer, Condition, Contribution, Request, Round, Ruling
from forefend.web.assessment.records import marking_of, round_answers
from forefend.web.project.workbench import workbench

KEPT_AT_MOST = 24  # results of a large round take about a megabyte


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A round as one person sees it: the answers, what they come to, and the marking of both."""

    answers: RoundAnswers
    results: RoundResults
    marking: str


_kept: OrderedDict[Hashable, Shown] = OrderedDict()
_lock = Lock()


def shown(asked: Round, person: Person) -> Shown:
    """Return the result of a round from the answers a person may read."""
    key = (asked.pk, person.pk, permissions_of(person), person.institution_id, fingerprint(asked), workbench().today)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    answers = round_answers(asked, person, today=workbench().today)
    made = Shown(answers=answers, results=results(answers), marking=marking_of(answers, asked))
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT_AT_MOST:
            _kept.popitem(last=False)
    return made


def fingerprint(asked: Round) -> Hashable:
    """Return what changes whenever anything does that the result of a round depends on."""
    answers = Answer.objects.filter(contribution__round=asked)
    return (
        asked.stage,
        _tuple(answers.aggregate(n=Count("pk"), versions=Sum("version"), at=Max("saved_at"))),
        tuple(answers.values_list("marking").annotate(n=Count("pk")).order_by("marking")),
        _tuple(Answer.readers.through.objects.filter(answer__contribution__round=asked).aggregate(n=Count("pk"), last=Max("pk"))),
        *_evidence(asked),
        _tuple(Ruling.objects.filter(round=asked).aggregate(n=Count("pk"), at=Max("at"))),
        tuple(Condition.objects.filter(round=asked).values_list("name", "holds", "confirmed_by_lead", "confirmed_outside")),
        tuple(Contribution.objects.filter(round=asked).order_by("pk").values_list("pk", "stage", "closed_because", "shares_scores")),
        _tuple(Request.objects.filter(answer__contribution__round=asked).aggregate(n=Count("pk"), closed=Count("closed_at"))),
    )


def _evidence(asked: Round) -> tuple[Hashable, ...]:
    """Return what changes with the evidence of a round: what supports what, how it is graded and marked, who is named."""
    from forefend.web.evidence.models import Evidence, Support

    support = Support.objects.filter(answer__contribution__round=asked)
    among = support.values("evidence")
    graded = support.values_list(*(f"evidence__{name}" for name in ("letter", "number", "marking", "expires", "withdrawn_at")))
    return (
        _tuple(support.aggregate(n=Count("pk"), at=Max("at"), last=Max("pk"))),
        tuple(sorted(graded.annotate(n=Count("pk"), which=Sum("evidence")).order_by(), key=str)),
        _tuple(Evidence.readers.through.objects.filter(evidence__in=among).aggregate(n=Count("pk"), last=Max("pk"))),
        _tuple(Evidence.drawn_from.through.objects.filter(from_evidence__in=among).aggregate(n=Count("pk"), last=Max("pk"))),
    )


def _tuple(found: dict[str, object]) -> Hashable:
    return tuple(found.values())
