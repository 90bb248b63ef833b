"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Files and links that support answers."""

    name = "forefend.web.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
