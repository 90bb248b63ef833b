"""The language of addresses that name none, such as the sign-in: asked for once, it stays; what allauth says is said in it too."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from forefend.web.design.page import page_of
from forefend.web.project.offered import OFFERED

COOKIE = "language"
WITHOUT_LANGUAGE = "/account/"


def speak(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the reader's language to the end of the request."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(WITHOUT_LANGUAGE):
            return get_response(request)
        with translation.override(page_of(request).lang.code):
            response = get_response(request)
        asked = request.GET.get("lang", "")
        if asked in OFFERED:
            response.set_cookie(COOKIE, asked, httponly=True, samesite="Lax", secure=request.is_secure())
        return response

    return answer
