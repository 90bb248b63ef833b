"""Languages the workbench offers: those with translated texts."""

from __future__ import annotations

from forefend.locale import languages

OFFERED: tuple[str, ...] = tuple(dict.fromkeys((*languages(), "ar")))


def without_language(path: str) -> str:
    """Return an address without its first slash and its language."""
    rest = path.lstrip("/")
    first, _, tail = rest.partition("/")
    return tail if first in OFFERED else rest
