"""An offline round: taken along for a machine without a network, and merged when it comes back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from forefend.assess.transitions import answers_are_open
from forefend.errors import AssessmentError, ForefendError, NotAllowed
from forefend.locale import N_, Language
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import COORDINATE
from forefend.web.assessment.editions import catalog_of
from forefend.web.assessment.models import Contribution
from forefend.web.assessment.reading import NOT_HERE, contributions_for, own_contribution, round_for
from forefend.web.design.page import show
from forefend.web.exchange.actions.taking_in import take_in
from forefend.web.exchange.arriving import compare
from forefend.web.exchange.handed import hand_out
from forefend.web.exchange.models import TakenRound
from forefend.web.exchange.offline.giving import give
from forefend.web.exchange.offline.giving_back import give_back
from forefend.web.exchange.offline.merging import ORIGIN, read_back
from forefend.web.exchange.offline.package import FILE_AT_MOST
from forefend.web.exchange.queries import taken_of
from forefend.web.exchange.views.sending import received, sentence_of, shown_of
from forefend.web.exchange.views.workbook import REFUSED
from forefend.web.exchange.waiting import Waiting, drop
from forefend.web.project.errors import said_by

KIND = "offline round"
FROM_ELSEWHERE = N_("This round was taken from another installation, so nothing is merged here. Give it back there.")


def index(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """Take the round along, or merge what comes back: see first, then take it in."""
    part = own_contribution(request.user, round_for(request.user, identifier))
    taken = taken_of(part.round)
    refused, shown = "", {}
    try:
        sent = received(request, kind=KIND, about=str(part.pk), at_most=FILE_AT_MOST)
        if sent is not None:
            if taken is not None:
                raise AssessmentError(FROM_ELSEWHERE)
            waiting, is_confirmed = sent
            if is_confirmed:
                _merge(request, part, waiting, lang)
                return HttpResponseRedirect(reverse("answering", args=[lang, part.round_id]))
            back = read_back(waiting.content, part=part)
            shown = shown_of(compare(part, back.arriving, request.user), lang) | {"token": waiting.token, "is_shown": True}
    except NotAllowed:
        raise
    except ForefendError as refusal:
        refused = said_by(refusal, lang)
    return show(request, "exchange/offline.html", _context(part, taken, refused) | shown, status=REFUSED if refused else 200)


@require_safe
def own(request: HttpRequest, lang: Language, identifier: int) -> HttpResponse:
    """The own institution's round in one file; of a taken round, what goes back."""
    part = own_contribution(request.user, round_for(request.user, identifier))
    taken = taken_of(part.round)
    return hand_out(give(part, request.user, lang=lang) if taken is None else give_back(taken, request.user))


@require_safe
def of_part(request: HttpRequest, lang: Language, identifier: int, part: int) -> HttpResponse:
    """An institution's round in one file, for who runs the round: with what was handed in, never with drafts."""
    require(request.user, COORDINATE)
    found = contributions_for(request.user, round_for(request.user, identifier)).filter(pk=part).first()
    if found is None:
        raise NotAllowed(NOT_HERE)
    return hand_out(give(found, request.user, lang=lang))


def _merge(request: HttpRequest, part: Contribution, waiting: Waiting, lang: Language) -> None:
    back = read_back(waiting.content, part=part)
    done = take_in(part=part, arriving=back.arriving, by=request.user, origin=ORIGIN, files=back.file_of)
    drop(waiting)
    messages.success(request, sentence_of(done, lang))


def _context(part: Contribution, taken: TakenRound | None, refused: str) -> dict[str, Any]:
    is_open = answers_are_open(part.round.stage, part.stage) and not part.closed_because
    return {
        "round": part.round, "part": part, "taken": taken, "refused": refused, "is_open": is_open, "catalog": catalog_of(part.round),
    }  # fmt: skip
