"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, institutions, roles: who may do and read what."""

    name = "forefend.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what allauth changes."""
        from forefend.web.accounts import on_record  # noqa: F401 - importing it is what connects it
