"""Pages of the library: the catalog as it is, every entry linked both ways."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from forefend.locale import Language
from forefend.web.design.page import page_of, show
from forefend.web.library import covered, queries, words
from forefend.web.library.cards import cards
from forefend.web.library.holdings import holdings
from forefend.web.library.methods import methods_page
from forefend.web.library.queries import one_of
from forefend.web.library.taking import FORMS
from forefend.web.project.workbench import workbench


def index(request: HttpRequest, lang: Language) -> HttpResponse:
    """What the library holds."""
    return show(request, "library/index.html", {"shelves": queries.shelves(workbench().catalog, lang), "forms": FORMS})


def catalog(request: HttpRequest, lang: Language, form: str) -> HttpResponse:
    """The catalog as a file for another tool."""
    from forefend.brief.render.catalog_files import catalog_file

    wanted = one_of(FORMS, form, lang)
    response = HttpResponse(catalog_file(form, workbench().catalog), content_type=wanted.media_type)
    response["Content-Disposition"] = f'attachment; filename="{wanted.file}"'
    response.is_kept = False  # type: ignore[attr-defined]
    return response


def framework(request: HttpRequest, lang: Language) -> HttpResponse:
    """The 21 actions in four spheres."""
    catalog = workbench().catalog
    return show(request, "library/framework.html", {"spheres": queries.spheres(catalog), "catalog": catalog})


def action(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """One action with its questions."""
    return show(request, "library/action.html", queries.action_page(workbench().catalog, identifier, lang))


def factors(request: HttpRequest, lang: Language) -> HttpResponse:
    """The 14 risk factors."""
    return show(request, "library/factors.html", {"groups": queries.factor_groups(workbench().catalog, lang)})


def factor(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """One risk factor with its indicators."""
    return show(request, "library/factor.html", queries.factor_page(workbench().catalog, identifier, lang))


def options(request: HttpRequest, lang: Language) -> HttpResponse:
    """All options."""
    context = {"groups": queries.option_groups(workbench().catalog, lang), "lead_times": words.LEAD_TIME, "grades": words.GRADES}
    return show(request, "library/options.html", context)


def option(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """One option with what it needs and what is known of its effect."""
    return show(request, "library/option.html", queries.option_page(workbench().catalog, identifier, lang))


def windows(request: HttpRequest, lang: Language) -> HttpResponse:
    """All windows by forum."""
    return show(
        request, "library/windows.html", {"groups": queries.window_groups(workbench().catalog, lang), "date_words": words.DATE_CONFIDENCE}
    )


def glossary(request: HttpRequest, lang: Language) -> HttpResponse:
    """Terms of the field."""
    return show(request, "library/glossary.html", {"terms": workbench().catalog.terms.values()})


def sources(request: HttpRequest, lang: Language) -> HttpResponse:
    """Every source: licence, grade, and how fresh what is loaded is."""
    bench = workbench()
    return show(request, "library/sources.html", {"sources": holdings(bench.store, today=bench.today)})


def coverage(request: HttpRequest, lang: Language) -> HttpResponse:
    """What public data can say, by action and risk factor."""
    return show(request, "library/coverage.html", covered.overview(page_of(request)))


def coverage_of(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """One action or risk factor: every series that speaks to it."""
    catalog = workbench().catalog
    holder = queries.one_of({**catalog.actions, **catalog.risk_factors}, identifier, lang)
    return show(request, "library/coverage_of.html", covered.group(page_of(request), holder.id))


def methods(request: HttpRequest, lang: Language) -> HttpResponse:
    """How numbers are made, and how well the forecasts did."""
    bench = workbench()
    return show(request, "library/methods.html", methods_page(bench.store, bench.catalog, today=bench.today))


def card(request: HttpRequest, lang: Language, identifier: str) -> HttpResponse:
    """One model's card: what it learns from, its measured accuracy, and where it fails."""
    return show(request, "library/card.html", {"card": queries.one_of(cards(), identifier, lang)})
