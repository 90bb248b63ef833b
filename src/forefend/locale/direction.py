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
NEGATIVE = rf"\u2212{NUMBER}"
PER_CENT = r"[\u202f\u00a0 ]?%%?(?!\()"
CODE = r"(?<![A-Za-z0-9_)])[A-Za-z][A-Za-z0-9]*(?:[/-][A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)+"
FIGURES = re.compile(
    rf"(?P<shielded>[{OPENING}][^{PDI}]*{PDI})|{CODE}|{NUMBER}(?:\s?[–/]\s?{NUMBER}|(?:-{NUMBER})+)(?:{PER_CENT})?"
    rf"|{NEGATIVE}|{NUMBER}(?:{PER_CENT}|(?:\([A-Za-z0-9]+\))+)"
)
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
    """Isolate what a translator wrote with figures into a right-to-left sentence, unless it is isolated already.

    These are ranges, days (``2027-03-31``), per cents, articles (``25(3)``) and codes (``A/RES/60/1``, one piece).
    Placeholders (``%(name)s``) stay as they are: what fills them is isolated when it is filled in.
    """
    return FIGURES.sub(lambda found: found[0] if found["shielded"] else isolate(found[0]), text)
