"""The standing checks of a round, over what a person may read."""

from __future__ import annotations

from django.utils import timezone

from forefend.assess.checks import Finding, standing
from forefend.web.accounts.models import Person
from forefend.web.assessment.models import Round
from forefend.web.assessment.records import round_answers


def findings(asked: Round, person: Person, *, with_drafts: bool = False) -> tuple[Finding, ...]:
    """Return what the standing checks find in a round today."""
    return standing(round_answers(asked, person, today=timezone.now().date(), with_drafts=with_drafts))


def stopping(asked: Round, person: Person) -> int:
    """Count the findings that stop an adoption."""
    return sum(finding.severity == "stops" for finding in findings(asked, person))
