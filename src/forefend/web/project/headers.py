"""What surrounds every answer: only reading is allowed, and browsers are told to keep the page to itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

Answer = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD")


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


def only_reading(get_response: Answer) -> Answer:
    """Answer 405 to everything but GET and HEAD: the workbench changes nothing."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        return get_response(request)

    return answer
