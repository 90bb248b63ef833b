"""Who may read what is marked, by the Traffic Light Protocol 2.0 (FIRST, 2022): one rule, said twice and tested against itself.

RED: its author and the readers it names. AMBER+STRICT and AMBER: the institution it is of, and those who lead the
assessment once it was handed in. GREEN and CLEAR: also everybody who may read results. Publication is a decision of its
own; CLEAR alone makes nothing public.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from forefend.settings import MARKINGS
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import may
from forefend.web.accounts.roles import ANSWER, READ_ANSWERS, READ_RESULTS

WIDE = ("CLEAR", "GREEN")
NARROW = ("AMBER", "AMBER+STRICT")
RED = "RED"
STILL_PRIVATE = "draft"  # of a contribution that was never handed in; also of one that the coordinator closed without it


def may_read(
    person: Person, *, marking: str, institution_id: int, author_id: int, reader_ids: Collection[int] = (), is_handed_in: bool = True
) -> bool:
    """Tell whether a person may read one thing of one institution."""
    if marking == RED:
        return person.pk == author_id or person.pk in reader_ids
    if may(person, ANSWER) and person.institution_id == institution_id:
        return True
    if not is_handed_in:
        return False
    return may(person, READ_ANSWERS) or (marking in WIDE and may(person, READ_RESULTS))


def readable(person: Person, *, institution: str, author: str, readers: str, stage: str = "") -> Q:
    """Return the same rule as a condition of a query; the arguments name the fields it looks at.

    The query must be ``distinct``, as readers are many.
    """
    rule = Q(marking=RED) & (Q(**{author: person.pk}) | Q(**{f"{readers}__pk": person.pk}))
    others = Q(marking__in=(*WIDE, *NARROW))
    if may(person, ANSWER) and person.institution_id is not None:
        rule |= others & Q(**{institution: person.institution_id})
    handed_in = ~Q(**{stage: STILL_PRIVATE}) if stage else Q()
    if may(person, READ_ANSWERS):
        rule |= others & handed_in
    elif may(person, READ_RESULTS):
        rule |= Q(marking__in=WIDE) & handed_in
    return rule


def most_restrictive(markings: Iterable[str], *, at_least: str = "CLEAR") -> str:
    """Return the marking of something made from things so marked."""
    return max((at_least, *markings), key=MARKINGS.index)
