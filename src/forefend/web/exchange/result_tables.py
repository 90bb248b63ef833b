"""What a round comes to, as plain rows: only what the rules of publication let people see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forefend.web.accounts.models import Person
from forefend.web.assessment.models import Round
from forefend.web.assessment.showing import shown


def questions(asked: Round, person: Person) -> Iterator[dict[str, Any]]:
    """Give the result of each question."""
    for result in shown(asked, person).results.questions.values():
        yield {
            "question": result.id, "action": result.action, "state": result.state, "weight": result.weight, "is_core": result.is_core,
            "score": result.score, "is_ruled": result.ruling is not None, "cautious": result.cautious, "confidence": result.confidence,
            "agreement": result.shown_agreement, "type_scores": dict(result.shown_type_scores), "is_blocking": result.is_blocking,
            "is_disputed": result.is_disputed, "is_stale": result.is_stale, "failed_conditions": list(result.failed_conditions),
        }  # fmt: skip


def groups(asked: Round, person: Person) -> Iterator[dict[str, Any]]:
    """Give the result of each action and sphere; an observed gap that may not be published is not there."""
    found = shown(asked, person).results
    for kind, results in (("action", found.actions), ("sphere", found.spheres)):
        for result in results.values():
            figures = result.figures
            yield {
                "kind": kind, "id": result.id, "fit": result.fit, "gap": figures.gap if figures else None,
                "unpublished_because": result.unpublished_because, "gap_low": figures.gap_low if figures else None,
                "gap_high": figures.gap_high if figures else None, "cautious_gap": figures.cautious_gap if figures else None,
                "coverage": figures.coverage if figures else None, "confidence": figures.confidence if figures else None,
                "blocking": list(result.blocking), "disputed": list(result.disputed), "stale": list(result.stale),
            }  # fmt: skip
