"""What the command line reads of rounds that go out and come in."""

from __future__ import annotations

from typing import Any

from forefend.errors import AssessmentError
from forefend.locale import N_
from forefend.web.accounts.models import Person
from forefend.web.assessment.models import Contribution, Round
from forefend.web.exchange.models import TakenRound

NOBODY = N_("Nobody with the address %(address)s has an open account. See forefend user list.")
SAY_WHO = N_("Say for whom: --as ADDRESS. What that person may read and do is read and done.")
NO_ROUND = N_("There is no round %(number)s. See forefend round list.")
NO_PART = N_("Institution %(key)s is not asked in this round. Asked are: %(keys)s.")


def rounds() -> list[dict[str, Any]]:
    """Return every round with who is asked, and where it was taken from."""
    return [
        {
            "id": asked.pk,
            "title": asked.title,
            "state": asked.state,
            "stage": asked.stage,
            "opens_on": asked.opens_on.isoformat(),
            "due_on": asked.due_on.isoformat(),
            "institutions": " ".join(part.institution.key for part in asked.contributions.select_related("institution")),
            "taken_from": taken.home_name or taken.home if (taken := taken_of(asked)) else None,
        }
        for asked in Round.objects.order_by("pk")
    ]


def taken_of(asked: Round) -> TakenRound | None:
    """Return where a round was taken from; None for one of this installation."""
    return TakenRound.objects.filter(round=asked).select_related("institution", "round__edition").defer("round__edition__content").first()


def part_of(asked: Round, key: str) -> Contribution:
    """Return one institution's part of a round; raises AssessmentError, naming those there are."""
    parts = {part.institution.key: part for part in asked.contributions.select_related("institution")}
    if key not in parts:
        raise AssessmentError(NO_PART, key=key or "–", keys=", ".join(parts) or "–")
    return parts[key]


def person_of(address: str) -> Person:
    """Return somebody by address; without one the only person there is. Raises AssessmentError when that is nobody."""
    active = Person.objects.filter(is_active=True)
    if address:
        found = active.filter(email=address.strip().lower()).first()
        if found is None:
            raise AssessmentError(NOBODY, address=address)
        return found
    people = list(active[:2])
    if len(people) != 1:
        raise AssessmentError(SAY_WHO)
    return people[0]


def round_of(identifier: int) -> Round:
    """Return a round by its id; raises AssessmentError when there is none."""
    found = Round.objects.select_related("edition").filter(pk=identifier).first()
    if found is None:
        raise AssessmentError(NO_ROUND, number=identifier)
    return found
