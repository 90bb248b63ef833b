"""Two rounds of one state, question by question: what rose, fell, became stale, was answered for the first time.

Figures of both rounds are computed again over the questions that both asked and that applied in both, with
the later round's weights, before any trend is shown; a trend is that of the cautious gap (domain guide, section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from forefend.assess.question_results import QuestionResult
from forefend.assess.results import GroupResult, RoundResults, over
from forefend.errors import AssessmentError
from forefend.locale import N_

Change = Literal[
    "rose", "fell", "unchanged", "first_answered", "no_longer_answered", "open_still", "came_to_apply", "no_longer_applies",
    "only_before", "only_now",
]  # fmt: skip
CHANGES: Mapping[Change, str] = {
    "rose": N_("Rose"),
    "fell": N_("Fell"),
    "unchanged": N_("Unchanged"),
    "first_answered": N_("Answered for the first time"),
    "no_longer_answered": N_("No longer answered"),
    "open_still": N_("Still open"),
    "came_to_apply": N_("Applies now"),
    "no_longer_applies": N_("No longer applies"),
    "only_before": N_("Asked only before"),
    "only_now": N_("Asked only now"),
}


@dataclass(frozen=True, kw_only=True)
class QuestionChange:
    """One question in two rounds. ``became_stale`` and ``was_refreshed`` stand beside the change of the score."""

    id: str
    action: str
    change: Change
    before: QuestionResult | None
    now: QuestionResult | None

    @property
    def became_stale(self) -> bool:
        """Whether age has taken half of an answer's value since."""
        return self.now is not None and self.now.is_stale and not (self.before is not None and self.before.is_stale)

    @property
    def was_refreshed(self) -> bool:
        """Whether a stale answer was checked again."""
        return (
            self.before is not None
            and self.before.is_stale
            and self.now is not None
            and self.now.score is not None
            and not self.now.is_stale
        )

    @property
    def difference(self) -> float | None:
        """Score now less score before; None unless both rounds have one."""
        if self.before is None or self.now is None or self.before.score is None or self.now.score is None:
            return None
        return self.now.score - self.before.score


@dataclass(frozen=True, kw_only=True)
class GroupChange:
    """An action or sphere in two rounds, both computed over their common questions."""

    id: str
    before: GroupResult
    now: GroupResult

    @property
    def cautious_gap(self) -> float | None:
        """Change of the cautious gap, the only trend shown; below 0 it became smaller. None where either has no score."""
        if self.before.figures is None or self.now.figures is None:
            return None
        return self.now.figures.cautious_gap - self.before.figures.cautious_gap

    @property
    def no_longer_blocking(self) -> tuple[str, ...]:
        """Questions that blocked before and do not now."""
        return tuple(question for question in self.before.blocking if question not in self.now.blocking)

    @property
    def newly_blocking(self) -> tuple[str, ...]:
        """Questions that block now and did not before."""
        return tuple(question for question in self.now.blocking if question not in self.before.blocking)


@dataclass(frozen=True, kw_only=True)
class RoundComparison:
    """Two rounds side by side. ``common`` are the questions that the figures of both were computed over."""

    before: RoundResults
    now: RoundResults
    common: tuple[str, ...]
    questions: Mapping[str, QuestionChange]
    actions: Mapping[str, GroupChange]
    spheres: Mapping[str, GroupChange]

    def with_change(self, change: Change) -> tuple[str, ...]:
        """Return the questions that changed in one way."""
        return tuple(question.id for question in self.questions.values() if question.change == change)

    @property
    def became_stale(self) -> tuple[str, ...]:
        """Questions whose answers nobody has checked for too long, and that were fresh before."""
        return tuple(question.id for question in self.questions.values() if question.became_stale)


def compare(before: RoundResults, now: RoundResults, *, renamed: Mapping[str, str] | None = None) -> RoundComparison:
    """Compare two rounds; ``renamed`` gives the earlier id of questions that a newer catalog edition calls otherwise."""
    if before.state != now.state:
        raise AssessmentError("The rounds are of two states. Compare rounds of one state; nothing here ranks states.")
    earlier = _as_called_now(before, renamed or {}, now=now)
    ids = [*now.questions, *(known for known in earlier if known not in now.questions)]
    questions = {known: _change(known, before=earlier.get(known), now=now.questions.get(known)) for known in ids}
    common = [known for known in now.questions if known in earlier and earlier[known].applies and now.questions[known].applies]
    was = replace(now, round=before.round, title=before.title, edition=before.edition, today=before.today)  # in the actions of now
    first = over(was, [_weighed_as(earlier[known], now.questions[known]) for known in common])
    second = over(now, [now.questions[known] for known in common])
    return RoundComparison(
        before=before,
        now=now,
        common=tuple(common),
        questions=questions,
        actions=_groups(_as_fit(first.actions, before.actions), _as_fit(second.actions, now.actions)),
        spheres=_groups(_as_fit(first.spheres, before.spheres), _as_fit(second.spheres, now.spheres)),
    )


def _as_called_now(before: RoundResults, renamed: Mapping[str, str], *, now: RoundResults) -> dict[str, QuestionResult]:
    names = {old: new for new, old in renamed.items() if new in now.questions}
    found = {}
    for known, question in before.questions.items():
        called = names.get(known, known)
        action = now.questions[called].action if called in now.questions else question.action
        found[called] = replace(question, id=called, action=action)
    return found


def _weighed_as(before: QuestionResult, now: QuestionResult) -> QuestionResult:
    return replace(before, weight=now.weight, is_core=now.is_core)


def _change(identifier: str, *, before: QuestionResult | None, now: QuestionResult | None) -> QuestionChange:
    either = now or before
    if either is None:
        raise ValueError(identifier)  # ids come from the two rounds
    return QuestionChange(id=identifier, action=either.action, change=_word(before, now), before=before, now=now)


def _word(before: QuestionResult | None, now: QuestionResult | None) -> Change:
    if before is None or now is None:
        return "only_now" if before is None else "only_before"
    if before.applies != now.applies:
        return "came_to_apply" if now.applies else "no_longer_applies"
    return _of_scores(before.score, now.score)


def _of_scores(before: float | None, now: float | None) -> Change:
    if before is None or now is None:
        if before is None and now is None:
            return "open_still"
        return "first_answered" if before is None else "no_longer_answered"
    if abs(now - before) < 1e-9:
        return "unchanged"
    return "rose" if now > before else "fell"


def _as_fit(common: Mapping[str, GroupResult], whole: Mapping[str, GroupResult]) -> dict[str, GroupResult]:
    """Take the figures from what has limited fit as a whole: common questions alone would give it a score it has not."""
    return {
        known: replace(group, fit=whole[known].fit, figures=None) if known in whole and whole[known].fit != "scored" else group
        for known, group in common.items()
    }


def _groups(before: Mapping[str, GroupResult], now: Mapping[str, GroupResult]) -> dict[str, GroupChange]:
    return {known: GroupChange(id=known, before=before[known], now=group) for known, group in now.items() if known in before}
