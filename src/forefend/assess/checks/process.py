"""Checks of the process: stages, deadlines, who was asked, who reviewed whom, and what the state profile rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forefend.assess.answers import ConditionFact
from forefend.assess.checks.registry import At, Seen, check
from forefend.assess.question_results import STATE
from forefend.assess.transitions import HANDED_IN, REVIEWED
from forefend.locale import N_


@check(
    "process.settled_with_open_requests",
    severity="stops",
    title=N_("Settled with open requests for change"),
    sentence=N_("The round is settled, but requests for change on %(question)s are open (%(count)s). Close them, or return the round."),
)
def settled_with_open_requests(seen: Seen) -> Iterator[At]:
    """A request that nobody closed was not heard."""
    if seen.round.stage in REVIEWED:
        yield from (At(answer=given, params={"count": given.open_requests}) for given in seen.answers if given.open_requests)


@check(
    "process.open_requests",
    severity="warns",
    title=N_("Open requests for change"),
    sentence=N_("The reviewer waits for a change by %(institution)s to %(question)s."),
)
def open_requests(seen: Seen) -> Iterator[At]:
    """While the round is open they are work, not an error."""
    if seen.round.stage not in REVIEWED:
        yield from (At(answer=given) for given in seen.answers if given.open_requests)


@check(
    "process.reviewed_by_its_author",
    severity="stops",
    title=N_("Reviewed by its author"),
    sentence=N_("The answer of %(institution)s to %(question)s was reviewed by the person who gave it. Have another person review it."),
)
def reviewed_by_its_author(seen: Seen) -> Iterator[At]:
    """Two pairs of eyes."""
    yield from (At(answer=given) for given in seen.answers if given.reviewed_by and given.reviewed_by == given.given_by)


@check(
    "process.core_not_asked",
    severity="warns",
    title=N_("A core question that nobody was asked"),
    sentence=N_("The core question %(question)s is assigned to no institution. Assign it."),
)
def core_not_asked(seen: Seen) -> Iterator[At]:
    """It can only stay open."""
    for question in seen.asked:
        if question.is_core and not seen.round.asked.get(question.id) and not question.answers:
            yield At(question=question.id)


@check(
    "process.asked_of_one",
    severity="asks",
    title=N_("A core question asked of one institution"),
    sentence=N_("The core question %(question)s is assigned to one institution only. Who else could answer it?"),
)
def asked_of_one(seen: Seen) -> Iterator[At]:
    """Said before the answers come, when it is easy to mend."""
    for question in seen.asked:
        if question.is_core and len(seen.round.asked.get(question.id, ())) == 1:
            yield At(question=question.id)


@check(
    "process.overdue",
    severity="warns",
    title=N_("Not handed in on time"),
    sentence=N_("%(institution)s has not handed in; days since the due date: %(days)s. Ask, move the date, or close its part."),
)
def overdue(seen: Seen) -> Iterator[At]:
    """Silence after the date needs a decision."""
    if seen.round.due is None or seen.round.today <= seen.round.due or seen.round.stage in REVIEWED:
        return
    days = (seen.round.today - seen.round.due).days
    for who, stage in seen.round.contributions.items():
        if stage not in HANDED_IN and who not in seen.round.closed:
            yield At(respondent=who, params={"days": days})


@check(
    "process.handed_in_with_holes",
    severity="asks",
    title=N_("Handed in with questions left open"),
    sentence=N_("%(institution)s has handed in and left questions without any answer (%(count)s). Was that meant?"),
)
def handed_in_with_holes(seen: Seen) -> Iterator[At]:
    """Unknown is an answer; nothing is not."""
    asked = Counter(who for question in seen.asked for who in set(seen.round.asked.get(question.id, ())))
    for who, stage in seen.round.contributions.items():
        given = {answer.question for answer in seen.by_respondent.get(who, ()) if who in seen.round.asked.get(answer.question, ())}
        left = asked[who] - len(given)
        if stage in HANDED_IN and left:
            yield At(respondent=who, params={"count": left})


@check(
    "process.closed_without_an_answer",
    severity="asks",
    title=N_("Closed before it answered"),
    sentence=N_("The part of %(institution)s was closed without a single answer. Say why in the report."),
)
def closed_without_an_answer(seen: Seen) -> Iterator[At]:
    """A reader should know who is missing."""
    yield from (At(respondent=who) for who in sorted(seen.round.closed) if not seen.by_respondent.get(who))


@check(
    "process.condition_not_confirmed",
    severity="warns",
    title=N_("A condition that is not confirmed"),
    sentence=N_("%(question)s is ruled out by a condition that lacks a source or a confirmation from outside government: %(condition)s"),
)
def condition_not_confirmed(seen: Seen) -> Iterator[At]:
    """What takes questions away needs two to say so, one of them outside government."""
    for question in seen.results.questions.values():
        for condition in question.failed_conditions:
            fact = seen.round.condition_facts.get(condition, ConditionFact())
            if not fact.source.strip() or STATE not in fact.confirmed_by or not set(fact.confirmed_by) - {STATE}:
                yield At(question=question.id, params={"condition": _condition(seen, condition)})


@check(
    "process.condition_not_set",
    severity="asks",
    title=N_("A condition nobody has settled"),
    sentence=N_(
        "Nobody has settled whether this holds for the state, so the questions that depend on it (%(count)s) are asked: %(condition)s"
    ),
)
def condition_not_set(seen: Seen) -> Iterator[At]:
    """Unset counts as true."""
    concerned: dict[str, int] = {}
    for question in seen.results.questions:
        for condition in seen.question(question).applies_if:
            if condition not in seen.round.conditions:
                concerned[condition] = concerned.get(condition, 0) + 1
    yield from (At(params={"condition": _condition(seen, known), "count": count}) for known, count in concerned.items())


def _condition(seen: Seen, identifier: str) -> str:
    known = seen.round.catalog.conditions.get(identifier)
    return known.title if known else identifier
