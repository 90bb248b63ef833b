"""Addresses of what goes out of a round and comes back."""

from __future__ import annotations

from django.urls import path

from forefend.web.exchange.views import downloads, offline, workbook

urlpatterns = [
    path("<int:identifier>/take/", downloads.index, name="round-take"),
    path("<int:identifier>/workbook/", workbook.index, name="round-workbook"),
    path("<int:identifier>/workbook/answers.xlsx", workbook.own, name="round-workbook-file"),
    path("<int:identifier>/workbook/<int:part>/answers.xlsx", workbook.of_part, name="round-part-workbook"),
    path("<int:identifier>/offline/", offline.index, name="round-offline"),
    path("<int:identifier>/offline/round.forefend", offline.own, name="round-offline-file"),
    path("<int:identifier>/offline/<int:part>/round.forefend", offline.of_part, name="round-part-offline"),
    path("<int:identifier>/report.<str:ending>", downloads.report, name="round-report"),
    path("<int:identifier>/everything.zip", downloads.archive, name="round-everything"),
    path("<int:identifier>/<slug:table>.<str:ending>", downloads.table, name="round-table"),
]
