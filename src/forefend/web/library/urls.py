"""Addresses of the library."""

from __future__ import annotations

from django.urls import path

from forefend.web.library import views

urlpatterns = [
    path("", views.index, name="library"),
    path("framework/", views.framework, name="framework"),
    path("framework/<str:identifier>/", views.action, name="action"),
    path("risk-factors/", views.factors, name="factors"),
    path("risk-factors/<str:identifier>/", views.factor, name="factor"),
    path("options/", views.options, name="options"),
    path("options/<str:identifier>/", views.option, name="option"),
    path("windows/", views.windows, name="windows"),
    path("glossary/", views.glossary, name="glossary"),
    path("sources/", views.sources, name="sources"),
    path("coverage/", views.coverage, name="coverage"),
    path("coverage/<str:identifier>/", views.coverage_of, name="coverage-of"),
    path("catalog.<str:form>", views.catalog, name="catalog"),
    path("methods/", views.methods, name="methods"),
    path("methods/<slug:identifier>/", views.card, name="card"),
]
