"""The standing checks of a round, over what a person may read."""

from __future__ import annotations

from django.utils import timezone

from forefend.assess.checks import Finding, standing
from forefend.web.accounts.models import Person
from forefend.web.assessment.models import Round
from forefend.web.assessment.records import round_answers
from forefend.web.assessment.showing import found_by_checks


def findings(asked: Round, person: Person, *, with_drafts: bool = False) -> tuple[Finding, ...]:
    """Return what the standing checks find in a round today; ``with_drafts`` also in what the own institution has not handed in."""
    if not with_drafts:
        return found_by_checks(asked, person)
    return standing(round_answers(asked, person, today=timezone.now().date(), with_drafts=True))


def stopping(asked: Round, person: Person) -> int:
    """Count the findings that stop an adoption."""
    return sum(finding.severity == "stops" for finding in findings(asked, person))
