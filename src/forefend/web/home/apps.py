"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Pages under home."""

    name = "forefend.web.home"
    label = "home"
