"""One country: what is known, what may come, and its brief."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from forefend.locale import Language
from forefend.web.countries.briefs import FORMS, brief_file
from forefend.web.countries.queries import country_page
from forefend.web.design.naming import as_code
from forefend.web.design.page import page_of, show


def country(request: HttpRequest, lang: Language, name: str) -> HttpResponse:
    """What is known of a country, what may come, and how past forecasts did."""
    iso3 = as_code(request, name, route="country")
    if isinstance(iso3, HttpResponse):
        return iso3
    return show(request, "countries/country.html", country_page(page_of(request), iso3))


def brief(request: HttpRequest, lang: Language, name: str, form: str) -> HttpResponse:
    """The printed brief on a country for the chosen state, as a file to keep."""
    if form not in FORMS:
        raise Http404(lang.gettext("A brief is made as pdf, html or json. Choose one on the page of the country."))
    iso3 = as_code(request, name, route="country")
    if isinstance(iso3, HttpResponse):
        return iso3
    page = page_of(request)
    if not page.state:
        return HttpResponseRedirect(page.link("states"))
    made = brief_file(page, iso3, form)
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
