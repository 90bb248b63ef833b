"""The arithmetic of an assessment: from answers to the figures of an action.

Pure functions after section 5 of the domain guide (Forefend's own method; its worked examples are the
tests). Scores run from 0 (absent) to 4 (in place, used and reviewed); every other figure from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

TOP = 4.0
PUBLISH_FROM_COVERAGE = 0.6
LIMITED_FIT_ABOVE = 0.4  # share of an action's weight that is not applicable
WITHOUT_EVIDENCE = 0.25
C3 = 0.49
SOLE_RESPONDENT_AGREEMENT = 0.7
SAME_TYPE_AGREEMENT_AT_MOST = 0.85
RELIABILITY = {"A": 1.0, "B": 0.85, "C": 0.7, "D": 0.5, "E": 0.3, "F": 0.4}
CREDIBILITY = {1: 1.0, 2: 0.85, 3: 0.7, 4: 0.4, 6: 0.4}  # 5 (improbable) supports nothing

Kind = Literal["law_and_structure", "institutional_practice", "dynamic", "trigger"]


@dataclass(frozen=True)
class Ageing:
    """How fast a kind of fact loses value: days of grace, days of half-life, lowest freshness."""

    grace_days: int
    half_life_days: int
    floor: float


AGEING: dict[Kind, Ageing] = {
    "law_and_structure": Ageing(365, 1095, 0.3),
    "institutional_practice": Ageing(180, 365, 0.2),
    "dynamic": Ageing(14, 60, 0.0),
    "trigger": Ageing(3, 14, 0.0),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """One applicable question of an action as scored: ``score`` and ``cautious`` are None when it is open.

    ``confidence`` is 0 for an open question. ``lowest_type_score`` is the lowest score of any respondent
    type. ``is_unknown`` parts "asked, cannot be known" from "not answered yet".
    """

    id: str
    weight: float
    is_core: bool
    score: float | None = None
    cautious: float | None = None
    confidence: float = 0.0
    lowest_type_score: float | None = None
    is_unknown: bool = False


@dataclass(frozen=True, kw_only=True)
class ActionFigures:
    """The figures of one action. ``gap`` is None where the rules of publication forbid to show it."""

    coverage: float
    gap: float | None
    gap_low: float
    gap_high: float
    cautious_gap: float
    confidence: float
    blocking: tuple[str, ...]
    core_open: tuple[str, ...]
    observed_gap: float | None


def line_score(value: float, *, zero: float, four: float) -> float:
    """Score a number on the straight line between the points that earn 0 and 4."""
    return min(TOP, max(0.0, TOP * (value - zero) / (four - zero)))


def type_scores(answers: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the median score of each respondent type."""
    return {kind: float(median(scores)) for kind, scores in answers.items() if scores}


def joint_score(answers: Mapping[str, Sequence[float]]) -> float:
    """Return the mean of the type scores, so that ten ministries do not outvote one association."""
    by_type = type_scores(answers)
    return math.fsum(by_type.values()) / len(by_type)


def agreement(answers: Mapping[str, Sequence[float]]) -> float:
    """Return how far respondents agree, 0-1."""
    by_type = type_scores(answers)
    if len(by_type) > 1:
        return 1 - (max(by_type.values()) - min(by_type.values())) / TOP
    (scores,) = (scores for scores in answers.values() if scores)
    if len(scores) == 1:
        return SOLE_RESPONDENT_AGREEMENT
    return min(SAME_TYPE_AGREEMENT_AT_MOST, 1 - (max(scores) - min(scores)) / TOP)


def item_reliability(letter: str, number: int) -> float | None:
    """Return the weight of one piece of evidence by its Admiralty grade; None when it supports nothing."""
    return None if number == 5 else RELIABILITY[letter] * CREDIBILITY[number]


def evidence_reliability(items: Sequence[float]) -> float:
    """Join the weights of independent pieces of evidence (those of credibility 5 already left out)."""
    best = max(items, default=WITHOUT_EVIDENCE)
    solid = sorted((item for item in items if item >= C3 - 1e-9), reverse=True)[:3]
    if len(solid) > 1:
        best = max(best, min(0.95, 1 - math.prod(1 - item for item in solid)))
    return max(WITHOUT_EVIDENCE, best)


def freshness(age_days: float, kind: Kind) -> float:
    """Return what age leaves of a fact, 0-1."""
    ageing = AGEING[kind]
    return max(ageing.floor, math.pow(0.5, max(0.0, age_days - ageing.grace_days) / ageing.half_life_days))


def cautious_score(
    score: float | None, *, lowest_type_score: float | None = None, best_evidence: float = 0.0, n_types: int = 1, is_core: bool = False
) -> float:
    """Return the score a cautious reader would grant; an open question counts 0."""
    if score is None:
        return 0.0
    caps = [score]
    if lowest_type_score is not None:
        caps.append(lowest_type_score + 1)
    if best_evidence < C3 - 1e-9:
        caps.append(2.0)
    if is_core and n_types < 2:
        caps.append(3.0)
    return min(caps)


def action_figures(questions: Sequence[Question]) -> ActionFigures:
    """Compute the figures of one action over its applicable questions; ``questions`` must not be empty."""
    weight = math.fsum(q.weight for q in questions)
    answered = [q for q in questions if q.score is not None]
    answered_weight = math.fsum(q.weight for q in answered)
    loss = math.fsum(q.weight * (TOP - q.score) / TOP for q in answered if q.score is not None)
    open_weight = weight - answered_weight
    coverage = answered_weight / weight
    core_open = tuple(q.id for q in questions if q.is_core and q.score is None)
    observed = loss / answered_weight if answered_weight else None
    is_publishable = coverage >= PUBLISH_FROM_COVERAGE and not core_open
    return ActionFigures(
        coverage=coverage,
        gap=observed if is_publishable else None,
        gap_low=loss / weight,
        gap_high=(loss + open_weight) / weight,
        cautious_gap=math.fsum(q.weight * (TOP - (q.cautious or 0.0)) / TOP for q in questions) / weight,
        confidence=math.fsum(q.weight * q.confidence for q in questions) / weight,
        blocking=tuple(q.id for q in questions if is_blocking(q)),
        core_open=core_open,
        observed_gap=observed,
    )


def is_blocking(question: Question) -> bool:
    """Tell whether a core question is at 0, at 0 for one respondent type, or unknown."""
    if not question.is_core:
        return False
    return question.is_unknown or question.score == 0 or question.lowest_type_score == 0


def has_limited_fit(*, applicable_weight: float, total_weight: float) -> bool:
    """Tell whether too much of an action does not apply for its score to mean anything."""
    return applicable_weight < total_weight * (1 - LIMITED_FIT_ABOVE) - 1e-9
