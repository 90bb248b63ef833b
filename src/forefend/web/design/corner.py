"""The corner of a page that names its reader: left open when a page is made, filled for each who reads it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

OPEN = b"<!--reader-->"


def with_corner(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Fill the corner of a page; answers without one pass as they are."""
    if response.streaming or OPEN not in response.content:
        return response
    filled = render_to_string("design/corner.html", {}, request=request).strip().encode()
    response.content = response.content.replace(OPEN, filled, 1)
    return response
