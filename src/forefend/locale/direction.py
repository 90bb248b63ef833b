"""Isolation of numbers, ranges and codes in right-to-left text.

Without it every renderer draws ``0.22–0.55`` as ``0.55–0.22`` and ``80 %`` with the sign on the wrong side
(the standard bidirectional rule). The isolate characters work alike on a page, in a PDF and in Word.
"""

from __future__ import annotations

LEFT_TO_RIGHT_ISOLATE = "\u2066"
FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
_MARKS = (LEFT_TO_RIGHT_ISOLATE, FIRST_STRONG_ISOLATE, POP_ISOLATE)


def isolate(text: str, *, is_left_to_right: bool = False) -> str:
    """Wrap a text in isolates: numbers, ranges and codes as left-to-right, names by their first letter."""
    if not text or (text[0] in _MARKS[:2] and text[-1] == POP_ISOLATE):
        return text
    return f"{LEFT_TO_RIGHT_ISOLATE if is_left_to_right else FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def strip_isolates(text: str) -> str:
    """Remove isolates, for comparison and for files that are read by programs."""
    for mark in _MARKS:
        text = text.replace(mark, "")
    return text
