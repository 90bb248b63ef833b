"""The formulas of the figures of an action, so that each opens to the scores it was made from.

Inputs are score figures in the order of ``weights``; open questions are in ``total_weight`` only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from forefend.assess.scoring import TOP
from forefend.store.formulas import Frames, formula, values


@formula("weight of the answered questions divided by the weight of all applicable questions")
def coverage(frames: Frames, *, weights: Sequence[float], total_weight: float) -> float:
    """Share of an action's weight that is answered, 0-1."""
    if len(frames) != len(weights):
        raise ValueError("one weight for each answered question")
    return math.fsum(weights) / total_weight


@formula("weighted mean of (4 - score) / 4 over the answered questions")
def observed_gap(frames: Frames, *, weights: Sequence[float]) -> float:
    """Gap as observed, 0-1."""
    return _loss(frames, weights=weights) / math.fsum(weights)


@formula("weighted mean of (4 - score) / 4 with every open question at 4")
def gap_low(frames: Frames, *, weights: Sequence[float], total_weight: float) -> float:
    """Lowest gap that the open questions allow, 0-1."""
    return _loss(frames, weights=weights) / total_weight


@formula("weighted mean of (4 - score) / 4 with every open question at 0")
def gap_high(frames: Frames, *, weights: Sequence[float], total_weight: float) -> float:
    """Highest gap that the open questions allow, 0-1."""
    return (_loss(frames, weights=weights) + total_weight - math.fsum(weights)) / total_weight


@formula("weighted mean of (4 - cautious score) / 4, open questions at 0, each score limited by what its evidence allows")
def cautious_gap(frames: Frames, *, weights: Sequence[float], caps: Sequence[float], total_weight: float) -> float:
    """Gap a cautious reader would assume, 0-1; ``caps`` are the highest scores the evidence allows."""
    granted = [min(score, cap) for score, cap in zip(_scores(frames), caps, strict=True)]
    loss = math.fsum(w * (TOP - s) / TOP for w, s in zip(weights, granted, strict=True))
    return (loss + total_weight - math.fsum(weights)) / total_weight


@formula("weighted mean of evidence x freshness x agreement, open questions at 0")
def action_confidence(frames: Frames, *, weights: Sequence[float], confidences: Sequence[float], total_weight: float) -> float:
    """Confidence in the figures of an action, 0-1."""
    if len(frames) != len(weights):
        raise ValueError("one weight for each answered question")
    return math.fsum(w * c for w, c in zip(weights, confidences, strict=True)) / total_weight


@formula("score that the rule gives to the status of the one row")
def status_score(frames: Frames, *, status_scores: dict[str, float]) -> float:
    """Score of a dated statement, 0-4."""
    (status,) = frames[0]["status"].unique()
    return float(status_scores[status.removesuffix(" (unverified)")])


@formula("number of different keys among the rows with this status")
def distinct_keys(frames: Frames, *, status: str) -> float:
    """How many instruments have a status, over all lists given."""
    return float(len({key for frame in frames for key in frame.filter(frame["status"] == status)["key"]}))


@formula("share of yes among the roll calls, abstentions counted half and absences as none")
def vote_share(frames: Frames) -> float:
    """Share of support in a set of roll calls, 0-1; no number where no vote was cast, as it may not have been allowed."""
    weights = {"yes": 1.0, "abstain": 0.5, "no": 0.0}
    cast = [weights[status] for status in frames[0]["status"] if status in weights]
    return math.fsum(cast) / (len(frames[0]) if cast else 0)


@formula("points of a straight line between two points (value, score), limited to them")
def line_between(frames: Frames, *, from_value: float, from_score: float, to_value: float, to_score: float) -> float:
    """Score of a number between two anchors, whole levels only: in doubt between two, the lower."""
    place = (values(frames[0])[0] - from_value) / (to_value - from_value)
    return float(math.floor(from_score + min(1.0, max(0.0, place)) * (to_score - from_score) + 1e-9))


@formula("lowest of the suggested levels")
def lowest(frames: Frames) -> float:
    """The cautious choice where two direct rules suggest different levels."""
    return min(_scores(frames))


def _scores(frames: Frames) -> list[float]:
    return [values(frame)[0] for frame in frames]


def _loss(frames: Frames, *, weights: Sequence[float]) -> float:
    return math.fsum(w * (TOP - s) / TOP for w, s in zip(weights, _scores(frames), strict=True))
