"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Pages under search."""

    name = "forefend.web.search"
    label = "search"
