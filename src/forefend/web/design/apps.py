"""The design layer as a Django app, so that its templates, tags and files are found."""

from __future__ import annotations

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Components and the frame of every page."""

    name = "forefend.web.design"
    label = "design"
