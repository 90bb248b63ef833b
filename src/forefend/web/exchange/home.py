"""How an installation is told from others: by its own secret, which it never gives away."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from forefend.web.assessment.models import Round


def home_id() -> str:
    """Return the name by which files say which installation made them."""
    return derived("home")[:32]


def round_id(asked: Round) -> str:
    """Return a round's name among those of all installations."""
    return f"{home_id()[:12]}-{asked.pk}"


def derived(*parts: str) -> str:
    """Return a key for one use, which nobody can work out without the installation's secret."""
    said = "\n".join(("forefend exchange", *parts)).encode()
    return hmac.new(str(settings.SECRET_KEY).encode(), said, hashlib.sha256).hexdigest()
