"""Addresses of the assessment: what public data suggest, and the rounds."""

from __future__ import annotations

from django.urls import path

from forefend.web.assessment.views import draft

urlpatterns = [
    path("", draft.overview, name="assessment"),
    path("<str:identifier>/", draft.action, name="assessment-action"),
]
