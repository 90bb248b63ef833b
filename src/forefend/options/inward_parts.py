"""The five components of an option at home, each known, or shown by both ends with what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from forefend.assess.question_results import QuestionResult
from forefend.assess.results import RoundResults, question_gap
from forefend.catalog import Catalog
from forefend.catalog.model import Option
from forefend.locale import N_
from forefend.options.channels import CHANNELS
from forefend.options.judgements import TIME_FITS, Judgement, acceptability_of
from forefend.options.match import EVIDENCE, OptionMatch
from forefend.options.priority import Part, cost_of, known, leverage_of, mean_of, missing
from forefend.options.windows import WindowDate

LEAD_DAYS = {"days": 7, "weeks": 60, "months": 365}  # the longest that each of the catalog's lead times still means
ASSUMED_LEVER = 0.8  # upper end for a lever of which nobody knows whether it is held


def inward_parts(
    match: OptionMatch, *, questions: Sequence[QuestionResult], judgement: Judgement, own: Sequence[WindowDate], today: date
) -> tuple[Part, ...]:
    """Return gap, relevance, feasibility, leverage and evidence; ``own`` are the windows that name the option."""
    option = match.option
    return (
        _gap(questions),
        _relevance(match),
        mean_of("feasibility", (acceptability_of(judgement), _cost(option, judgement), _time_fit(option, judgement, own, today=today))),
        _leverage(match, judgement),
        known("evidence", EVIDENCE[option.evidence.grade]),
    )


def concerned(results: RoundResults, catalog: Catalog, option: Option) -> tuple[QuestionResult, ...]:
    """Return the questions of an option's actions that share a factor or indicator with it, the largest gap first."""
    found = [
        question
        for question in results.questions.values()
        if question.applies and question.action in option.actions and _shares_risk(catalog.questions[question.id].mitigates, option)
    ]
    return tuple(sorted(found, key=lambda question: -question_gap(question)))


def _shares_risk(mitigates: Sequence[str], option: Option) -> bool:
    """An indicator is shared with itself and with its whole factor."""
    return any(
        one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
        for one in mitigates
        for other in option.addresses_risk_factors
    )


def _gap(questions: Sequence[QuestionResult]) -> Part:
    if not questions:
        return missing("gap", why=N_("The round asks no question that shares a risk factor with this option."))
    worst = questions[0]
    return known("gap", question_gap(worst), why=N_("Largest cautious gap: question %(question)s"), params={"question": worst.id})


def _relevance(match: OptionMatch) -> Part:
    if match.relevance.value is None:
        return missing("relevance", why=N_("No public series measures the risks that this option lists."))
    return known("relevance", match.relevance.value)


def _cost(option: Option, judgement: Judgement) -> Part:
    return known("cost", cost_of(option.effort_level if judgement.effort is None else judgement.effort))


def _time_fit(option: Option, judgement: Judgement, own: Sequence[WindowDate], *, today: date) -> Part:
    """Whether it can take effect before the next window it is meant for; an option meant for none cannot be late."""
    if judgement.time_fit is not None:
        return known("time_fit", TIME_FITS[judgement.time_fit])
    dated = [entry.start for entry in own if entry.start and entry.start >= today]
    if dated:
        return known("time_fit", _fit(option.lead_time, days=(min(dated) - today).days))
    if own:
        return missing("time_fit", why=N_("No date is known for the window that it is meant for."))
    return known("time_fit", 1.0, why=N_("It is meant for no window and can start at any time."))


def _fit(lead_time: str, *, days: int) -> float:
    longest = LEAD_DAYS[lead_time]
    shorter = max((limit for limit in LEAD_DAYS.values() if limit < longest), default=0)
    return TIME_FITS["in_time" if days > longest else "just" if days > shorter else "first_step"]


def _leverage(match: OptionMatch, judgement: Judgement) -> Part:
    """At home access is 1. The lower end counts only levers known to be held, the upper end those nobody knows of too.

    Ties between states say nothing of a state's hold at home: no record of aid to oneself is no lack of money.
    """
    listed = match.option.leverage_types
    held = {lever.channel: min(1.0, lever.figure.value or 0.0) for lever in match.held}
    held |= {channel: strength for channel, strength in judgement.levers.items() if channel in listed}
    strengths = [strength for strength in held.values() if strength > 0]
    unrecorded = (*match.not_known, *(channel for channel in match.not_held if channel in CHANNELS))
    unknown = [channel for channel in unrecorded if channel not in held]
    has_partner = bool(judgement.partner.strip())
    low = leverage_of(strengths, listed=len(listed), has_partner=has_partner)
    if not unknown:
        return known("leverage", low)
    params = {"levers": ", ".join(unknown)}
    why = N_("Nobody has said whether the state holds: %(levers)s")
    if not strengths and not has_partner:
        return missing("leverage", why=why, params=params)
    high = leverage_of([*strengths, *(ASSUMED_LEVER for _ in unknown)], listed=len(listed), has_partner=has_partner)
    return Part(name="leverage", low=low, high=high, why=why, params=params)
