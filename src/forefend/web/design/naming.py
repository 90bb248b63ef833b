"""Countries in addresses: the alpha-3 code; any other known name or code is sent there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from forefend.places import resolve
from forefend.web.design.page import page_of


def as_code(request: HttpRequest, name: str, *, route: str) -> str | HttpResponse:
    """Return the alpha-3 code, or a redirect to the address that has it; raises PlaceError for what leads nowhere."""
    iso3 = resolve(name)
    return iso3 if iso3 == name else HttpResponseRedirect(page_of(request).link(route, iso3))
