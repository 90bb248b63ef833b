"""What is due: one letter a day to each person, however much waits, and each reminder once."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction

from forefend.assess.transitions import ANSWERING
from forefend.web.accounts.models import Person
from forefend.web.assessment.models import Contribution
from forefend.web.assessment.telling import digest, who_answers

DAYS_BEFORE = (14, 7, 1)
DAYS_AFTER = (1, 7, 14, 21)


@transaction.atomic
def due(today: date) -> int:
    """Write the digests of a day; returns how many. A second run on the same day writes none."""
    waiting: dict[int, list[tuple[str, Contribution]]] = defaultdict(list)
    people: dict[int, Person] = {}
    for part in _open_parts(today):
        kind = _kind(part, today)
        if not kind:
            continue
        for person in _who_answers(part):
            people[person.pk] = person
            waiting[person.pk].append((kind, part))
    return sum(digest(to=people[key], lines=lines, day=today) for key, lines in waiting.items())


def _open_parts(today: date) -> list[Contribution]:
    first = today - timedelta(days=max(DAYS_AFTER))
    last = today + timedelta(days=max(DAYS_BEFORE))
    return list(
        Contribution.objects.filter(
            stage__in=ANSWERING, closed_because="", round__stage__in=ANSWERING, round__is_practice=False, due_on__range=(first, last)
        ).select_related("round", "institution")
    )


def _kind(part: Contribution, today: date) -> str:
    ahead = (part.due_on - today).days
    if ahead in DAYS_BEFORE:
        return "soon"
    return "overdue" if -ahead in DAYS_AFTER else ""


def _who_answers(part: Contribution) -> list[Person]:
    return [person for person in who_answers(part.institution) if person.wants_digest]
