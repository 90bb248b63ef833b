"""The workbook of an institution: taken along, filled in, sent back, looked at, taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from forefend.assess.transitions import answers_are_open
from forefend.brief.answer_rows import Problem
from forefend.errors import ForefendError, NotAllowed
from forefend.locale import Language
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Contribution
from forefend.web.assessment.reading import NOT_HERE, contributions_for, own_contribution, round_for
from forefend.web.design.page import show
from forefend.web.exchange.actions.taking_in import Outcome, take_in
from forefend.web.exchange.arriving import compare
from forefend.web.exchange.handed import hand_out
from forefend.web.exchange.views.sending import received, sentence_of, shown_of
from forefend.web.exchange.waiting import Waiting, drop
from forefend.web.exchange.workbooks import ORIGIN, read_workbook, workbook_file
from forefend.web.project.errors import said_by

KIND = "workbook"
AT_MOST = 16 * 1024 * 1024
REFUSED = 422


def index(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Take the workbook along, send it back, see what it would change, take it in."""
    part = own_contribution(request.user, round_for(request.user, identifier))
    refused, shown = "", {}
    try:
        sent = received(request, kind=KIND, about=str(part.pk), at_most=AT_MOST)
        if sent is not None:
            waiting, is_confirmed = sent
            if is_confirmed:
                _say(request, lang, _take_in(request, part, waiting))
                return HttpResponseRedirect(reverse("answering", args=[lang, part.round_id]))
            shown = _shown(request, part, waiting, lang)
    except NotAllowed:
        raise
    except ForefendError as refusal:
        refused = said_by(refusal, lang)
    context = {
        "round": part.round, "part": part, "refused": refused, "catalog": catalog_of(part.round),
        "is_open": answers_are_open(part.round.stage, part.stage) and not part.closed_because, **shown,
    }  # fmt: skip
    return show(request, "exchange/workbook.html", context, status=REFUSED if refused else 200)


@require_safe
def own(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """The workbook of the own institution."""
    return hand_out(workbook_file(own_contribution(request.user, round_for(request.user, identifier)), request.user, lang=lang))


@require_safe
def of_part(request: HttpRequest, lang: Language, identifier: int, part: int) -> HttpResponse:
    """The workbook of an institution, for who runs the round: with what was handed in, never with drafts."""
    require(request.user, COORDINATE)
    found = contributions_for(request.user, round_for(request.user, identifier)).filter(pk=part).first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return hand_out(workbook_file(found, request.user, lang=lang))


def _shown(request: HttpRequest, part: Contribution, waiting: Waiting, lang: Language) -> dict[str, Any]:
    arriving, problems = read_workbook(part, request.user, waiting.content)
    compared = compare(part, arriving, request.user)
    return shown_of(compared, lang) | {
        "token": waiting.token,
        "is_shown": True,
        "problems": [(problem.question, lang.gettext(problem.sentence, **problem.params)) for problem in _first_of_each_cell(problems)],
    }


def _take_in(request: HttpRequest, part: Contribution, waiting: Waiting) -> Outcome:
    arriving, _ = read_workbook(part, request.user, waiting.content)
    done = take_in(part=part, arriving=arriving, by=request.user, origin=ORIGIN)
    drop(waiting)
    return done


def _say(request: HttpRequest, lang: Language, done: Outcome) -> None:
    messages.success(request, sentence_of(done, lang))


def _first_of_each_cell(problems: Sequence[Problem]) -> list[Problem]:
    """Leave out what only follows from what is wrong with the same cell already."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.question, problem.cell), problem)
    return list(first.values())
