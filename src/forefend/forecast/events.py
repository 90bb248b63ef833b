"""The chance of 25 or more deaths in the next three months, from a monthly model's paths."""

from __future__ import annotations

from typing import Any

from forefend.forecast.history import History, Matrix
from forefend.forecast.target import ESCALATION_DEATHS, ESCALATION_MONTHS


def event_chances(fitted: Any, history: History, draws: Matrix) -> Matrix:
    """Return the chance by state: the share of paths with the event, unless the fitted model tells it otherwise."""
    told = getattr(fitted, "event_chances", None)
    if told is not None:
        found: Matrix = told(history, deaths=ESCALATION_DEATHS, months=ESCALATION_MONTHS)
        return found
    share: Matrix = (draws[:, :ESCALATION_MONTHS].sum(axis=1) >= ESCALATION_DEATHS).mean(axis=1)
    return share
