"""Addresses of the record of changes."""

from __future__ import annotations

from django.urls import path

from forefend.web.audit import views

urlpatterns = [
    path("", views.log, name="audit"),
    path("export/<str:kind>/", views.export, name="audit-export"),
]
