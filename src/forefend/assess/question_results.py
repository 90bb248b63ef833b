"""What the answers of several institutions make of one question: its score, and how far it can be trusted.

After section 5 of the domain guide. Every figure is computed from the answers as given; a ruling replaces
the joint score and nothing else, so that it cannot hide a disagreement or a type of respondent at 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Literal

from forefend.assess.answers import GivenAnswer, RoundAnswers, Ruling
from forefend.assess.evidence import reliability
from forefend.assess.scoring import TOP, Question, agreement, cautious_score, freshness, is_blocking, joint_score, line_score, type_scores
from forefend.catalog.model import Question as CatalogQuestion

STATE, CIVIL_SOCIETY = "government", "civil_society"
DISPUTED_FROM = 0.5  # disagreement between types of respondents
STALE_AT = 0.5  # what is left of an answer as old as its grace and one half-life
SHOWN_FROM = 3  # answers of a type with protected respondents
WORDS: Mapping[str, float] = {"yes": TOP, "partly": TOP / 2, "no": 0.0}

State = Literal["answered", "unknown", "unanswered", "not_applicable"]


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """One question of a round. ``failed_conditions`` are those that make it not applicable.

    ``score`` is the ruling's where one is used, else ``joint_score``; both are None for an open question, and
    so are agreement, reliability and freshness. ``type_scores`` are for computing; people are shown
    ``shown_type_scores``, without the types in ``withheld``. ``difference`` is the score of the state's
    respondents less that of civil society; None unless both answered. ``answers`` are all that were given.
    """

    id: str
    action: str
    weight: float
    is_core: bool
    state: State
    failed_conditions: tuple[str, ...] = ()
    answers: tuple[GivenAnswer, ...] = ()
    score: float | None = None
    joint_score: float | None = None
    type_scores: Mapping[str, float] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    ruling: Ruling | None = None
    agreement: float | None = None
    reliability: float | None = None
    freshness: float | None = None
    confidence: float = 0.0
    cautious: float = 0.0

    @property
    def applies(self) -> bool:
        """Whether the question is asked of this state at all."""
        return self.state != "not_applicable"

    @property
    def lowest_type_score(self) -> float | None:
        """The lowest score of any type of respondent."""
        return min(self.type_scores.values(), default=None)

    @property
    def is_withheld(self) -> bool:
        """Whether the joint score must not be shown by itself: it would be the score of a protected respondent alone."""
        return bool(self.withheld) and len(self.type_scores) == 1

    @property
    def is_disputed(self) -> bool:
        """Whether types of respondents are far apart and nobody has ruled on it."""
        if self.ruling is not None or len(self.type_scores) < 2 or self.agreement is None:
            return False
        return 1 - self.agreement >= DISPUTED_FROM - 1e-9

    @property
    def is_blocking(self) -> bool:
        """Whether it must be listed whatever the average: a core question at 0, at 0 for one type, or unknown."""
        return self.applies and is_blocking(self.as_scored())

    @property
    def is_stale(self) -> bool:
        """Whether the answers have lost half of their value or more to age."""
        return self.freshness is not None and self.freshness <= STALE_AT + 1e-9

    @property
    def difference(self) -> float | None:
        """State respondents' score less civil society's; a finding, when large, and never noise."""
        if not {STATE, CIVIL_SOCIETY} <= set(self.type_scores):
            return None
        return self.type_scores[STATE] - self.type_scores[CIVIL_SOCIETY]

    @property
    def shown_type_scores(self) -> Mapping[str, float]:
        """The type scores that may be shown; when one alone is withheld, none, as it could be worked out from the rest."""
        if len(self.withheld) == 1:
            return {}
        return {kind: score for kind, score in self.type_scores.items() if kind not in self.withheld}

    @property
    def shown_difference(self) -> float | None:
        """The difference between state and civil society where both scores may be shown."""
        return self.difference if {STATE, CIVIL_SOCIETY} <= set(self.shown_type_scores) else None

    @property
    def shown_agreement(self) -> float | None:
        """The agreement where no type is withheld: with the joint score it would tell what each type said."""
        return None if self.withheld else self.agreement

    def as_scored(self) -> Question:
        """Return it as the arithmetic of an action takes it."""
        return Question(
            id=self.id,
            weight=self.weight,
            is_core=self.is_core,
            score=self.score,
            cautious=None if self.score is None else self.cautious,
            confidence=self.confidence,
            lowest_type_score=self.lowest_type_score,
            is_unknown=self.state == "unknown",
        )


def score_of(question: CatalogQuestion, answer: GivenAnswer) -> float | None:
    """Return an answer's score, 0-4; None for unknown, for not applicable entered by hand, and for what cannot be scored."""
    if answer.kind in WORDS:
        return WORDS[answer.kind]
    if answer.value is None or not math.isfinite(answer.value):
        return None
    if answer.kind == "level":
        return answer.value if 0 <= answer.value <= TOP else None
    if answer.kind == "number" and question.numeric is not None:
        points = question.numeric.score_at
        return line_score(answer.value, zero=points[0], four=points[4])
    return None


def question_result(round_: RoundAnswers, question: CatalogQuestion, *, answers: Sequence[GivenAnswer]) -> QuestionResult:
    """Join the ``answers`` to one question of a round."""
    failed = tuple(condition for condition in question.applies_if if not round_.conditions.get(condition, True))
    scored = [(answer, score) for answer in answers if (score := score_of(question, answer)) is not None]
    if failed or not scored:
        state: State = "not_applicable" if failed else "unknown" if answers else "unanswered"
        return QuestionResult(
            id=question.id,
            action=question.action,
            weight=float(question.weight),
            is_core=question.criticality == "core",
            state=state,
            failed_conditions=failed,
            answers=tuple(answers),
        )
    return _scored(question, scored, answers=answers, ruling=round_.rulings.get(question.id), today=round_.today)


def _scored(
    question: CatalogQuestion,
    scored: Sequence[tuple[GivenAnswer, float]],
    *,
    answers: Sequence[GivenAnswer],
    ruling: Ruling | None,
    today: date,
) -> QuestionResult:
    by_type: dict[str, list[float]] = {}
    for answer, given in scored:
        by_type.setdefault(answer.respondent.kind, []).append(given)
    of_types, joint, agreed = type_scores(by_type), joint_score(by_type), agreement(by_type)
    is_core = question.criticality == "core"
    carried = reliability((piece for answer, _ in scored for piece in answer.evidence), today=today)
    fresh = _freshness([answer for answer, _ in scored], question=question, today=today)
    score = joint if ruling is None else ruling.score
    return QuestionResult(
        id=question.id,
        action=question.action,
        weight=float(question.weight),
        is_core=is_core,
        state="unknown" if score is None else "answered",
        answers=tuple(answers),
        score=score,
        joint_score=joint,
        type_scores=of_types,
        withheld=_withheld([answer for answer, _ in scored]),
        ruling=ruling,
        agreement=agreed,
        reliability=carried,
        freshness=fresh,
        confidence=0.0 if score is None else carried * fresh * agreed,
        cautious=cautious_score(
            score, lowest_type_score=min(of_types.values()), best_evidence=carried, n_types=len(of_types), is_core=is_core
        ),
    )


def _freshness(answers: Sequence[GivenAnswer], *, question: CatalogQuestion, today: date) -> float:
    """Join the freshness of answers as their scores are joined, so that it weighs what each score rests on."""
    by_type: dict[str, list[float]] = {}
    for answer in answers:
        age = (today - answer.checked_on).days
        by_type.setdefault(answer.respondent.kind, []).append(freshness(age, question.ageing))
    return math.fsum(median(values) for values in by_type.values()) / len(by_type)


def _withheld(answers: Sequence[GivenAnswer]) -> tuple[str, ...]:
    """Types whose score would show what a protected respondent said: fewer than three answered, and not all agreed."""
    found = []
    for kind in dict.fromkeys(answer.respondent.kind for answer in answers):
        own = [answer for answer in answers if answer.respondent.kind == kind]
        protected = [answer for answer in own if answer.respondent.is_protected]
        if len(own) < SHOWN_FROM and not all(answer.is_shared for answer in protected):
            found.append(kind)
    return tuple(found)
