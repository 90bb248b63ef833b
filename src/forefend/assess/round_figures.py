"""The results of a round as figures that open: action → question → type of respondent → answer.

An answer is where a figure ends: its formula is ``given_answer`` and its parameters say who gave it. A step that would
show what a protected respondent said is not opened; the figure then says so in its formula. Such figures hold answers
of people: they are part of a report, and are never kept beside the public numbers of the store.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from forefend.assess import figures as _figures  # noqa: F401 - registers the formulas of an action
from forefend.assess.answers import GivenAnswer
from forefend.assess.question_results import QuestionResult, score_of
from forefend.assess.results import GroupResult, RoundResults
from forefend.catalog import Catalog
from forefend.locale import N_
from forefend.store import Figure, Store, compute, missing_figure
from forefend.store.formulas import Frames, formula, values

LEVEL, SHARE = "level 0–4", "share"
# What a figure is of its question, action or sphere; the label says which: ``N1: cautious gap``.
OF_GROUPS = (
    N_("coverage"), N_("observed gap"), N_("lowest possible gap"), N_("highest possible gap"), N_("cautious gap"), N_("confidence"),
)  # fmt: skip
SCORE, CAUTIOUS_SCORE, JOINT_SCORE, RULED_SCORE, CONFIDENCE = (
    N_("score"), N_("cautious score"), N_("joint score"), N_("score as ruled"), "confidence",
)  # fmt: skip
BY_TYPE = {"government": N_("government"), "independent_bodies": N_("independent bodies"), "civil_society": N_("civil society")}
WHY_NONE = {
    "below_coverage": N_("not published: under 60 % of the weight is answered"),
    "core_open": N_("not published: a core question is open"),
    "limited_fit": N_("not scored: too much of it does not apply"),
    "not_applicable": N_("not applicable"),
    "unknown": N_("unknown"),
    "unanswered": N_("not answered yet"),
}


@dataclass(frozen=True, kw_only=True)
class QuestionFigures:
    """The figures of one question; ``types`` are the scores by type of respondent that may be shown."""

    score: Figure
    cautious: Figure
    confidence: Figure
    types: Mapping[str, Figure]


@dataclass(frozen=True, kw_only=True)
class GroupFigures:
    """The figures of an action or a sphere, each a number or the reason why there is none."""

    action: str
    coverage: Figure
    gap: Figure
    gap_low: Figure
    gap_high: Figure
    cautious_gap: Figure
    confidence: Figure


@formula("score of an answer, as an institution gave it")
def given_answer(_frames: Frames, *, score: float, **_told: Any) -> float:
    """An answer; the other parameters say who gave it and when it was checked."""
    return score


@formula("score of several answers, not opened further, as it would show what a protected respondent said")
def given_together(_frames: Frames, *, score: float, **_told: Any) -> float:
    """A score that stands for several answers."""
    return score


@formula("median of the answers of one type of respondent")
def type_median(frames: Frames) -> float:
    """Score of a type of respondent, 0-4."""
    return float(median(_values(frames)))


@formula("mean of the scores of the types of respondents, each counted once")
def mean_of_types(frames: Frames) -> float:
    """Joint score, 0-4."""
    found = _values(frames)
    return math.fsum(found) / len(found)


@formula("level ruled by the coordinator with a written reason, in place of the joint score of the answers")
def ruled(_frames: Frames, *, score: float, **_told: Any) -> float:
    """A ruling; the input is the joint score it replaces."""
    return score


@formula("score a cautious reader grants: limited by evidence, by the lowest type of respondent, and at 3 for a core question of one type")
def cautious(frames: Frames, *, limit: float) -> float:
    """Cautious score, 0-4."""
    return min(_values(frames)[0], limit)


@formula("evidence x freshness x agreement")
def confidence_of(_frames: Frames, *, evidence: float, freshness: float, agreement: float) -> float:
    """Confidence in a question's score, 0-1."""
    return evidence * freshness * agreement


@formula("confidence in a score, not opened further, as it would show what a protected respondent said")
def confidence_together(_frames: Frames, *, confidence: float) -> float:
    """Confidence in a question's score, 0-1."""
    return confidence


def question_figures(store: Store, catalog: Catalog, found: RoundResults) -> Mapping[str, QuestionFigures]:
    """Return the figures of every question of a round that applies."""
    return {question.id: _question(store, catalog, question, on=found.today) for question in found.questions.values() if question.applies}


def group_figures(store: Store, group: GroupResult, found: RoundResults, opened: Mapping[str, QuestionFigures]) -> GroupFigures:
    """Return the figures of an action or a sphere from those of its questions."""
    name, period = group.id, found.today.isoformat()
    if group.figures is None:
        none = {
            label: missing_figure(label=f"{name}: {label}", unit=SHARE, reason=WHY_NONE[group.unpublished_because], period=period)
            for label in OF_GROUPS
        }
        return _named(name, none)
    asked = [found.questions[identifier] for identifier in group.applicable]
    answered = [question for question in asked if question.score is not None]
    weights, total = [question.weight for question in answered], math.fsum(question.weight for question in asked)
    scores = [opened[question.id].score for question in answered]

    def made(label: str, name_of: str, **params: Any) -> Figure:
        return compute(
            store,
            label=f"{name}: {label}",
            unit=SHARE,
            formula=name_of,
            inputs=scores,
            params={"weights": weights, **params},
            period=period,
        )

    gap = (
        missing_figure(label=f"{name}: observed gap", unit=SHARE, reason=WHY_NONE[group.unpublished_because], period=period)
        if group.figures.gap is None
        else made("observed gap", "observed_gap")
    )
    return _named(
        name,
        {
            "coverage": made("coverage", "coverage", total_weight=total),
            "observed gap": gap,
            "lowest possible gap": made("lowest possible gap", "gap_low", total_weight=total),
            "highest possible gap": made("highest possible gap", "gap_high", total_weight=total),
            "cautious gap": made("cautious gap", "cautious_gap", caps=[q.cautious for q in answered], total_weight=total),
            "confidence": made("confidence", "action_confidence", confidences=[q.confidence for q in answered], total_weight=total),
        },
    )


def _named(name: str, by_label: Mapping[str, Figure]) -> GroupFigures:
    return GroupFigures(
        action=name,
        coverage=by_label["coverage"],
        gap=by_label["observed gap"],
        gap_low=by_label["lowest possible gap"],
        gap_high=by_label["highest possible gap"],
        cautious_gap=by_label["cautious gap"],
        confidence=by_label["confidence"],
    )


def _question(store: Store, catalog: Catalog, question: QuestionResult, *, on: date) -> QuestionFigures:
    name, period = question.id, on.isoformat()
    if question.score is None:
        why = WHY_NONE[question.state]
        labels = ((SCORE, LEVEL), (CAUTIOUS_SCORE, LEVEL), (CONFIDENCE, SHARE))
        score, careful, sure = (missing_figure(label=f"{name}: {label}", unit=unit, reason=why, period=period) for label, unit in labels)
        return QuestionFigures(score=score, cautious=careful, confidence=sure, types={})
    types = _types(store, catalog, question, period=period)
    score = _score(store, question, types, period=period)
    careful = compute(
        store,
        label=f"{name}: {CAUTIOUS_SCORE}",
        unit=LEVEL,
        formula="cautious",
        inputs=[score],
        params={"limit": question.cautious},
        period=period,
    )
    return QuestionFigures(
        score=score,
        cautious=careful,
        confidence=_confidence(store, question, period=period),
        types={kind: figure for kind, figure in types.items() if kind in question.shown_type_scores},
    )


def _score(store: Store, question: QuestionResult, types: Mapping[str, Figure], *, period: str) -> Figure:
    label = f"{question.id}: {JOINT_SCORE}"
    if question.withheld:
        joint = _leaf(store, label, "given_together", LEVEL, period=period, score=question.joint_score, answers=len(question.answers))
    else:
        joint = compute(store, label=label, unit=LEVEL, formula="mean_of_types", inputs=list(types.values()), period=period)
    if question.ruling is None:
        return joint
    told = {"score": question.score, "by": question.ruling.by, "on": question.ruling.on.isoformat(), "reason": question.ruling.reason}
    return compute(
        store, label=f"{question.id}: {RULED_SCORE}", unit=LEVEL, formula="ruled", inputs=[joint], params=told, period=period
    )  # fmt: skip


def _confidence(store: Store, question: QuestionResult, *, period: str) -> Figure:
    label = f"{question.id}: {CONFIDENCE}"
    if question.withheld:
        return _leaf(store, label, "confidence_together", SHARE, period=period, confidence=question.confidence)
    return _leaf(
        store, label, "confidence_of", SHARE, period=period,
        evidence=question.reliability, freshness=question.freshness, agreement=question.agreement,
    )  # fmt: skip


def _types(store: Store, catalog: Catalog, question: QuestionResult, *, period: str) -> Mapping[str, Figure]:
    by_type: dict[str, list[tuple[GivenAnswer, float]]] = {}
    for answer in question.answers:
        score = score_of(catalog.questions[question.id], answer)
        if score is not None:
            by_type.setdefault(answer.respondent.kind, []).append((answer, score))
    return {kind: _type(store, question, kind, given, period=period) for kind, given in by_type.items()}


def _type(store: Store, question: QuestionResult, kind: str, given: Sequence[tuple[GivenAnswer, float]], *, period: str) -> Figure:
    label = f"{question.id}: {BY_TYPE.get(kind, kind.replace('_', ' '))}"
    if any(answer.respondent.is_protected and not answer.is_shared for answer, _ in given):
        return _leaf(store, label, "given_together", LEVEL, period=period, score=question.type_scores[kind], answers=len(given))
    answers = [
        _leaf(
            store, f"{question.id}: {answer.respondent.title}", "given_answer", LEVEL, period=answer.checked_on.isoformat(),
            score=score, institution=answer.respondent.title, kind=answer.kind, value=answer.value, answer=answer.id,
        )
        for answer, score in given
    ]  # fmt: skip
    return compute(store, label=label, unit=LEVEL, formula="type_median", inputs=answers, period=period)


def _leaf(store: Store, label: str, name: str, unit: str, *, period: str, **params: Any) -> Figure:
    return compute(store, label=label, unit=unit, formula=name, inputs=[], params=params, period=period)


def _values(frames: Frames) -> list[float]:
    return [values(frame)[0] for frame in frames]
