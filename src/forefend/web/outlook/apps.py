"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class OutlookConfig(AppConfig):
    """Pages under outlook."""

    name = "forefend.web.outlook"
    label = "outlook"
