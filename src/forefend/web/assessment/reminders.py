"""What is due: one letter a day to each person, however much waits, and each reminder once; one whose day was missed, later."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction

from forefend.assess.transitions import ANSWERING
from forefend.web.accounts.models import Instance, Person
from forefend.web.assessment.models import Contribution
from forefend.web.assessment.telling import digest, who_answers

DAYS_BEFORE = (14, 7, 1)
DAYS_AFTER = (1, 7, 14, 21)
LATE_AT_MOST = 6  # days on which the machine was off


@transaction.atomic
def due(today: date) -> int:
    """Write the digests of a day; returns how many. A second run on the same day writes none."""
    days = _days(today)
    waiting: dict[int, list[tuple[str, Contribution]]] = defaultdict(list)
    people: dict[int, Person] = {}
    for part in _open_parts(today):
        if not any(_is_day(part, day) for day in days):
            continue
        kind = "soon" if part.due_on >= today else "overdue"
        for person in _who_answers(part):
            people[person.pk] = person
            waiting[person.pk].append((kind, part))
    written = sum(digest(to=people[key], lines=lines, day=today) for key, lines in waiting.items())
    Instance.objects.filter(pk=1).update(reminded_on=today)
    return written


def _days(today: date) -> list[date]:
    """Return the days whose reminders leave today: today, and those since the last time this was asked."""
    last = Instance.objects.filter(pk=1).values_list("reminded_on", flat=True).first()
    n_missed = (today - last).days - 1 if last and last < today else 0
    return [today - timedelta(days=number) for number in range(min(n_missed, LATE_AT_MOST) + 1)]


def _open_parts(today: date) -> list[Contribution]:
    first = today - timedelta(days=max(DAYS_AFTER) + LATE_AT_MOST)
    last = today + timedelta(days=max(DAYS_BEFORE))
    return list(
        Contribution.objects.filter(
            stage__in=ANSWERING, closed_because="", round__stage__in=ANSWERING, round__is_practice=False, due_on__range=(first, last)
        ).select_related("round", "institution")
    )


def _is_day(part: Contribution, day: date) -> bool:
    ahead = (part.due_on - day).days
    return ahead in DAYS_BEFORE or -ahead in DAYS_AFTER


def _who_answers(part: Contribution) -> list[Person]:
    return [person for person in who_answers(part.institution) if person.wants_digest]
