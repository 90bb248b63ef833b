"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Mail: written with the change it tells of, sent afterwards."""

    name = "forefend.web.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
