"""Checks of agreement: who was heard, who differs, and what a ruling did with it."""

from __future__ import annotations

from collections.abc import Iterator

from forefend.assess.checks.registry import At, Seen, check
from forefend.assess.question_results import CIVIL_SOCIETY, STATE
from forefend.assess.results import LARGE_DIFFERENCE
from forefend.locale import N_

OUTSIDE_GOVERNMENT = ("independent_bodies", "civil_society", "external")


@check(
    "agreement.one_institution",
    severity="warns",
    title=N_("All answers by one institution"),
    sentence=N_("All answers of %(action)s (%(count)s) come from %(institution)s. Ask a second institution, best outside government."),
)
def one_institution(seen: Seen) -> Iterator[At]:
    """One view is no assessment."""
    for action in seen.results.actions.values():
        given = [one for question in action.answered for one in seen.results.questions[question].answers if seen.score(one) is not None]
        if len(action.answered) > 1 and len({one.respondent.id for one in given}) == 1:
            yield At(action=action.id, respondent=given[0].respondent.id, params={"count": len(given)})


@check(
    "agreement.one_type",
    severity="asks",
    title=N_("Core question seen from one side"),
    sentence=N_("Only one type of respondent answered the core question %(question)s; a cautious reader counts at most 3. Who else knows?"),
)
def one_type(seen: Seen) -> Iterator[At]:
    """Core questions need two views."""
    yield from (At(question=question.id) for question in seen.asked if question.is_core and len(question.type_scores) == 1)


@check(
    "agreement.disputed",
    severity="warns",
    title=N_("Open disagreement"),
    sentence=N_("Respondents are two levels or more apart on %(question)s, and nobody has reconciled it. Bring them together."),
)
def disputed(seen: Seen) -> Iterator[At]:
    """Opens a task; the originals stay."""
    yield from (At(question=question.id) for question in seen.asked if question.is_disputed)


@check(
    "agreement.state_above_civil_society",
    severity="warns",
    title=N_("The state sees itself far better than civil society does"),
    sentence=N_("State respondents rate %(question)s %(levels)s levels above civil society. This is a finding; report it as one."),
)
def state_above_civil_society(seen: Seen) -> Iterator[At]:
    """Never noise, also where it was ruled on. Not said where a protected respondent's score would show."""
    for question in seen.asked:
        if question.shown_difference is not None and question.shown_difference >= LARGE_DIFFERENCE - 1e-9:
            yield At(question=question.id, params={"levels": round(question.shown_difference, 1)})


@check(
    "agreement.ruling_outside",
    severity="warns",
    title=N_("A ruling outside all answers"),
    sentence=N_("The ruling on %(question)s lies outside everything that was answered. What does it rest on?"),
)
def ruling_outside(seen: Seen) -> Iterator[At]:
    """A ruling chooses among views; it has no view of its own."""
    for question in seen.asked:
        scores = [score for given in question.answers if (score := seen.score(given)) is not None]
        ruled = question.ruling.score if question.ruling else None
        if ruled is not None and scores and not min(scores) - 1e-9 <= ruled <= max(scores) + 1e-9:
            yield At(question=question.id)


@check(
    "agreement.ruling_at_the_top",
    severity="asks",
    title=N_("A ruling for the highest view"),
    sentence=N_("The ruling on %(question)s follows the most favourable answer. Would those who differ agree with its reason?"),
)
def ruling_at_the_top(seen: Seen) -> Iterator[At]:
    """The convenient side needs the better reason."""
    for question in seen.asked:
        highest = max(question.type_scores.values(), default=0.0)
        ruled = question.ruling.score if question.ruling else None
        if ruled is not None and len(question.type_scores) > 1 and ruled >= highest > min(question.type_scores.values()):
            yield At(question=question.id)


@check(
    "agreement.ruling_without_reason",
    severity="stops",
    title=N_("A ruling without a reason"),
    sentence=N_("The ruling on %(question)s has no written reason. Write one."),
)
def ruling_without_reason(seen: Seen) -> Iterator[At]:
    """The reason is what makes it a ruling."""
    for question, ruling in seen.round.rulings.items():
        if not ruling.reason.strip():
            yield At(question=question)


@check(
    "agreement.ruling_for_nobody",
    severity="warns",
    title=N_("A ruling where nobody answered"),
    sentence=N_("There is a ruling on %(question)s, but no institution gave it a level, so it counts nowhere. Ask for an answer."),
)
def ruling_for_nobody(seen: Seen) -> Iterator[At]:
    """A coordinator reconciles answers and does not replace them."""
    for question in seen.asked:
        ruling = seen.round.rulings.get(question.id)
        if ruling is not None and question.ruling is None:
            yield At(question=question.id)


@check(
    "agreement.government_only",
    severity="warns",
    title=N_("Nobody outside government was heard"),
    sentence=N_("No institution outside government answered any question of %(action)s. Invite at least one."),
)
def government_only(seen: Seen) -> Iterator[At]:
    """A self-assessment of the state by the state alone convinces nobody."""
    for action in seen.results.actions.values():
        kinds = {kind for question in action.answered for kind in seen.results.questions[question].type_scores}
        if kinds and not kinds & set(OUTSIDE_GOVERNMENT):
            yield At(action=action.id)


@check(
    "agreement.civil_society_not_heard",
    severity="asks",
    title=N_("Civil society was asked and did not answer"),
    sentence=N_("The state answered %(question)s, civil society was asked and did not. Is it safe and easy for it to answer?"),
)
def civil_society_not_heard(seen: Seen) -> Iterator[At]:
    """Silence may have a reason."""
    for question in seen.asked:
        kinds = {seen.round.respondents[who].kind for who in seen.round.asked.get(question.id, ()) if who in seen.round.respondents}
        if CIVIL_SOCIETY in kinds and CIVIL_SOCIETY not in question.type_scores and STATE in question.type_scores:
            yield At(question=question.id)
