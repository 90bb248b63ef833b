"""Addresses of evidence."""

from __future__ import annotations

from django.urls import path

from forefend.web.evidence import sending, views

urlpatterns = [
    path("", views.index, name="evidence"),
    path("add/", views.add, name="evidence-add"),
    path("uploads/", sending.begin, name="evidence-uploads"),
    path("uploads/<str:token>/", sending.upload, name="evidence-upload"),
    path("<int:identifier>/", views.piece, name="evidence-piece"),
    path("<int:identifier>/details/", views.details, name="evidence-details"),
    path("<int:identifier>/version/", views.version, name="evidence-version"),
    path("<int:identifier>/withdraw/", views.withdraw, name="evidence-withdraw"),
    path("<int:identifier>/answers/<int:answer>/", views.support, name="evidence-support"),
    path("<int:identifier>/<int:number>/file/", views.file, name="evidence-file"),
]
