"""Languages: translated text, and the one formatter for numbers, dates and codes in any direction of writing."""

from __future__ import annotations

from forefend.locale.direction import FSI, PDI, isolate, strip_isolates
from forefend.locale.language import LANGUAGES, Language, language, languages

__all__ = ["FSI", "LANGUAGES", "N_", "PDI", "Language", "isolate", "language", "languages", "strip_isolates"]


def N_(msgid: str) -> str:  # noqa: N802 - the name every extractor of gettext texts knows
    """Mark a text for translation where no language is at hand yet; it is returned as it is."""
    return msgid
