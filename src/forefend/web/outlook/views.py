"""The world, by map and table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.page import page_of, show
from forefend.web.outlook import queries


def outlook(request: HttpRequest, lang: Language) -> HttpResponse:
    """Deaths in one-sided violence and the chance of a new mass killing, for every country."""
    given = request.GET
    found = queries.outlook(page_of(request), sort=given.get("sort", ""), order=given.get("order", ""), is_all=given.get("rows") == "all")
    return show(request, "outlook/outlook.html", found)
