"""Finds a figure again: in the pages kept in memory, else by making the page that shows it."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from forefend.errors import ForefendError
from forefend.store import Figure
from forefend.web.project.memory import kept


def figure_shown(request: HttpRequest, identifier: str, *, on: str) -> Figure | None:
    """Return a figure by id; ``on`` is the address of a page that shows it, empty when not known."""
    found = kept.figure(identifier)
    if found is not None or not on:
        return found
    return _made_again(request, on).get(identifier)


def _made_again(request: HttpRequest, path: str) -> dict[str, Figure]:
    try:
        view, args, kwargs = resolve(path)
    except Resolver404:
        return {}
    if view.__module__.startswith("forefend.web.numbers"):
        return {}
    again = HttpRequest()
    again.method, again.path, again.path_info, again.META = "GET", path, path, request.META
    again.user, again.session, again.COOKIES = request.user, request.session, request.COOKIES  # the page is made for who asks
    again.GET = QueryDict(mutable=True)
    if "for" in request.GET:
        again.GET["for"] = request.GET["for"]
    try:
        response = view(again, *args, **kwargs)
    except ForefendError:
        return {}
    figures: dict[str, Figure] = getattr(response, "figures", {})
    return figures
