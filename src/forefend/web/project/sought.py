"""Words somebody looks for in a list."""

from __future__ import annotations

WORDS_AT_MOST = 8


def words_of(text: str) -> list[str]:
    """Return the words of a search, as many as are looked at; PostgreSQL would choke on a NUL."""
    return text.replace("\x00", " ").split()[:WORDS_AT_MOST]
