"""Parts of addresses that are checked before a view is asked."""

from __future__ import annotations

from forefend.locale import Language, language
from forefend.web.project.offered import OFFERED


class LanguageCode:
    """The code of a language the workbench speaks; a view gets the Language itself."""

    regex = "|".join(OFFERED)

    def to_python(self, value: str) -> Language:
        """Return the language."""
        return language(value)

    def to_url(self, value: Language | str) -> str:
        """Return its code."""
        return value if isinstance(value, str) else value.code
