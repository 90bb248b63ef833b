"""What public data suggest for a state's self-assessment. Nothing is entered here: data draft, people decide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.assessment import queries
from forefend.web.design.page import page_of, show
from forefend.web.library.queries import one_of


def overview(request: HttpRequest, lang: Language) -> HttpResponse:
    """The 21 actions of a state."""
    page = page_of(request)
    if not page.state:
        return show(request, "assessment/no_state.html", {})
    return show(request, "assessment/overview.html", queries.overview(page))


def action(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """One action: each question with its anchors and what data suggest for it."""
    page = page_of(request)
    wanted = one_of(page.bench.catalog.actions, identifier, lang)
    if not page.state:
        return show(request, "assessment/no_state.html", {"action": wanted})
    return show(request, "assessment/action.html", queries.action_page(page, wanted))
