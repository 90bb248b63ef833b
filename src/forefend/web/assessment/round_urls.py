"""Addresses of rounds."""

from __future__ import annotations

from django.urls import path

from forefend.web.assessment.views import answering, changing, conditions, institutions, judging, publication, question, results, rounds

urlpatterns = [
    path("", rounds.index, name="rounds"),
    path("new/", rounds.new, name="round-new"),
    path("practice/", rounds.practice, name="round-practice"),
    path("<int:identifier>/", results.overview, name="round"),
    path("<int:identifier>/stage/", rounds.stage, name="round-stage"),
    path("<int:identifier>/dates/", changing.dates, name="round-dates"),
    path("<int:identifier>/carry/", changing.carry, name="round-carry"),
    path("<int:identifier>/fresh/", changing.fresh, name="round-fresh"),
    path("<int:identifier>/actions/<str:action>/", results.action, name="round-action"),
    path("<int:identifier>/opportunities/", results.opportunities, name="round-opportunities"),
    path("<int:identifier>/opportunities/<str:option>/", judging.page, name="round-judge"),
    path("<int:identifier>/reconcile/", results.reconcile, name="round-reconcile"),
    path("<int:identifier>/checks/", results.checks, name="round-checks"),
    path("<int:identifier>/compare/", results.comparison, name="round-compare"),
    path("<int:identifier>/institutions/", institutions.index, name="round-institutions"),
    path("<int:identifier>/institutions/<int:part>/", institutions.part, name="round-part"),
    path("<int:identifier>/conditions/", conditions.index, name="round-conditions"),
    path("<int:identifier>/questions/<str:question>/", question.page, name="round-question"),
    path("<int:identifier>/answer/", answering.index, name="answering"),
    path("<int:identifier>/answer/<str:question>/", answering.page, name="answer"),
    path("<int:identifier>/answer/<str:question>/save/", answering.save, name="answer-save"),
    path("<int:identifier>/public/", publication.choose, name="round-public"),
]
