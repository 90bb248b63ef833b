"""What monthly models learn from: the months up to the last December, so that they are fitted again once a year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forefend.errors import ForecastError
from forefend.forecast.history import Flags, History

FIRST_COLUMN = 35  # three years are known before the first case
ABSURD = 2_000_000  # deaths in one country in one month


def until_december(history: History) -> History:
    """Cut a history after its last December (or after whole years of columns, where it has none); states stay as they are."""
    spare = history.origin.month % 12
    columns = history.deaths.shape[1] - spare
    return _cut(history, columns) if columns > 0 else history


def _cut(history: History, columns: int) -> History:

    return replace(history, deaths=history.deaths[:, :columns], beside={k: v[:, :columns] for k, v in history.beside.items()})


def check_counts(history: History) -> None:
    """Refuse negative and absurd counts, and months missing after a state is first counted; raises ForecastError."""
    for kind, deaths in {history.target: history.deaths, **history.beside}.items():
        begun = np.maximum.accumulate(~np.isnan(deaths), axis=1)
        _refuse(history, begun & np.isnan(deaths), f"The {kind} deaths are missing", "Import a whole release.")
        _refuse(history, np.nan_to_num(deaths) < 0, f"The {kind} deaths are negative", "Import the release again.")
        _refuse(history, np.nan_to_num(deaths) > ABSURD, f"The {kind} deaths are over {ABSURD:,}", "Check the release.")


def _refuse(history: History, bad: Flags, what: str, advice: str) -> None:
    if bad.any():
        state, column = (int(place) for place in np.argwhere(bad)[0])
        raise ForecastError(f"{what} in {history.iso3s[state]} in {history.month(column):%Y-%m}. {advice}")
