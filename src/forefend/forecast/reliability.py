"""Reliability: of the cases given a chance of about so much, how many came. A forecast is reliable where both agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from forefend.forecast.history import Flags, Matrix
from forefend.forecast.reference import wilson
from forefend.forecast.resample import Countries

EDGES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1.0)  # narrow where most chances lie
RELIABILITY_COLUMNS = ("target", "model", "event", "from", "to", "cases", "came", "forecast", "observed", "low", "high")


def reliability(
    target: str, event: str, chances: Mapping[str, Matrix], happened: Flags, *, groups: Countries, overlap: int
) -> list[dict[str, object]]:
    """Return one row for each model and bin of chances that holds cases, columns ``RELIABILITY_COLUMNS``.

    ``forecast`` is the mean chance of the bin, ``observed`` the share that came, ``low`` and ``high`` its 90 % interval: the
    wider, on each side, of Wilson's on the ``overlap``-th part of the cases (one event is seen from so many origins) and of
    drawing countries anew, which where nothing came would have no width.
    """
    rows = []
    for model, chance in chances.items():
        place = np.clip(np.searchsorted(EDGES, chance, side="right") - 1, 0, len(EDGES) - 2)
        for number in np.unique(place):
            mine = (place == number).astype(float)
            cases, came = int(mine.sum()), int((mine * happened).sum())
            observed, low, high = groups.ratio(mine * happened, mine)
            least, most = wilson(came, cases, overlap=overlap)
            found = (target, model, event, EDGES[number], EDGES[number + 1], cases, came, float((chance * mine).sum() / cases), observed)
            rows.append(dict(zip(RELIABILITY_COLUMNS, (*found, float(np.fmin(low, least)), float(np.fmax(high, most))), strict=True)))
    return rows


def as_table(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows as a table; without rows, one without columns."""
    return pl.DataFrame(rows, infer_schema_length=None).select(RELIABILITY_COLUMNS) if rows else pl.DataFrame()
