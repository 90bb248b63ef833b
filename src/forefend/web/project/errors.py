"""Refusals as pages: one sentence that says what is wrong and what to do, and where to go from here."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from forefend.assess.transitions import TITLES
from forefend.errors import (
    AccountError,
    AmbiguousPlace,
    AssessmentError,
    CatalogError,
    ForefendError,
    HistoricalPlace,
    NotAllowed,
    NotLoaded,
    Outdated,
    PlaceError,
    StoreBusy,
    StoreError,
)
from forefend.locale import Language, language
from forefend.web.design.page import Page, page_of, show
from forefend.web.project.offered import OFFERED
from forefend.web.project.preferring import preferred_language

NOT_THERE = (PlaceError, CatalogError, NotLoaded, NotAllowed)  # what a person may not do is answered as if it were not there
NOT_OURS = (StoreError, StoreBusy)
RETRY_SECONDS = 60
NOT_NOW = (AccountError, AssessmentError, Outdated)


class refuse_in_one_sentence:  # noqa: N801 - a middleware named like the function it stands for
    """Middleware that turns a refusal of the core into a page with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; refusals arrive in ``process_exception``. No address of ours holds a NUL, which PostgreSQL would choke on."""
        return not_found(request) if "\x00" in request.path else self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a ForefendError; leave everything else to Django."""
        if not isinstance(exception, ForefendError):
            return None
        return refused(request, exception)


def refused(request: HttpRequest, refusal: ForefendError) -> HttpResponse:
    """Make the page of a refusal."""
    page_of(request).forget_state()
    status = _status(refusal)
    if isinstance(refusal, NotAllowed):
        return not_found(request)
    candidates: tuple[str, ...] = ()
    if isinstance(refusal, AmbiguousPlace):
        candidates = refusal.candidates
    elif isinstance(refusal, HistoricalPlace):
        candidates = refusal.successors
    said = said_by(refusal, page_of(request).lang)
    shown = {"status": status, "sentence": said, "candidates": candidates, "is_said": said != str(refusal)}
    return show(request, "design/refusal.html", shown, status=status)


def said_by(refusal: ForefendError, lang: Language) -> str:
    """Return the sentence of a refusal, in the language of the page where its values stand apart; a stage in its words."""
    if not isinstance(refusal, AccountError | AssessmentError):
        return str(refusal)
    stage = TITLES.get(str(refusal.values.get("stage", "")))
    return lang.gettext(refusal.sentence, **refusal.values | ({"stage": lang.gettext(stage).lower()} if stage else {}))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere; a view's own sentence is shown, Django's list of addresses is not."""
    page_of(request).forget_state()
    said = exception.args[0] if exception is not None and exception.args else ""
    return show(request, "design/refusal.html", {"status": 404, "sentence": said if isinstance(said, str) else ""}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that no browser of ours sends; said without a page, as the host may not be ours."""
    del request, exception
    return HttpResponse(
        "This request cannot be followed. Open http://127.0.0.1 with the port that forefend start printed.\n",
        status=400,
        content_type="text/plain; charset=utf-8",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when something failed that nobody foresaw, or when the database is away."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return away(request)
    page_of(request).forget_state()
    return show(request, "design/refusal.html", {"status": 500, "sentence": ""}, status=500)


def away(request: HttpRequest) -> HttpResponse:
    """Answer without the database: who reads, and which state this is, cannot be known now."""
    code = request.path.split("/", 2)[1]
    lang = language(code if code in OFFERED else preferred_language(request.headers.get("Accept-Language", ""), default="en"))
    body = render_to_string("design/away.html", {"page": Page(lang=lang, path=request.path)})
    return HttpResponse(body, status=503, headers={"Retry-After": str(RETRY_SECONDS), "Content-Language": lang.code})


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was opened before the last sign-in, or that another site sent."""
    del reason
    sentence = page_of(request).lang.gettext(
        "This form is no longer valid. Go back, reload the page and send it again; your text is still in it."
    )
    return show(request, "design/refusal.html", {"status": 403, "sentence": sentence, "is_said": True}, status=403)


def _status(refusal: ForefendError) -> int:
    if isinstance(refusal, NOT_THERE):
        return 404
    if isinstance(refusal, NOT_NOW):
        return 409
    return 500 if isinstance(refusal, NOT_OURS) else 400
