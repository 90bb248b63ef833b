"""Address of the outlook."""

from __future__ import annotations

from django.urls import path

from forefend.web.outlook import views

urlpatterns = [path("", views.outlook, name="outlook")]
