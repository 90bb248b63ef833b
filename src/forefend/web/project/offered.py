"""Languages the workbench offers: those with translated texts."""

from __future__ import annotations

from forefend.locale import languages

OFFERED: tuple[str, ...] = tuple(dict.fromkeys((*languages(), "ar")))
