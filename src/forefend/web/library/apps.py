"""Makes the pages of this folder known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Pages under library."""

    name = "forefend.web.library"
    label = "library"
