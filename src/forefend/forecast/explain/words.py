"""What each predictor is, in words and in a unit people count in; models see logarithms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from forefend.forecast.history import Matrix
from forefend.locale import N_

DEATHS, SHARE, COUNT, YEARS, MONTHS, TIMES, PLAIN = "deaths", "share", "months of twelve", "years", "months", "times", ""
EVENTS = "events"
LOGS = (DEATHS, EVENTS, YEARS, MONTHS)


@dataclass(frozen=True, kw_only=True)
class Words:
    """A phrase with its numbers, and the unit in which a value is shown."""

    title: str
    unit: str
    said: Mapping[str, object] = field(default_factory=dict)


OWN: Mapping[str, Words] = {
    "os": Words(title=N_("Deaths in one-sided violence in the year"), unit=DEATHS),
    "os_before": Words(title=N_("Deaths in one-sided violence in the year before"), unit=DEATHS),
    "os_3": Words(title=N_("Deaths in one-sided violence a year, three years"), unit=DEATHS),
    "os_5_most": Words(title=N_("Deaths in one-sided violence in the worst of five years"), unit=DEATHS),
    "os_10": Words(title=N_("Deaths in one-sided violence a year, ten years"), unit=DEATHS),
    "since_100": Words(title=N_("Years since 100 such deaths in a year, 40 at most"), unit=YEARS),
    "sb": Words(title=N_("Deaths in state-based conflict in the year"), unit=DEATHS),
    "sb_3": Words(title=N_("Deaths in state-based conflict a year, three years"), unit=DEATHS),
    "ns": Words(title=N_("Deaths in non-state conflict in the year"), unit=DEATHS),
    "ns_3": Words(title=N_("Deaths in non-state conflict a year, three years"), unit=DEATHS),
    "mean_1": Words(title=N_("Deaths in one-sided violence in the last month"), unit=DEATHS),
    "sb_mean_1": Words(title=N_("Deaths in state-based conflict in the last month"), unit=DEATHS),
    "ns_mean_1": Words(title=N_("Deaths in non-state conflict in the last month"), unit=DEATHS),
    "many_12": Words(title=N_("Months with 25 or more deaths in one-sided violence, of the last twelve"), unit=COUNT),
    "most": Words(title=N_("Deaths in one-sided violence in the worst month since 1989"), unit=DEATHS),
    "most_12": Words(title=N_("Deaths in one-sided violence in the worst of twelve months"), unit=DEATHS),
    "since": Words(title=N_("Months since the last such death, 120 at most"), unit=MONTHS),
    "events_1": Words(title=N_("Events of one-sided violence in the last month"), unit=EVENTS),
    "trend": Words(title=N_("Deaths in one-sided violence a month: three months against twelve"), unit=TIMES),
    "sb_trend": Words(title=N_("Deaths in state-based conflict a month: three months against twelve"), unit=TIMES),
    "ns_trend": Words(title=N_("Deaths in non-state conflict a month: three months against twelve"), unit=TIMES),
}
PATTERNS: Mapping[str, tuple[str, str]] = {
    r"mean_(\d+)": (N_("Deaths in one-sided violence a month, last %(n)s months"), DEATHS),
    r"share_(\d+)": (N_("Months with a death in one-sided violence, share of the last %(n)s"), SHARE),
    r"fading_(\d+)": (N_("Deaths in one-sided violence in a usual month, months weighing half as much every %(n)s months"), DEATHS),
    r"fading_share_(\d+)": (N_("Months with a death in one-sided violence, share, months weighing half as much every %(n)s months"), SHARE),
    r"fading_over_(\d+)": (
        N_("Months with %(n)s or more deaths in one-sided violence, share, months weighing half as much every four months"),
        SHARE,
    ),
    r"events_(\d+)": (N_("Events of one-sided violence in the last %(n)s months"), EVENTS),
    r"fading_events_(\d+)": (N_("Events of one-sided violence in a usual month, months weighing half as much every %(n)s months"), EVENTS),
    r"fading_(\d+)_events": (
        N_("Months with %(n)s or more events of one-sided violence, share, months weighing half as much every four months"),
        SHARE,
    ),
    r"deaths_each_(\d+)": (N_("Deaths in an event of one-sided violence, last %(n)s months"), DEATHS),
    r"sb_mean_(\d+)": (N_("Deaths in state-based conflict a month, last %(n)s months"), DEATHS),
    r"sb_share_(\d+)": (N_("Months with a death in state-based conflict, share of the last %(n)s"), SHARE),
    r"ns_mean_(\d+)": (N_("Deaths in non-state conflict a month, last %(n)s months"), DEATHS),
    r"ns_share_(\d+)": (N_("Months with a death in non-state conflict, share of the last %(n)s"), SHARE),
}


def words(predictor: str) -> Words:
    """Return what a predictor is; one of another publisher's list is named by its code."""
    if predictor in OWN:
        return OWN[predictor]
    for pattern, (title, unit) in PATTERNS.items():
        if found := re.fullmatch(pattern, predictor):
            return Words(title=title, unit=unit, said={"n": found.group(1)})
    return Words(title=predictor, unit=PLAIN)


def natural(predictor: str, values: Matrix) -> Matrix:
    """Turn what a model sees into the unit shown: deaths, years and months out of logarithms, trends into multiples."""
    unit = words(predictor).unit
    if unit in LOGS:
        return np.asarray(np.expm1(values), dtype=np.float64)
    return np.asarray(np.exp(values), dtype=np.float64) if unit == TIMES else values
