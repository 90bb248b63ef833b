"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """What of a round goes out and comes back."""

    name = "forefend.web.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
