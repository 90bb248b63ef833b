"""The result of a round: every question, action and sphere, with nothing shown that the rules of publication hold back.

After section 5 of the domain guide. Figures serve a dialogue inside one state over time; nothing here ranks states.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from forefend.assess.answers import GivenAnswer, RoundAnswers
from forefend.assess.question_results import QuestionResult, question_result
from forefend.assess.scoring import PUBLISH_FROM_COVERAGE, TOP, ActionFigures, action_figures, has_limited_fit
from forefend.errors import AssessmentError

PROTECTS_FROM = 3.0  # cautious score of a question that already protects
PROTECTS_UP_TO = 0.25  # cautious gap of such an action: three quarters of the way on average
LARGE_DIFFERENCE = 2.0  # levels between state and civil society
HIGH_FROM, MODERATE_FROM = 0.6, 0.3

Fit = Literal["scored", "limited_fit", "not_applicable"]
Unpublished = Literal["", "below_coverage", "core_open", "limited_fit", "not_applicable"]
Band = Literal["high", "moderate", "low"]


@dataclass(frozen=True, kw_only=True)
class GroupResult:
    """Questions taken together. ``figures`` is None unless ``fit`` is *scored*: with limited fit a score means nothing.

    ``blocking``, ``disputed`` and ``stale`` are questions that must be listed whatever the average.
    ``figures.gap`` is None where it may not be published; ``unpublished_because`` then says why.
    """

    id: str
    fit: Fit
    questions: tuple[str, ...]
    applicable: tuple[str, ...]
    answered: tuple[str, ...]
    figures: ActionFigures | None
    blocking: tuple[str, ...]
    disputed: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def unpublished_because(self) -> Unpublished:
        """Why the observed gap is not shown; empty when it is."""
        if self.fit != "scored" or self.figures is None:
            return "not_applicable" if self.fit == "not_applicable" else "limited_fit"
        if self.figures.gap is not None:
            return ""
        return "below_coverage" if self.figures.coverage < PUBLISH_FROM_COVERAGE else "core_open"

    @property
    def protects(self) -> bool:
        """Whether it is a strength even in a cautious reader's eyes, with nothing that blocks."""
        figures = self.figures
        return figures is not None and figures.gap is not None and not self.blocking and figures.cautious_gap <= PROTECTS_UP_TO + 1e-9


@dataclass(frozen=True, kw_only=True)
class ActionResult(GroupResult):
    """One action of the Framework in a round."""

    sphere: str


@dataclass(frozen=True, kw_only=True)
class SphereResult(GroupResult):
    """One sphere over all its questions in the round's scope; ``actions`` are those it was computed from."""

    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Strengths:
    """What already protects, by the cautious figures: strengths are claimed as carefully as gaps are admitted."""

    questions: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoundResults:
    """The results of a round by id, in the order of the catalog."""

    round: str
    title: str
    state: str
    edition: str
    today: date
    questions: Mapping[str, QuestionResult]
    actions: Mapping[str, ActionResult]
    spheres: Mapping[str, SphereResult]
    strengths: Strengths

    @property
    def blocking(self) -> tuple[str, ...]:
        """Every blocking question."""
        return tuple(question.id for question in self.questions.values() if question.is_blocking)

    @property
    def disputed(self) -> tuple[str, ...]:
        """Every question that waits for a reconciliation."""
        return tuple(question.id for question in self.questions.values() if question.is_disputed)

    @property
    def differences(self) -> tuple[str, ...]:
        """Questions on which state and civil society are far apart and both may be shown, the furthest first; ruled on or not."""
        far = [
            (abs(question.shown_difference), question.id)
            for question in self.questions.values()
            if question.shown_difference is not None and abs(question.shown_difference) >= LARGE_DIFFERENCE - 1e-9
        ]
        return tuple(identifier for _, identifier in sorted(far, key=lambda found: -found[0]))

    @property
    def by_cautious_gap(self) -> tuple[ActionResult, ...]:
        """The scored actions, largest cautious gap first: the only order in which actions are listed by size."""
        scored = [(action.figures.cautious_gap, action) for action in self.actions.values() if action.figures is not None]
        return tuple(action for _, action in sorted(scored, key=lambda pair: -pair[0]))


def results(round: RoundAnswers) -> RoundResults:  # noqa: A002 - the field's word
    """Compute a round from its answers."""
    catalog, given = round.catalog, answers_by_question(round)
    unknown = [action for action in round.actions if action not in catalog.actions]
    if unknown:
        raise AssessmentError(f"The round names {', '.join(unknown)}, which its catalog does not have. Correct its scope.")
    spheres = {identifier: action.sphere for identifier, action in catalog.actions.items() if identifier in round.actions}
    found = [
        question_result(round, catalog.questions[identifier], answers=given.get(identifier, ()))
        for action in spheres
        for identifier in catalog.actions[action].questions
    ]
    blank = RoundResults(
        round=round.id,
        title=round.title,
        state=round.state,
        edition=catalog.editions.get("framework", ""),
        today=round.today,
        questions={},
        actions={},
        spheres={},
        strengths=Strengths(questions=(), actions=()),
    )
    return _filled(blank, found, spheres=spheres)


def over(found: RoundResults, questions: Iterable[QuestionResult]) -> RoundResults:
    """Return a round's results computed again over these questions alone, as a comparison of rounds needs it."""
    return _filled(found, list(questions), spheres={action.id: action.sphere for action in found.actions.values()})


def _filled(blank: RoundResults, questions: Sequence[QuestionResult], *, spheres: Mapping[str, str]) -> RoundResults:
    by_action: dict[str, list[QuestionResult]] = {}
    for question in questions:
        by_action.setdefault(question.action, []).append(question)
    actions = {
        identifier: ActionResult(sphere=sphere, **vars(_group(identifier, by_action[identifier])))
        for identifier, sphere in spheres.items()
        if identifier in by_action
    }
    within = {sphere: tuple(known for known in actions if spheres[known] == sphere) for sphere in dict.fromkeys(spheres.values())}
    return replace(
        blank,
        questions={question.id: question for question in questions},
        actions=actions,
        spheres={
            sphere: SphereResult(actions=own, **vars(_group(sphere, [question for known in own for question in by_action[known]])))
            for sphere, own in within.items()
            if own
        },
        strengths=Strengths(
            questions=tuple(question.id for question in questions if _protects(question)),
            actions=tuple(action.id for action in actions.values() if action.protects),
        ),
    )


def answers_by_question(round: RoundAnswers) -> Mapping[str, tuple[GivenAnswer, ...]]:  # noqa: A002 - the field's word
    """Group the answers; of two by one respondent to one question the one checked last counts."""
    latest: dict[tuple[str, str], GivenAnswer] = {}
    for answer in sorted(round.answers, key=lambda given: given.checked_on):
        latest[answer.question, answer.respondent.id] = answer
    grouped: dict[str, list[GivenAnswer]] = {}
    for (question, _), answer in latest.items():
        grouped.setdefault(question, []).append(answer)
    return {question: tuple(answers) for question, answers in grouped.items()}


def band(confidence: float) -> Band:
    """Return the word for a confidence."""
    if confidence >= HIGH_FROM - 1e-9:
        return "high"
    return "moderate" if confidence >= MODERATE_FROM - 1e-9 else "low"


def question_gap(question: QuestionResult) -> float:
    """Return the cautious gap of one question, 0-1; an open one is all gap."""
    return (TOP - question.cautious) / TOP


def _group(identifier: str, questions: Sequence[QuestionResult]) -> GroupResult:
    applicable = [question for question in questions if question.applies]
    weight = math.fsum(question.weight for question in applicable)
    is_limited = has_limited_fit(applicable_weight=weight, total_weight=math.fsum(question.weight for question in questions))
    fit: Fit = "not_applicable" if not applicable else "limited_fit" if is_limited else "scored"
    return GroupResult(
        id=identifier,
        fit=fit,
        questions=tuple(question.id for question in questions),
        applicable=tuple(question.id for question in applicable),
        answered=tuple(question.id for question in applicable if question.state == "answered"),
        figures=action_figures([question.as_scored() for question in applicable]) if fit == "scored" else None,
        blocking=tuple(question.id for question in applicable if question.is_blocking),
        disputed=tuple(question.id for question in applicable if question.is_disputed),
        stale=tuple(question.id for question in applicable if question.is_stale),
    )


def _protects(question: QuestionResult) -> bool:
    return question.cautious >= PROTECTS_FROM - 1e-9 and not (question.is_blocking or question.is_disputed or question.is_stale)
