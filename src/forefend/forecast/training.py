"""What monthly models learn from: the months up to the last December, so that they are fitted again once a year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forefend.errors import ForecastError
from forefend.forecast.history import EVENTS, Flags, History

FIRST_COLUMN = 35  # three years are known before the first case
ABSURD = 2_000_000  # deaths, or events, in one country in one month


def until_december(history: History) -> History:
    """Cut a history after its last December (or after whole years of columns, where it has none); states stay as they are."""
    spare = history.origin.month % 12
    columns = history.deaths.shape[1] - spare
    return _cut(history, columns) if columns > 0 else history


def _cut(history: History, columns: int) -> History:

    return replace(history, deaths=history.deaths[:, :columns], beside={k: v[:, :columns] for k, v in history.beside.items()})


def check_counts(history: History) -> None:
    """Refuse negative and absurd counts, and months missing after a state is first counted; raises ForecastError."""
    for kind, counts in {history.target: history.deaths, **history.beside}.items():
        what = f"The {history.target} events" if kind == EVENTS else f"The {kind} deaths"
        begun = np.maximum.accumulate(~np.isnan(counts), axis=1)
        _refuse(history, begun & np.isnan(counts), f"{what} are missing", "Import a whole release.")
        _refuse(history, np.nan_to_num(counts) < 0, f"{what} are negative", "Import the release again.")
        _refuse(history, np.nan_to_num(counts) > ABSURD, f"{what} are over {ABSURD:,}", "Check the release.")


def _refuse(history: History, bad: Flags, what: str, advice: str) -> None:
    if bad.any():
        state, column = (int(place) for place in np.argwhere(bad)[0])
        raise ForecastError(f"{what} in {history.iso3s[state]} in {history.month(column):%Y-%m}. {advice}")
