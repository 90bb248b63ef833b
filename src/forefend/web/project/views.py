"""The bare address: which language a reader's browser asks for."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from forefend.web.project.preferring import preferred_language
from forefend.web.project.workbench import workbench

# What allauth offers beside what is used here: accounts come by invitation alone, an address is its account's for good, and who
# lost a password gets a new link from an administrator, so that no page tells a stranger which addresses have an account.
NOT_OFFERED = "signup|email|confirm-email|password/set|password/reset|phone|login/code|3rdparty/signup|2fa/webauthn/signup|sessions"
CLOSED = rf"^account/(?:(?:{NOT_OFFERED})(?:/.*)?|3rdparty/)$"


def closed(request: HttpRequest) -> HttpResponse:
    """Answer what is not offered as if it were not there."""
    raise Http404


def to_language(request: HttpRequest) -> HttpResponse:
    """Send the reader to the home page in the language asked for, else in that of the installation."""
    code = preferred_language(request.headers.get("Accept-Language", ""), default=workbench().settings.language)
    response = HttpResponseRedirect(f"/{code}/")
    response["Vary"] = "Accept-Language"
    return response
