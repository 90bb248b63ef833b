"""Addresses of the options of a state toward a country."""

from __future__ import annotations

from django.urls import path

from forefend.web.options import views

urlpatterns = [
    path("", views.targets, name="targets"),
    path("<str:name>/", views.toward, name="toward"),
]
