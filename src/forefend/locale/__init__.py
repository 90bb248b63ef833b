"""Languages: texts by gettext, and numbers that keep their order in right-to-left text."""

from forefend.locale.direction import isolate, strip_isolates
from forefend.locale.language import Language, language, languages


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return message


__all__ = ["N_", "Language", "isolate", "language", "languages", "strip_isolates"]
