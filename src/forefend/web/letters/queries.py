"""How many letters wait."""

from __future__ import annotations

from forefend.web.letters.models import Letter


def waiting() -> int:
    """Count the letters that were not sent yet."""
    return Letter.objects.filter(sent_at__isnull=True).count()
