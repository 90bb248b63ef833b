"""The result of a round as it is adopted: figures kept whole, with the digest of the answers they came from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from django.utils import timezone

from forefend.assess.answers import RoundAnswers
from forefend.assess.results import GroupResult, RoundResults, results
from forefend.web.accounts.models import Person
from forefend.web.accounts.reading import RED
from forefend.web.assessment.models import Adoption, Round
from forefend.web.assessment.records import marking_of, round_answers
from forefend.web.audit.actions import record


def keep_result(asked: Round, *, by: Person, note: str = "") -> Adoption:
    """Keep the result of a round, computed from every answer that all who lead rounds may read.

    What is for named readers alone stays out, whoever adopts: others see the kept result, and choose what of it is public.
    """
    now = timezone.now()
    answers = without_red(round_answers(asked, by, today=now.date()))
    kept = frozen(results(answers))
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
    adoption = Adoption.objects.create(
        round=asked, result=kept, digest=digest, marking=marking_of(answers, asked), note=note, at=now, by=by
    )
    record(
        "round.result_kept",
        subject=asked.key,
        by=by,
        after={"digest": digest, "marking": adoption.marking},
        reason=note,
        moves=(asked.key,),
    )
    return adoption


def without_red(answers: RoundAnswers) -> RoundAnswers:
    """Return a round without answers and evidence that are for named readers alone."""
    open_to_leads = tuple(
        replace(answer, evidence=tuple(piece for piece in answer.evidence if piece.marking != RED))
        for answer in answers.answers
        if answer.marking != RED
    )
    return replace(answers, answers=open_to_leads)


def frozen(found: RoundResults) -> dict[str, Any]:
    """Return the figures of a round as plain records, without the texts of answers."""
    return {
        "round": found.round,
        "title": found.title,
        "state": found.state,
        "edition": found.edition,
        "today": found.today.isoformat(),
        "questions": {
            identifier: {
                "state": question.state,
                "score": question.score,
                "cautious": question.cautious,
                "confidence": question.confidence,
                "type_scores": dict(question.shown_type_scores),
                "is_blocking": question.is_blocking,
                "is_disputed": question.is_disputed,
                "is_stale": question.is_stale,
                "n_answers": len(question.answers),
            }
            for identifier, question in found.questions.items()
        },
        "actions": {identifier: _group(action) for identifier, action in found.actions.items()},
        "spheres": {identifier: _group(sphere) for identifier, sphere in found.spheres.items()},
        "strengths": {"questions": list(found.strengths.questions), "actions": list(found.strengths.actions)},
    }


def _group(group: GroupResult) -> dict[str, Any]:
    figures = group.figures
    return {
        "fit": group.fit,
        "unpublished_because": group.unpublished_because,
        "figures": None
        if figures is None
        else {
            "coverage": figures.coverage,
            "gap": figures.gap,
            "gap_low": figures.gap_low,
            "gap_high": figures.gap_high,
            "cautious_gap": figures.cautious_gap,
            "confidence": figures.confidence,
        },
        "blocking": list(group.blocking),
        "disputed": list(group.disputed),
    }
