"""The formulas of this room: seats and shared memberships on a day, relevance, leverage before access."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from forefend.store.formulas import Frames, formula, values


@formula("positive amounts of the first rows as a share of the positive amounts of the second rows")
def positive_share(frames: Frames) -> float:
    """Share of a flow; repayments (negative amounts) are left out of both sides."""
    part, whole = (sum(value for value in values(frame) if value > 0) for frame in frames)
    return part / whole


@formula("largest of the publisher's own percentages divided by 100")
def published_share(frames: Frames) -> float:
    """Share of a flow as the publisher gives it, where the rest of the flow is not on record."""
    return max(values(frames[0])) / 100


@formula("number of different keys in force on the day with one of these statuses")
def standing_rows(frames: Frames, *, on: str, status: Sequence[str]) -> float:
    """Count the statements in force on a day."""
    return float(_standing(frames[0], on=on, status=status)["key"].n_unique())


@formula("number of the listed bodies in which both are members on the day")
def shared_bodies(frames: Frames, *, on: str, status: Sequence[str], bodies: Sequence[str]) -> float:
    """Count the memberships two states share on a day, among some organisations."""
    one, other = (set(_standing(frame, on=on, status=status)["key"]) for frame in frames)
    return float(len(one & other & set(bodies)))


@formula("1 when the two states share a land border, else 0")
def border(frames: Frames, *, actor: str, target: str, borders: Sequence[str]) -> float:
    """Tell whether two states are neighbours; ``borders`` are the target's."""
    return float(not frames and actor != target and actor in borders)


@formula("1: every state has its own law and executive power")
def own_authority(frames: Frames) -> float:
    """Hold by definition."""
    return 1.0 if not frames else 0.0


@formula("highest of the percentiles divided by 100, whole factors times 0.6")
def relevance(frames: Frames, *, multipliers: Sequence[float]) -> float:
    """Relevance R of the domain guide, section 6, from public series: 0-1."""
    return max(values(frame)[0] * m / 100 for frame, m in zip(frames, multipliers, strict=True))


@formula("0.6 times the strongest lever plus 0.4 times the share of listed levers that are held, before access is judged")
def leverage_before_access(frames: Frames, *, listed: int) -> float:
    """Leverage L of the domain guide, section 6, without the access that a person judges: 0-1.

    Inputs are the levers held; a seat or a tie counts 1, a flow its share.
    """
    strengths = [min(1.0, values(frame)[0]) for frame in frames]
    return 0.6 * max(strengths) + 0.4 * len(strengths) / listed if strengths else 0.0


def _standing(frame: pl.DataFrame, *, on: str, status: Sequence[str]) -> pl.DataFrame:
    day = date.fromisoformat(on)
    begun = pl.col("start").is_null() | (pl.col("start") <= day)
    running = pl.col("end").is_null() | (pl.col("end") >= day)
    return frame.filter(pl.col("status").is_in(list(status)) & begun & running)
