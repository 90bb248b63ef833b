"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Pages under assessment."""

    name = "forefend.web.assessment"
    label = "assessment"
