"""Addresses of the own page, of people and institutions, and of one-time links."""

from __future__ import annotations

from django.urls import path

from forefend.web.accounts.views import coming, institutions, own, people

urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/first-steps/", own.first_steps, name="first-steps"),
    path("me/sessions/<int:pk>/end/", own.end_session, name="session-end"),
    path("people/", people.everybody, name="people"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path("people/institutions/", institutions.every, name="institutions"),
    path("people/institutions/<slug:key>/", institutions.one, name="institution"),
    path("people/<int:pk>/", people.one, name="person"),
    path("people/<int:pk>/hand-over/", people.hand_over, name="hand-over"),
    path("welcome/<str:token>/", coming.welcome, name="welcome"),
]
