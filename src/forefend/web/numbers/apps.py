"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class NumbersConfig(AppConfig):
    """Pages under numbers."""

    name = "forefend.web.numbers"
    label = "numbers"
