"""What templates ask about a file of evidence: its size in words."""

from __future__ import annotations

from django import template

from forefend.locale import Language
from forefend.web.evidence.models import Version

register = template.Library()
STEP = 1024


@register.filter
def size(kept: Version, lang: Language) -> str:
    """Write the size of a file in kB, MB or GB."""
    amount = kept.size / STEP
    if amount < STEP:
        return lang.gettext("%(n)s kB", n=lang.number(max(1.0, amount)))
    if (amount := amount / STEP) < STEP:
        return lang.gettext("%(n)s MB", n=lang.number(amount, 1))
    return lang.gettext("%(n)s GB", n=lang.number(amount / STEP, 1))
