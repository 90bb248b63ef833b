"""What surrounds every answer: browsers are told to keep the page to itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def add_headers(get_response: Answer) -> Answer:
    """Add the headers Django and django-csp do not set."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        # Pages hold what a ministry looks at: the browser may keep them for this visit, no proxy may.
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    return answer
