"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class CountriesConfig(AppConfig):
    """Pages under countries."""

    name = "forefend.web.countries"
    label = "countries"
