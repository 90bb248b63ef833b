"""Texts that people write beside a change: one rule for all of them."""

from __future__ import annotations

from forefend.errors import AssessmentError
from forefend.locale import N_

REASON_AT_MOST = 10_000
LINE_AT_MOST = 300
STRANGE = N_("The text holds a character that no text has. Type it anew instead of pasting it.")


def written(text: str, *, at_most: int = REASON_AT_MOST, missing: str = "") -> str:
    """Return a text without the space around it; raises AssessmentError when it cannot be kept, or is empty and ``missing`` says so."""
    if not is_text(text):
        raise AssessmentError(STRANGE)
    kept = text.strip()
    if len(kept) > at_most:
        raise AssessmentError(N_("The text is longer than %(n)s characters. Shorten it, or attach a file as evidence."), n=at_most)
    if missing and not kept:
        raise AssessmentError(missing)
    return kept


def is_text(text: str) -> bool:
    """Tell whether a database can keep a text: no NUL, and no half of a character."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
