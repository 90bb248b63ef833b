"""Isolation of numbers, ranges and codes in right-to-left text.

Without it every renderer draws ``0.22–0.55`` as ``0.55–0.22`` and ``80 %`` with the sign on the wrong side
(the standard bidirectional rule): a substantive error. The isolate characters work alike on a page, in a PDF
and in Word. A first strong isolate runs from left to right unless its first letter is a right-to-left one.
Method: Unicode Standard Annex 9.
"""

from __future__ import annotations

import re

FSI = "\u2068"
PDI = "\u2069"
OPENING = "\u2066\u2067\u2068"  # left-to-right, right-to-left and first strong isolate
NUMBER = r"\d+(?:[.,]\d+)*"
PER_CENT = r"[\u202f\u00a0 ]?%%?(?!\()"
FIGURES = re.compile(rf"(?P<shielded>[{OPENING}][^{PDI}]*{PDI})|{NUMBER}\s?[–/]\s?{NUMBER}(?:{PER_CENT})?|{NUMBER}{PER_CENT}")
ALL = {ord(mark): None for mark in OPENING + PDI}


def isolate(text: str) -> str:
    """Put the text between isolates, unless one pair already spans all of it."""
    return text if is_isolated(text) or not text else f"{FSI}{text}{PDI}"


def is_isolated(text: str) -> bool:
    """Whether the first character opens an isolate that the last one closes."""
    if not text.startswith(tuple(OPENING)) or not text.endswith(PDI):
        return False
    depth = 0
    for place, character in enumerate(text):
        depth += (character in OPENING) - (character == PDI)
        if depth <= 0:
            return depth == 0 and place == len(text) - 1
    return False


def strip_isolates(text: str) -> str:
    """Remove isolates, for comparison and for files that are read by programs."""
    return text.translate(ALL)


def isolate_figures(text: str) -> str:
    """Isolate the ranges and per cents a translator wrote into a right-to-left sentence, unless they are isolated already.

    Placeholders (``%(name)s``) stay as they are: what fills them is isolated when it is filled in.
    """
    return FIGURES.sub(lambda found: found[0] if found["shielded"] else isolate(found[0]), text)
