"""The chance that a calm state reaches 25 deaths in one-sided violence within three months: a logit of its past counts.

The weights were fitted on calm state-months from January 1995 to September 2014, and frozen. They are the same for all
states. The calendar is not used: an actor's killings are counted once they reach 25 in a calendar year.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forefend.forecast.history import Matrix
from forefend.signals.measures import MANY, fading, highest, last

INTERCEPT = -5.8722
WEIGHTS: dict[str, float] = {
    "deaths_1": 0.3404,
    "mean_3": 0.2394,
    "mean_12": -0.1354,
    "mean_36": 0.0581,
    "mean_120": 0.1994,
    "months_with_deaths_6": 0.7984,
    "months_with_deaths_24": 0.7042,
    "months_with_deaths_60": -0.9887,
    "months_with_many_12": 1.9418,
    "months_with_many_36": 0.0988,
    "months_with_many_120": -0.8852,
    "highest_three_months_12": 0.2973,
    "highest_three_months_60": 0.3284,
    "fading_2": 0.1240,
    "fading_12": -0.4752,
    "sb_mean_3": 0.1789,
    "sb_mean_12": -0.0163,
    "sb_mean_36": 0.0983,
    "ns_mean_3": -0.0194,
    "ns_mean_12": 0.0488,
    "ns_mean_36": 0.1431,
}


def features(os: Matrix, sb: Matrix, ns: Matrix) -> Iterator[tuple[str, Matrix]]:
    """Yield every feature by name, each of shape (states, months)."""
    deaths = np.nan_to_num(os)
    yield "deaths_1", np.log1p(deaths)
    for months in (3, 12, 36, 120):
        yield f"mean_{months}", np.log1p(last(deaths, months) / months)
    for months in (6, 24, 60):
        yield f"months_with_deaths_{months}", last((deaths > 0).astype(float), months) / months
    for months in (12, 36, 120):
        yield f"months_with_many_{months}", last((deaths >= MANY).astype(float), months) / months
    for months in (12, 60):
        yield f"highest_three_months_{months}", np.log1p(highest(last(deaths, 3), months))
    for half_life in (2, 12):
        yield f"fading_{half_life}", np.log1p(fading(deaths, half_life))
    for kind, other in (("sb", sb), ("ns", ns)):
        for months in (3, 12, 36):
            yield f"{kind}_mean_{months}", np.log1p(last(other, months) / months)


def escalation_chance(os: Matrix, sb: Matrix, ns: Matrix) -> Matrix:
    """Return the chance by state and month; it means nothing where a state is not calm."""
    score = np.full(os.shape, INTERCEPT)
    for name, values in features(os, sb, ns):
        score += WEIGHTS[name] * values
    chance: Matrix = 1 / (1 + np.exp(-score))
    return chance
