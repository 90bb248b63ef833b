"""What is forecast, written down once, with what misleads in each count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from forefend.errors import ForecastError
from forefend.forecast.history import Flags, Matrix

Period = Literal["month", "year"]

THRESHOLD = 1000  # deaths in a calendar year
QUIET_YEARS = 3
HORIZON_YEARS = 2
ESCALATION_DEATHS = 25
ESCALATION_MONTHS = 3

GROWS = "Published counts of one-sided violence grow with later releases; 2020 was 31 % higher in release 26.1 than as known in 2021."
SWITCHES = "An actor's killings are counted once they reach 25 in a calendar year, so small actors appear and vanish by year."
PARTLY = "Most civilians killed in armed conflict are not in this count: those killed in battles and strikes are counted elsewhere."
LATE = "An onset can enter the record years after it happened."
PRELIMINARY = "Preliminary monthly figures can differ tenfold from the final ones; only final releases are read."


@dataclass(frozen=True, kw_only=True)
class Target:
    """One thing that is forecast. ``needs`` tells what to import, where open data do not hold it."""

    id: str
    period: Period
    title: str
    definition: str
    traps: tuple[str, ...]
    needs: str = ""


TARGETS: tuple[Target, ...] = (
    Target(
        id="ucdp",
        period="year",
        title="New mass killing",
        definition=(
            "The first calendar year with 1,000 or more deaths in one-sided violence in a country, by all actors together, after three "
            "calendar years below that. Forecast at the end of a base year: does one begin in either of the two years after it?"
        ),
        traps=(
            "The line is drawn at a number of deaths, so an episode that smoulders below it is no onset, and one attack can be one.",
            "A country with 1,000 or more in the base year or the year before cannot have an onset within two years, however grave it is.",
            "Deaths count where they happen: an attack from abroad, as on the United States in 2001, is an onset there.",
            GROWS,
            LATE,
        ),
    ),
    Target(
        id="ewp",
        period="year",
        title="New mass killing, as the Early Warning Project codes it",
        definition="An onset of mass killing in the Early Warning Project's list, in either of the two years after the base year.",
        traps=("An episode that goes on can be followed by a second onset.", LATE),
        needs="The Early Warning Project's files are not open data: import them from the project's own release to use the target ewp.",
    ),
    Target(
        id="ucdp_actor",
        period="year",
        title="New mass killing by one actor",
        definition=(
            "The first calendar year with 1,000 or more deaths in one-sided violence by one actor in a country, after three calendar "
            "years in which the same actor killed fewer there. Forecast at the end of a base year: does one begin in either of the two "
            "years after it?"
        ),
        traps=(
            "Killing by several actors, none of whom reaches 1,000, is no onset here and can be one for the target ucdp.",
            "An actor is a name: a group that renames itself begins anew, and deaths by those not named are in no actor's count.",
            "A country where one actor kills on can have an onset by another.",
            SWITCHES,
            GROWS,
            LATE,
        ),
        needs="Who killed is known only from events. Load them to use the target ucdp_actor: forefend sources fetch ucdp_ged",
    ),
    Target(
        id="os",
        period="month",
        title="Deaths in one-sided violence",
        definition="Civilians killed directly by an organised actor, best estimate, by the month in which the event began.",
        traps=(PARTLY, SWITCHES, GROWS, PRELIMINARY),
    ),
    Target(
        id="sb",
        period="month",
        title="Deaths in state-based conflict",
        definition="Deaths in fighting with a government on one side or both, civilians killed in it included, best estimate.",
        traps=("Conflict is not atrocity: keep the two apart.", PRELIMINARY),
    ),
    Target(
        id="ns",
        period="month",
        title="Deaths in non-state conflict",
        definition="Deaths in fighting between organised groups none of which is a government, best estimate.",
        traps=(SWITCHES, PRELIMINARY),
    ),
    Target(
        id="civilians",
        period="month",
        title="Deaths of civilians in all organised violence",
        definition="Civilians killed in events of all three kinds, as the events carry them.",
        traps=("Many events do not tell civilians from others; they count as none here.", PRELIMINARY),
        needs="Deaths of civilians are known only from events. Load them with: forefend sources fetch ucdp_ged",
    ),
    Target(
        id="escalation",
        period="month",
        title="Escalation",
        definition="Fewer than 25 deaths in one-sided violence in three months, then 25 or more in the next three.",
        traps=(SWITCHES, GROWS),
    ),
)


def find_target(name: str, *, period: Period) -> Target:
    """Return a target by id; raises ForecastError naming those there are."""
    known = {target.id: target for target in TARGETS if target.period == period and target.id != "escalation"}
    if name not in known:
        what = "monthly" if period == "month" else "annual"
        raise ForecastError(f"There is no {what} target {name!r}. Give one of {', '.join(known)}.")
    return known[name]


def onsets(deaths: Matrix) -> Flags:
    """Return in which years (columns) of which states (rows) a new mass killing began.

    The first three years tell nothing and are False. A year before the state existed counts as below.
    """
    above = np.nan_to_num(deaths) >= THRESHOLD
    begun = np.zeros(above.shape, dtype=bool)
    quiet = ~(above[:, :-3] | above[:, 1:-2] | above[:, 2:-1])
    begun[:, QUIET_YEARS:] = above[:, QUIET_YEARS:] & quiet
    return begun


def ruled_out(deaths: Matrix) -> Flags:
    """Return the base years after which no onset can fall within two years: one of the last two was above the line."""
    above = np.nan_to_num(deaths) >= THRESHOLD
    blocked = above.copy()
    blocked[:, 1:] |= above[:, :-1]
    return blocked


def followed(deaths: Matrix) -> Flags:
    """Return after which base years an onset came within two years; the last two columns are not yet known."""
    begun = onsets(deaths)
    after = np.zeros(begun.shape, dtype=bool)
    after[:, :-2] = begun[:, 1:-1] | begun[:, 2:]
    return after


def escalations(deaths: Matrix, *, column: int) -> tuple[Flags, Flags]:
    """Return, for the origin in ``column``: which states are calm enough to escalate, and which had 25 deaths in the next three months."""
    past = np.nan_to_num(deaths[:, column - ESCALATION_MONTHS + 1 : column + 1]).sum(axis=1)
    ahead = deaths[:, column + 1 : column + 1 + ESCALATION_MONTHS].sum(axis=1)
    return past < ESCALATION_DEATHS, ahead >= ESCALATION_DEATHS
