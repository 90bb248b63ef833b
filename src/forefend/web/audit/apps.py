"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only record of every change, each row chained to the one before."""

    name = "forefend.web.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
