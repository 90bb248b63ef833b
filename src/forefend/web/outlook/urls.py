"""Addresses of the outlook."""

from __future__ import annotations

from django.urls import path

from forefend.web.outlook import views

urlpatterns = [
    path("", views.outlook, name="outlook"),
    path("table.csv", views.outlook_csv, name="outlook-csv"),
    path("record/", views.record, name="record"),
    path("signals/", views.signals, name="signals"),
]
