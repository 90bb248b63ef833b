"""Addresses of the assessment."""

from __future__ import annotations

from django.urls import path

from forefend.web.assessment import views

urlpatterns = [
    path("", views.overview, name="assessment"),
    path("<str:identifier>/", views.action, name="assessment-action"),
]
