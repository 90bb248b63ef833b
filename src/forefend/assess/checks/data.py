"""Checks of answers against public data and against the round before."""

from __future__ import annotations

from collections.abc import Iterator

from forefend.assess.checks.registry import At, Seen, check
from forefend.assess.evidence import counting
from forefend.locale import N_

CONTRADICTS_FROM = 2.0  # levels
FOLLOWS_FROM = 10  # answers with a suggestion
FOLLOWS_SHARE = 0.9
JUMP = 2.0


@check(
    "data.contradicts",
    severity="warns",
    title=N_("The data contradict the answer"),
    sentence=N_("%(institution)s gives %(question)s level %(given)s where public data suggest %(suggested)s. Look at both together."),
)
def contradicts(seen: Seen) -> Iterator[At]:
    """Data may be wrong, and so may an answer."""
    for given in seen.answers:
        score = seen.score(given)
        if score is not None and given.suggested is not None and abs(score - given.suggested) >= CONTRADICTS_FROM - 1e-9:
            yield At(answer=given, params={"given": round(score, 1), "suggested": round(given.suggested, 1)})


@check(
    "data.departs_without_reason",
    severity="warns",
    title=N_("Departs from the data without a reason"),
    sentence=N_("%(institution)s departs from the level that public data suggest for %(question)s and gives no reason. Ask for it."),
)
def departs_without_reason(seen: Seen) -> Iterator[At]:
    """A level apart, or more, wants a word."""
    for given in seen.answers:
        score = seen.score(given)
        if score is None or given.suggested is None or given.departs_because.strip():
            continue
        if abs(score - given.suggested) >= 1 - 1e-9:
            yield At(answer=given)


@check(
    "data.taken_over_and_changed",
    severity="asks",
    title=N_("Taken over, and yet different"),
    sentence=N_(
        "The answer of %(institution)s to %(question)s is marked as taken over from the data, but differs from them. Which is right?"
    ),
)
def taken_over_and_changed(seen: Seen) -> Iterator[At]:
    """The mark outlived the answer."""
    for given in seen.answers:
        score = seen.score(given)
        if given.is_taken_over and score is not None and (given.suggested is None or abs(score - given.suggested) > 1e-9):
            yield At(answer=given)


@check(
    "data.follows_always",
    severity="asks",
    title=N_("Every suggestion taken over"),
    sentence=N_("%(institution)s took over %(count)s of %(total)s suggestions as they stood. Did it add what it knows?"),
)
def follows_always(seen: Seen) -> Iterator[At]:
    """Public data are the view from outside; the question was for the view from inside."""
    for given in seen.by_respondent.values():
        suggested = [one for one in given if one.suggested is not None]
        count = sum(one.is_taken_over for one in suggested)
        if len(suggested) >= FOLLOWS_FROM and count >= FOLLOWS_SHARE * len(suggested):
            yield At(respondent=given[0].respondent.id, params={"count": count, "total": len(suggested)})


@check(
    "data.rests_on_data_alone",
    severity="asks",
    title=N_("A core question that rests on public data alone"),
    sentence=N_("The core question %(question)s rests on public data alone: all answers were taken over, with no evidence of their own."),
)
def rests_on_data_alone(seen: Seen) -> Iterator[At]:
    """One source, whoever repeats it."""
    for question in seen.asked:
        scored = [given for given in question.answers if seen.score(given) is not None]
        if question.is_core and scored and all(given.is_taken_over and not given.evidence for given in scored):
            yield At(question=question.id)


@check(
    "data.jump_without_new_evidence",
    severity="warns",
    title=N_("Much better than before, with nothing new to show"),
    sentence=N_("%(question)s rose by %(levels)s levels since the last round, with no evidence dated after it. What has changed?"),
)
def jump_without_new_evidence(seen: Seen) -> Iterator[At]:
    """Two levels in one round leave a trace."""
    for question in seen.asked:
        rise = _rise(seen, question.id)
        if rise < JUMP - 1e-9 or seen.previous is None:
            continue
        pieces = counting((piece for given in question.answers for piece in given.evidence), today=seen.round.today)
        if not any(piece.dated and piece.dated > seen.previous.today for piece in pieces):
            yield At(question=question.id, params={"levels": round(rise, 1)})


@check(
    "data.answered_no_more",
    severity="asks",
    title=N_("Answered before, open now"),
    sentence=N_("%(question)s had a level in the last round and has none now. Does nobody know any more?"),
)
def answered_no_more(seen: Seen) -> Iterator[At]:
    """Unknown is the easiest way to lose a bad level."""
    for question in seen.asked:
        before = seen.previous.questions.get(question.id) if seen.previous else None
        if before is not None and before.score is not None and question.score is None:
            yield At(question=question.id)


@check(
    "data.lowest_view_gone",
    severity="warns",
    title=N_("The lowest view of last time is gone"),
    sentence=N_("Those who gave %(question)s its lowest level in the last round give none now. Ask whether their view has changed."),
)
def lowest_view_gone(seen: Seen) -> Iterator[At]:
    """A question stays answered when one voice falls silent, and looks better for it. Nobody is named: it may be a protected one."""
    for question in seen.asked:
        before = seen.previous.questions.get(question.id) if seen.previous else None
        if before is None or question.score is None:
            continue
        lowest = min(before.type_scores, key=lambda kind: before.type_scores[kind], default="")
        if len(before.type_scores) > 1 and lowest not in question.type_scores:
            yield At(question=question.id)


@check(
    "data.condition_fell",
    severity="warns",
    title=N_("A question that applied before"),
    sentence=N_("%(question)s applied in the last round and is ruled out now. Check the state profile."),
)
def condition_fell(seen: Seen) -> Iterator[At]:
    """A gap can also be lost by a condition."""
    for question in seen.results.questions.values():
        before = seen.previous.questions.get(question.id) if seen.previous else None
        if before is not None and before.applies and not question.applies:
            yield At(question=question.id)


def _rise(seen: Seen, identifier: str) -> float:
    before = seen.previous.questions.get(identifier) if seen.previous else None
    now = seen.results.questions[identifier]
    return now.score - before.score if before is not None and before.score is not None and now.score is not None else 0.0
