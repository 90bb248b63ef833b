"""Addresses of a country and its brief."""

from __future__ import annotations

from django.urls import path

from forefend.web.countries import views

urlpatterns = [
    path("<str:name>/", views.country, name="country"),
    path("<str:name>/brief.<slug:form>", views.brief, name="brief"),
]
