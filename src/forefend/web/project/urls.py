"""Addresses: everything stands under the code of a language."""

from __future__ import annotations

from django.urls import include, path, re_path, register_converter

from forefend.web.project.converters import LanguageCode
from forefend.web.project.errors import bad_request, broken, not_found
from forefend.web.project.views import CLOSED, closed, to_language

register_converter(LanguageCode, "lang")

urlpatterns = [
    path("", to_language),
    re_path(CLOSED, closed),
    path("account/", include("allauth.urls")),
    path(
        "<lang:lang>/",
        include(
            [
                path("", include("forefend.web.home.urls")),
                path("", include("forefend.web.accounts.urls")),
                path("audit/", include("forefend.web.audit.urls")),
                path("outlook/", include("forefend.web.outlook.urls")),
                path("country/", include("forefend.web.countries.urls")),
                path("assessment/", include("forefend.web.assessment.urls")),
                path("evidence/", include("forefend.web.evidence.urls")),
                path("rounds/", include("forefend.web.assessment.round_urls")),
                path("rounds/", include("forefend.web.exchange.urls")),
                path("public/", include("forefend.web.assessment.public_urls")),
                path("options/", include("forefend.web.options.urls")),
                path("library/", include("forefend.web.library.urls")),
                path("search/", include("forefend.web.search.urls")),
                path("number/", include("forefend.web.numbers.urls")),
            ]
        ),
    ),
]

handler400 = bad_request
handler404 = not_found
handler500 = broken
