"""One country: what is known, what may come, and its brief."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.countries.profile import profile_of
from forefend.web.design.naming import as_code
from forefend.web.design.page import page_of, show


def country(request: HttpRequest, lang: Language, name: str) -> HttpResponse:
    """What is known of a country."""
    iso3 = as_code(request, name, route="country")
    if isinstance(iso3, HttpResponse):
        return iso3
    page = page_of(request)
    return show(request, "countries/country.html", {"iso3": iso3, "profile": profile_of(page, iso3)})


def brief(request: HttpRequest, lang: Language, name: str, form: str) -> HttpResponse:
    return HttpResponse("")
