"""The formulas of this room; rows are deaths of one state by month, a month without a row had none."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from forefend.forecast.history import Matrix
from forefend.signals.chance import escalation_chance
from forefend.signals.measures import REACH
from forefend.signals.unusual import rarity
from forefend.store.formulas import Frames, formula


@formula("chance by a frozen logit of past one-sided, state-based and non-state deaths that 25 are killed within three months")
def escalation_logit(frames: Frames, *, month: str) -> float:
    """Compute the chance of one state at the end of a month."""
    os, sb, ns = (_months(frame, month) for frame in frames)
    return float(escalation_chance(os, sb, ns)[0, -1])


@formula("minus the decimal logarithm of the chance of so many deaths or more in the last 1, 3 or 6 months, by the five years before")
def months_rarity(frames: Frames, *, month: str) -> float:
    """Compute how unusual the last months of one state were."""
    return float(rarity(_months(frames[0], month))[0, -1])


def _months(frame: pl.DataFrame, month: str) -> Matrix:
    """Lay one state's rows out over the last 120 months."""
    newest = date.fromisoformat(f"{month}-01")
    deaths = np.zeros((1, REACH))
    for start, value in frame.select("start", "value").drop_nulls().iter_rows():
        column = REACH - 1 - (newest.year - start.year) * 12 - newest.month + start.month
        if 0 <= column < REACH:
            deaths[0, column] += value
    return deaths
