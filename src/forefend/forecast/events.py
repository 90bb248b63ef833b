"""The chance of 25 or more deaths in the next three months, from a monthly model's paths."""

from __future__ import annotations

from typing import Any

from forefend.forecast.history import History, Matrix
from forefend.forecast.target import ESCALATION_DEATHS, ESCALATION_MONTHS


def event_chances(fitted: Any, history: History, draws: Matrix) -> Matrix:
    """Return the chance by state; every path of a fitted model weighs as much, unless the model says how much each does."""
    has_event = draws[:, :ESCALATION_MONTHS].sum(axis=1) >= ESCALATION_DEATHS
    weigh = getattr(fitted, "weights_of_events", None)
    chance: Matrix = has_event.mean(axis=1) if weigh is None else has_event @ weigh(history)
    return chance
