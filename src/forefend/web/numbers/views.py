"""A number opened: the rows it was computed from, step by step, as a page and as JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from forefend.locale import Language
from forefend.store import Figure
from forefend.web.design.page import page_of, show
from forefend.web.numbers.queries import opened_number
from forefend.web.numbers.showing import figure_shown
from forefend.web.project.memory import is_of_data_alone
from forefend.web.project.workbench import workbench


def number(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """Show a figure's inputs, row by row."""
    figure = _figure(request, lang, identifier)
    context = {"figure": figure, "opened": opened_number(workbench().store, figure), "origin": _origin(request)}
    response = show(request, "numbers/number.html", context)
    response.figures[figure.id] = figure  # type: ignore[attr-defined]
    response.is_kept = is_of_data_alone(_origin(request))  # type: ignore[attr-defined]
    return response


def number_json(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """Give a figure's whole record, inputs included."""
    figure = _figure(request, lang, identifier)
    response = JsonResponse(figure.to_dict(), json_dumps_params={"ensure_ascii": False, "indent": 1, "default": str})
    response["Content-Disposition"] = f'inline; filename="{figure.id}.json"'
    response.is_kept = is_of_data_alone(_origin(request))  # type: ignore[attr-defined]
    return response


def _figure(request: HttpRequest, lang: Language, identifier: str) -> Figure:
    figure = figure_shown(request, identifier, on=_origin(request))
    if figure is None:
        raise Http404(
            lang.gettext(
                "No page now shows the number %(id)s. Open it again from the page that shows it.", id=lang.code_text(identifier[:40])
            )
        )
    return figure


def _origin(request: HttpRequest) -> str:
    """The page a number was opened from, where the address names one of ours."""
    path = request.GET.get("of", "")
    return path if path.startswith(f"/{page_of(request).lang.code}/") and "//" not in path and len(path) < 200 else ""
