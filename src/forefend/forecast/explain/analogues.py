"""Past country-years most like a country's own by the model's standardised predictors, and what happened within two years."""

from __future__ import annotations

import numpy as np
import polars as pl

from forefend.forecast.history import Matrix, windows
from forefend.forecast.target import HORIZON_YEARS
from forefend.forecast.year_panel import YearPanel

NEAREST = 8
FARTHEST = 4.0  # standard deviations
SCHEMA = {
    "iso3": pl.String,
    "place": pl.Int64,
    "like_iso3": pl.String,
    "like_year": pl.Int64,
    "distance": pl.Float64,
    "deaths": pl.Float64,
    "highest_after": pl.Float64,
    "came": pl.Float64,
}


def analogues(panel: YearPanel, *, nearest: int = NEAREST) -> pl.DataFrame:
    """Return the nearest country-years of other states, the nearest year of each, whose two following years are known.

    ``distance`` is the root of the mean squared difference in standard deviations, predictors unknown at either end left out.
    ``deaths`` are one-sided deaths in the year, ``highest_after`` those of the worse of the two years after it (null where months
    are not known), ``came`` 1 where a new mass killing began.
    """
    known, now = np.flatnonzero(panel.is_known), np.flatnonzero(panel.is_now & ~panel.impossible)
    if not known.size or not now.size:
        return pl.DataFrame(schema=SCHEMA)
    rows = _standardised(panel)
    deaths = _deaths(panel)
    found = []
    for place in now:
        far = _distances(rows[known], rows[place])
        others = panel.iso3[known] != panel.iso3[place]
        taken: set[str] = set()
        for at in known[np.argsort(np.where(others, far, np.inf), kind="stable")]:
            code = str(panel.iso3[at])
            if code == panel.iso3[place] or len(taken) == nearest:
                break
            if code in taken:
                continue
            taken.add(code)
            here, after = deaths.get((code, int(panel.year[at])), (None, None))
            distance = float(_distances(rows[at][None, :], rows[place])[0])
            found.append((str(panel.iso3[place]), len(taken), code, int(panel.year[at]), distance, here, after, float(panel.outcome[at])))
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _standardised(panel: YearPanel) -> Matrix:
    inputs = panel.inputs[:, ~np.isnan(panel.inputs).all(axis=0)]  # deaths are unknown throughout before 1989
    centre, scale = np.nanmean(inputs, axis=0), np.nanstd(inputs, axis=0)
    found: Matrix = ((inputs - centre) / np.where(scale > 0, scale, 1.0)).clip(-FARTHEST, FARTHEST)
    return found


def _distances(rows: Matrix, own: Matrix) -> Matrix:
    difference = (rows - own) ** 2
    both = ~np.isnan(difference)
    found: Matrix = np.sqrt(np.nan_to_num(difference).sum(axis=1) / np.maximum(both.sum(axis=1), 1))
    return found


def _deaths(panel: YearPanel) -> dict[tuple[str, int], tuple[float, float | None]]:
    """Return by state and year the deaths, and those of the worse of the two years after."""
    if panel.history is None:
        return {}
    yearly = np.nan_to_num(windows(panel.history.deaths))
    first, last = panel.history.origin.year - yearly.shape[1] + 1, yearly.shape[1] - HORIZON_YEARS
    return {
        (iso3, first + column): (float(yearly[row, column]), float(yearly[row, column + 1 : column + 1 + HORIZON_YEARS].max()))
        for row, iso3 in enumerate(panel.history.iso3s)
        for column in range(last)
    }
