"""Our state at a glance, and the choice of the state."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from forefend.locale import Language
from forefend.places import resolve
from forefend.web.design.page import page_of, show
from forefend.web.home import queries
from forefend.web.options.queries import regions


def home(request: HttpRequest, lang: Language) -> HttpResponse:
    """What a state should look at first; before a state is chosen, how to choose one."""
    page = page_of(request)
    if not page.state:
        return show(request, "home/first.html", queries.first_steps(page))
    return show(request, "home/home.html", queries.at_a_glance(page))


def states(request: HttpRequest, lang: Language) -> HttpResponse:
    """Every state, to take its view."""
    return show(request, "home/states.html", {"regions": regions(page_of(request))})


def state(request: HttpRequest, lang: Language, name: str) -> HttpResponse:
    """Take the view of a state: send the reader to its home page."""
    return HttpResponseRedirect(page_of(request).link("home", **{"for": resolve(name)}))
