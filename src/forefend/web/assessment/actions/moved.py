"""Which round's results a change of an answer moves, as the record is told."""

from __future__ import annotations

from forefend.assess.transitions import COUNTED
from forefend.web.assessment.models import Answer, key_of_round


def round_of(answer: Answer) -> tuple[str, ...]:
    """Return the round of an answer."""
    return (key_of_round(answer.contribution.round_id),)


def round_counting(answer: Answer) -> tuple[str, ...]:
    """Return the round whose results count the answer already: a draft moves none."""
    return round_of(answer) if answer.contribution.stage in COUNTED else ()
