"""Sentences of the brief on a page: the same words, each number with its source note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from forefend.brief.document import English, Inline, Mark, Strong
from forefend.store import Figure


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a sentence: plain text, strong words, English left untranslated, or a figure as it is shown."""

    text: str
    kind: str = "text"
    figure: Figure | None = None


def pieces(content: Sequence[Inline]) -> tuple[Piece, ...]:
    """Turn a sentence of the brief into pieces a template can show."""
    return tuple(piece for part in content for piece in _pieces(part))


def _pieces(part: Inline) -> tuple[Piece, ...]:
    if isinstance(part, English) and part.content:
        return tuple(replace(piece, kind="english") if piece.kind == "text" else piece for piece in pieces(part.content))
    return (_piece(part),)


def _piece(part: Inline) -> Piece:
    if isinstance(part, Mark):
        return Piece(text=part.shown, kind="figure", figure=part.figure)
    if isinstance(part, Strong):
        return Piece(text=part.text, kind="strong")
    if isinstance(part, English):
        return Piece(text=part.text, kind="english")
    return Piece(text=part)
