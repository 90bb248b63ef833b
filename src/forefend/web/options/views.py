"""What a state holds over a country and what it can do, every component by itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.naming import as_code
from forefend.web.design.page import page_of, show
from forefend.web.options import queries


def targets(request: HttpRequest, lang: Language) -> HttpResponse:
    """The choice of a country."""
    return show(request, "options/targets.html", {"regions": queries.regions(page_of(request))})


def toward(request: HttpRequest, lang: Language, name: str) -> HttpResponse:
    """Leverage and options of the chosen state toward a country."""
    target = as_code(request, name, route="toward")
    if isinstance(target, HttpResponse):
        return target
    page = page_of(request)
    if not page.state:
        return show(request, "options/no_actor.html", {"target": target})
    return show(request, "options/toward.html", queries.toward(page, target))
