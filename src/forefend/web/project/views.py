"""The bare address: which language a reader's browser asks for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from forefend.web.project.preferring import preferred_language
from forefend.web.project.workbench import workbench


def to_language(request: HttpRequest) -> HttpResponse:
    """Send the reader to the home page in the language asked for, else in that of the installation."""
    code = preferred_language(request.headers.get("Accept-Language", ""), default=workbench().settings.language)
    response = HttpResponseRedirect(f"/{code}/")
    response["Vary"] = "Accept-Language"
    return response
