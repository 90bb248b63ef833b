"""Requests that are too large are refused by the length they claim, before anything of them is read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forefend.web.design.page import page_of, show
from forefend.web.evidence.files import BYTES_AT_MOST, TOO_LARGE
from forefend.web.project.offered import without_language

Answer = Callable[[HttpRequest], HttpResponse]
FORM_AROUND_IT = 1024**2
ELSEWHERE = 64 * 1024**2  # a workbook of a whole round has a tenth of this


def refuse_too_large(get_response: Answer) -> Answer:
    """Middleware that answers 413 to a request whose body is larger than any form here takes."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        at_most = BYTES_AT_MOST + FORM_AROUND_IT if without_language(request.path).startswith("evidence/") else ELSEWHERE
        if length.isdigit() and int(length) > at_most:
            sentence = page_of(request).lang.gettext(TOO_LARGE, limit=BYTES_AT_MOST // 1024**3)
            if at_most == ELSEWHERE:
                sentence = page_of(request).lang.gettext(
                    "The file is larger than %(limit)s MB. Send a smaller one.", limit=ELSEWHERE // 1024**2
                )
            return show(request, "design/refusal.html", {"status": 413, "sentence": sentence}, status=413)
        return get_response(request)

    return answer
