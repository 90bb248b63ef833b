"""One country: what is known, what may come, and its brief."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.naming import as_code
from forefend.web.design.page import show


def country(request: HttpRequest, lang: Language, name: str) -> HttpResponse:
    iso3 = as_code(request, name, route="country")
    if isinstance(iso3, HttpResponse):
        return iso3
    return show(request, "countries/country.html", {"iso3": iso3})


def brief(request: HttpRequest, lang: Language, name: str, form: str) -> HttpResponse:
    return HttpResponse("")
