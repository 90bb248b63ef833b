"""The world, by map and table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.page import show


def outlook(request: HttpRequest, lang: Language) -> HttpResponse:
    return show(request, "outlook/outlook.html", {})
