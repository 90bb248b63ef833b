"""Checks of answers: what is open, what cannot be scored, and patterns that no careful respondent leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forefend.assess.checks.registry import At, Seen, check
from forefend.locale import N_

SAME_FROM = 10  # answers of one institution, so that a pattern is one
SAME_SHARE = 0.8
UNKNOWN_FROM = 4
EXTREMES = (0.0, 4.0)
NOT_A_SCORE = ("unknown", "not_applicable")


@check(
    "answers.core_unknown",
    severity="warns",
    title=N_("Core question unknown"),
    sentence=N_("Nobody can answer the core question %(question)s, so %(action)s shows a range only. Ask who could know."),
)
def core_unknown(seen: Seen) -> Iterator[At]:
    """A core question that cannot be known is a gap by itself."""
    yield from (At(question=question.id) for question in seen.asked if question.is_core and question.state == "unknown")


@check(
    "answers.core_unanswered",
    severity="warns",
    title=N_("Core question not answered"),
    sentence=N_("The core question %(question)s has no answer yet, so the gap of %(action)s cannot be published."),
)
def core_unanswered(seen: Seen) -> Iterator[At]:
    """It holds back the publication of the whole action."""
    yield from (At(question=question.id) for question in seen.asked if question.is_core and question.state == "unanswered")


@check(
    "answers.not_applicable_by_hand",
    severity="warns",
    title=N_("Not applicable, entered by hand"),
    sentence=N_("%(institution)s calls %(question)s not applicable, but its conditions hold, so it counts as unknown. Answer it."),
)
def not_applicable_by_hand(seen: Seen) -> Iterator[At]:
    """Lack of a law, body or will is a gap, never a reason."""
    yield from (At(answer=given) for given in seen.answers if given.kind == "not_applicable")


@check(
    "answers.no_score",
    severity="stops",
    title=N_("An answer that cannot be scored"),
    sentence=N_(
        "The answer of %(institution)s to %(question)s cannot be scored. Enter a level from 0 to 4, or what the question asks for."
    ),
)
def no_score(seen: Seen) -> Iterator[At]:
    """It looks like an answer and counts as none."""
    yield from (At(answer=given) for given in seen.answers if given.kind not in NOT_A_SCORE and seen.score(given) is None)


@check(
    "answers.extreme_without_comment",
    severity="asks",
    title=N_("Lowest or highest level without a word"),
    sentence=N_("%(institution)s gives %(question)s the lowest or highest level and says nothing. What is it seen by?"),
)
def extreme_without_comment(seen: Seen) -> Iterator[At]:
    """The ends of the scale claim most."""
    yield from (At(answer=given) for given in seen.answers if seen.score(given) in EXTREMES and not given.comment.strip())


@check(
    "answers.all_the_same",
    severity="asks",
    title=N_("The same level nearly everywhere"),
    sentence=N_("%(institution)s gives the same level to %(count)s of %(total)s questions. Were the anchors read for each?"),
)
def all_the_same(seen: Seen) -> Iterator[At]:
    """Questions differ more than that."""
    for given in seen.by_respondent.values():
        scores = [score for one in given if (score := seen.score(one)) is not None]
        (_, count), *_ = Counter(scores).most_common(1) or [(0.0, 0)]
        if len(scores) >= SAME_FROM and count >= SAME_SHARE * len(scores):
            yield At(respondent=given[0].respondent.id, params={"count": count, "total": len(scores)})


@check(
    "answers.mostly_unknown",
    severity="asks",
    title=N_("An institution that mostly cannot know"),
    sentence=N_("%(institution)s cannot know %(count)s of its %(total)s questions. Who should be asked instead?"),
)
def mostly_unknown(seen: Seen) -> Iterator[At]:
    """Questions went to the wrong door."""
    for given in seen.by_respondent.values():
        count = sum(one.kind in NOT_A_SCORE for one in given)
        if len(given) >= UNKNOWN_FROM and count * 2 > len(given):
            yield At(respondent=given[0].respondent.id, params={"count": count, "total": len(given)})


@check(
    "answers.outside_the_round",
    severity="warns",
    title=N_("An answer outside the round"),
    sentence=N_("%(institution)s answers %(question)s, which this round does not ask. It is kept, and counts nowhere."),
)
def outside_the_round(seen: Seen) -> Iterator[At]:
    """Kept, so that nothing is lost when the scope changes."""
    yield from (At(answer=given) for given in seen.round.answers if given.question not in seen.results.questions)


@check(
    "answers.although_not_applicable",
    severity="asks",
    title=N_("An answer where nothing applies"),
    sentence=N_("%(institution)s answers %(question)s, which the state profile rules out. Is the profile right?"),
)
def although_not_applicable(seen: Seen) -> Iterator[At]:
    """Somebody knows of what the profile says is not there."""
    for given in seen.round.answers:
        question = seen.results.questions.get(given.question)
        if question is not None and not question.applies and seen.score(given) is not None:
            yield At(answer=given)


@check(
    "answers.twice",
    severity="stops",
    title=N_("Two answers by one institution"),
    sentence=N_("%(institution)s answers %(question)s twice; the one checked last counts. Keep one."),
)
def twice(seen: Seen) -> Iterator[At]:
    """One voice each."""
    counted = Counter((given.question, given.respondent.id) for given in seen.answers)
    first = {(given.question, given.respondent.id): given for given in reversed(seen.answers)}
    yield from (At(answer=first[key]) for key, count in counted.items() if count > 1)


@check(
    "answers.stale",
    severity="warns",
    title=N_("An answer is older than its half-life"),
    sentence=N_("The answers to %(question)s have lost half of their value to age. Ask for them to be checked again."),
)
def stale(seen: Seen) -> Iterator[At]:
    """By the day they were last checked."""
    yield from (At(question=question.id) for question in seen.asked if question.is_stale)


@check(
    "answers.checked_ahead",
    severity="stops",
    title=N_("An answer checked in the future"),
    sentence=N_("The answer of %(institution)s to %(question)s says that it was checked after today. Correct the day."),
)
def checked_ahead(seen: Seen) -> Iterator[At]:
    """It would stay fresh too long."""
    yield from (At(answer=given) for given in seen.answers if given.checked_on > seen.round.today)


@check(
    "answers.nothing_to_improve",
    severity="asks",
    title=N_("An action with nothing to improve"),
    sentence=N_("Every question of %(action)s is at level 4. What would an outsider say?"),
)
def nothing_to_improve(seen: Seen) -> Iterator[At]:
    """Possible, and rare."""
    for action in seen.results.actions.values():
        scores = [seen.results.questions[question].score for question in action.answered]
        if len(scores) > 1 and len(scores) == len(action.applicable) and all(score == 4 for score in scores):
            yield At(action=action.id)
