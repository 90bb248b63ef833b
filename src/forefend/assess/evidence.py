"""What evidence makes of an answer: which pieces count, and how far they carry it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from forefend.assess.answers import EvidencePiece
from forefend.assess.scoring import C3, CREDIBILITY, RELIABILITY, evidence_reliability, item_reliability

GRADED = frozenset({*CREDIBILITY, 5})  # 5, improbable, carries nothing; 6 cannot be judged


def weight_of(piece: EvidencePiece) -> float | None:
    """Return what a piece carries by its grade; None when it supports nothing, or bears a grade that does not exist."""
    if piece.letter not in RELIABILITY or piece.number not in GRADED:
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

    The best choice, not the first one found, so that attaching a further piece can never lower the result. At
    most three pieces are joined, so only pairs and their best third are tried, the strongest first.
    """
    weighed = sorted(((weight_of(piece) or 0.0, piece) for piece in counting(pieces, today=today)), key=lambda pair: -pair[0])
    best = evidence_reliability([weight for weight, _ in weighed[:1]])
    solid = [(weight, piece) for weight, piece in weighed if weight >= C3 - 1e-9]
    for place, (weight, piece) in enumerate(solid):
        if evidence_reliability([weight] * 3) <= best:  # nothing that starts lower can be better
            break
        others = [(lower, other) for lower, other in solid[place + 1 :] if are_independent(piece, other)]
        best = max([best, *(_joined(weight, others[start:]) for start in range(len(others)))])
    return best


def _joined(weight: float, others: Sequence[tuple[float, EvidencePiece]]) -> float:
    """Join a piece with the first of the others and the strongest third that is independent of it too."""
    (second, piece), *rest = others
    third = next((lower for lower, other in rest if are_independent(piece, other)), None)
    return evidence_reliability([weight, second] if third is None else [weight, second, third])
