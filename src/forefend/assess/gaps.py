"""The 21 actions of a state as far as public data can draft them, with every figure's range and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from forefend.assess.prefill import Suggestion, prefill
from forefend.assess.scoring import C3, PUBLISH_FROM_COVERAGE, Question, action_figures, cautious_score
from forefend.catalog import Catalog
from forefend.catalog.model import Question as CatalogQuestion
from forefend.store import Figure, Store, compute, missing_figure

BELOW_COVERAGE = "not published: under 60 % of the weight is answered"
CORE_OPEN = "not published: a core question is open"
ONE_TYPE_CAP = 3.0
NO_EVIDENCE_CAP = 2.0


@dataclass(frozen=True, kw_only=True)
class DraftAnswer:
    """What the data suggest for one question: the level (or none), and every suggestion shown beside it."""

    question: CatalogQuestion
    score: Figure | None
    suggestions: tuple[Suggestion, ...]
    confidence: float
    reliability: float

    @property
    def cap(self) -> float:
        """Highest score the evidence allows: data are one voice, so a core question stops at 3."""
        caps = [4.0]
        if self.reliability < C3 - 1e-9:
            caps.append(NO_EVIDENCE_CAP)
        if self.question.criticality == "core":
            caps.append(ONE_TYPE_CAP)
        return min(caps)


@dataclass(frozen=True, kw_only=True)
class ActionGap:
    """One action: figures by the rules of publication, and the lists that no average may hide."""

    action: str
    coverage: Figure
    gap: Figure
    gap_low: Figure
    gap_high: Figure
    cautious_gap: Figure
    confidence: Figure
    blocking: tuple[str, ...]
    core_open: tuple[str, ...]
    answers: tuple[DraftAnswer, ...]

    @property
    def n_answered(self) -> int:
        """How many questions the data suggest a level for."""
        return sum(answer.score is not None for answer in self.answers)


def gaps(store: Store, catalog: Catalog, iso3: str, *, today: date) -> tuple[ActionGap, ...]:
    """Draft all actions of a state from data. A condition nobody has set counts as true, so all is asked."""
    by_question: dict[str, list[Suggestion]] = {}
    for suggestion in prefill(store, catalog, iso3, today=today):
        by_question.setdefault(suggestion.rule.question, []).append(suggestion)
    return tuple(
        _action_gap(
            store, action=identifier, answers=[_draft(store, catalog.questions[q], by_question.get(q, [])) for q in action.questions]
        )
        for identifier, action in catalog.actions.items()
    )


def _draft(store: Store, question: CatalogQuestion, suggestions: Sequence[Suggestion]) -> DraftAnswer:
    setting = [s for s in suggestions if s.sets_level]
    if not setting:
        return DraftAnswer(question=question, score=None, suggestions=tuple(suggestions), confidence=0.0, reliability=0.0)
    score = setting[0].score
    if len(setting) > 1:
        score = compute(
            store,
            label=f"Level suggested for {question.id}",
            unit="level 0–4",
            formula="lowest",
            inputs=[s.score for s in setting],
            period=score.period,
        )
    return DraftAnswer(
        question=question,
        score=score,
        suggestions=tuple(suggestions),
        confidence=min(s.confidence for s in setting),
        reliability=min(s.reliability for s in setting),
    )


def _action_gap(store: Store, *, action: str, answers: Sequence[DraftAnswer]) -> ActionGap:
    answered = [a for a in answers if a.score is not None]
    total_weight = float(sum(a.question.weight for a in answers))
    weights = [float(a.question.weight) for a in answered]
    inputs = [a.score for a in answered if a.score is not None]
    plain = action_figures([_as_scored(a) for a in answers])

    def made(formula: str, label: str, **params: object) -> Figure:
        return compute(
            store, label=f"{action}: {label}", unit="share", formula=formula, inputs=inputs, params={"weights": weights, **params}
        )

    if plain.gap is None:
        reason = BELOW_COVERAGE if plain.coverage < PUBLISH_FROM_COVERAGE else CORE_OPEN
        gap = missing_figure(label=f"{action}: observed gap", unit="share", reason=reason)
    else:
        gap = made("observed_gap", "observed gap")
    return ActionGap(
        action=action,
        coverage=made("coverage", "coverage", total_weight=total_weight),
        gap=gap,
        gap_low=made("gap_low", "lowest possible gap", total_weight=total_weight),
        gap_high=made("gap_high", "highest possible gap", total_weight=total_weight),
        cautious_gap=made("cautious_gap", "cautious gap", caps=[a.cap for a in answered], total_weight=total_weight),
        confidence=made("action_confidence", "confidence", confidences=[a.confidence for a in answered], total_weight=total_weight),
        blocking=plain.blocking,
        core_open=plain.core_open,
        answers=tuple(answers),
    )


def _as_scored(answer: DraftAnswer) -> Question:
    is_core = answer.question.criticality == "core"
    score = None if answer.score is None else answer.score.value
    return Question(
        id=answer.question.id,
        weight=float(answer.question.weight),
        is_core=is_core,
        score=score,
        cautious=None if score is None else cautious_score(score, best_evidence=answer.reliability, is_core=is_core),
        confidence=answer.confidence,
        lowest_type_score=score,
    )
