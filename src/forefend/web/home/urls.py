"""Addresses of the home page and of the choice of a state."""

from __future__ import annotations

from django.urls import path

from forefend.web.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("state/", views.states, name="states"),
    path("state/<str:name>/", views.state, name="state"),
]
