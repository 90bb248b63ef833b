"""That something of a round was taken along is on record, with its form and marking."""

from __future__ import annotations

from django.db import transaction

from forefend.web.accounts.models import Person
from forefend.web.accounts.reading import RED
from forefend.web.assessment.models import Round
from forefend.web.audit.actions import record


@transaction.atomic
def handed_out(asked: Round, *, what: str, form: str, marking: str, by: Person, **more: object) -> None:
    """Put on record that a file was made of a round. The row holds nothing of the round, so every auditor reads it; only
    that a file bears RED would tell those it does not name that there is such an answer.
    """
    after = {"what": what, "form": form, "marking": marking} | {name: value for name, value in more.items() if value}
    record("round.exported", subject=asked.key, by=by, after=after, marking=RED if marking == RED else "GREEN")
