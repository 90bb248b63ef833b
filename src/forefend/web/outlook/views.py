"""The world, by map and table; how forecasts did; and the signals that stand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.page import page_of, show
from forefend.web.outlook import queries, standing
from forefend.web.outlook.record import record_page
from forefend.web.outlook.table import table_csv


def outlook(request: HttpRequest, lang: Language) -> HttpResponse:
    """Deaths in one-sided violence and the chance of a new mass killing, for every country."""
    given = request.GET
    found = queries.outlook(page_of(request), sort=given.get("sort", ""), order=given.get("order", ""), is_all=given.get("rows") == "all")
    return show(request, "outlook/outlook.html", found)


def outlook_csv(request: HttpRequest, lang: Language) -> HttpResponse:
    """The table as a file to keep."""
    page = page_of(request)
    response = HttpResponse(table_csv(page), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="outlook-{page.bench.today.isoformat()}.csv"'
    return response


def record(request: HttpRequest, lang: Language) -> HttpResponse:
    """Every issued forecast, and how it did."""
    return show(request, "outlook/record.html", record_page(page_of(request)))


def signals(request: HttpRequest, lang: Language) -> HttpResponse:
    """Every signal that stands, with the numbers that fired it."""
    return show(request, "outlook/signals.html", standing.signals_page(page_of(request)))
