"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class OptionsConfig(AppConfig):
    """Pages under options."""

    name = "forefend.web.options"
    label = "options"
