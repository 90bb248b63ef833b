"""What evidence makes of an answer: which pieces count, and how far they carry it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from forefend.assess.answers import EvidencePiece
from forefend.assess.scoring import CREDIBILITY, RELIABILITY, evidence_reliability, item_reliability

JOINED_AT_MOST = 3  # more pieces than these are never multiplied


def weight_of(piece: EvidencePiece) -> float | None:
    """Return what a piece carries by its grade; None when it supports nothing, or bears a grade that does not exist."""
    if piece.letter not in RELIABILITY or piece.number not in {*CREDIBILITY, 5}:
        return None
    return item_reliability(piece.letter, piece.number)


def is_expired(piece: EvidencePiece, *, today: date) -> bool:
    """Tell whether a piece no longer counts; on its last day it still does."""
    return piece.expires is not None and piece.expires < today


def counting(pieces: Iterable[EvidencePiece], *, today: date) -> tuple[EvidencePiece, ...]:
    """Return the pieces that support anything today, each once, however many answers it is attached to."""
    unique = {piece.id: piece for piece in pieces}
    return tuple(piece for piece in unique.values() if not is_expired(piece, today=today) and weight_of(piece) is not None)


def are_independent(one: EvidencePiece, other: EvidencePiece) -> bool:
    """Tell whether neither piece was drawn from the other, nor both from the same third."""
    origins, others = {one.id, *one.independent_of}, {other.id, *other.independent_of}
    return not origins & others


def reliability(pieces: Iterable[EvidencePiece], *, today: date) -> float:
    """Return how far the evidence carries an answer: the best that any independent choice among the pieces gives.

    The best choice, not the first one found, so that attaching a further piece can never lower the result.
    """
    weighed = [(weight_of(piece) or 0.0, piece) for piece in counting(pieces, today=today)]
    if all(are_independent(one, other) for (_, one), (_, other) in combinations(weighed, 2)):
        return evidence_reliability([weight for weight, _ in weighed])
    choices = (choice for size in range(1, JOINED_AT_MOST + 1) for choice in combinations(weighed, size))
    return max(evidence_reliability(_weights(choice)) for choice in choices if _is_independent(choice))


def _weights(choice: Sequence[tuple[float, EvidencePiece]]) -> list[float]:
    return [weight for weight, _ in choice]


def _is_independent(choice: Sequence[tuple[float, EvidencePiece]]) -> bool:
    return all(are_independent(one, other) for (_, one), (_, other) in combinations(choice, 2))
