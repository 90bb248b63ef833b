"""Search by name, code or word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.page import page_of, show
from forefend.web.search.queries import found

LONGEST = 100


def search(request: HttpRequest, lang: Language) -> HttpResponse:
    """Show what a text leads to; the page is not kept, as every text makes another one."""
    text = request.GET.get("q", "")[:LONGEST].strip()
    groups, refusal = found(page_of(request), text)
    context = {"text": text, "groups": groups, "refusal": refusal, "n_found": sum(len(g.hits) for g in groups)}
    response = show(request, "search/search.html", context)
    response.is_kept = False  # type: ignore[attr-defined]
    return response
