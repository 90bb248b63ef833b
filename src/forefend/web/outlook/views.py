"""The world, by map and table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.page import page_of, show
from forefend.web.outlook import queries


def outlook(request: HttpRequest, lang: Language) -> HttpResponse:
    """Deaths in one-sided violence and the chance of a new mass killing, for every country."""
    context = queries.outlook(page_of(request), sort=request.GET.get("sort", ""), order=request.GET.get("order", ""))
    return show(request, "outlook/outlook.html", context)
