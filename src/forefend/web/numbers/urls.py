"""Addresses of single numbers."""

from __future__ import annotations

from django.urls import path

from forefend.web.numbers import views

urlpatterns = [
    path("<slug:identifier>/", views.number, name="number"),
    path("<slug:identifier>.json", views.number_json, name="number-json"),
]
