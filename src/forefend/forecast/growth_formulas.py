"""The formula by which growth of counts gets its bounds: states are drawn anew, so that one country's revision is not taken for all."""

from __future__ import annotations

import numpy as np
import polars as pl

from forefend.forecast.history import Matrix
from forefend.store.formulas import NOT_MONITORED, Frames, NothingToCompute, formula

RESAMPLES = 500


def ratios_by_state(old: Matrix, new: Matrix, *, seed: int = 0) -> Matrix:
    """Return new over old of all states together, for states drawn anew with replacement; draws without old deaths are left out."""
    chosen = np.random.default_rng(seed).integers(0, len(old), (RESAMPLES, len(old)))
    before, after = old[chosen].sum(axis=1), new[chosen].sum(axis=1)
    found: Matrix = after[before > 0] / before[before > 0]
    return found


@formula("quantile of the first rows' sum over the second rows' sum when states are drawn anew 500 times")
def share_by_state_quantile(frames: Frames, *, q: float) -> float:
    """Bound a ratio of two totals."""
    sums = [dict(frame.group_by("iso3").agg(pl.col("value").sum()).iter_rows()) for frame in frames[:2]]
    states = sorted(sums[0].keys() | sums[1].keys())
    if not states:
        raise NothingToCompute(NOT_MONITORED)
    new, old = (np.array([part.get(state, 0.0) for state in states]) for part in sums)
    return float(np.quantile(ratios_by_state(old, new), q))
