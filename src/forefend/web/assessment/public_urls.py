"""Addresses that everybody may read."""

from __future__ import annotations

from django.urls import path

from forefend.web.assessment.views import publication

urlpatterns = [path("", publication.index, name="public"), path("<int:identifier>/", publication.page, name="public-round")]
