"""The world's base rate and the reference classes, as figures that open to the deaths they are counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from forefend.forecast import formulas  # noqa: F401 - registers the formulas named below
from forefend.forecast.history import windows
from forefend.forecast.memory import remember
from forefend.forecast.reference import CLASSES, UNDER_WAY, DeathClass, class_of
from forefend.forecast.tables import base_history
from forefend.locale import N_
from forefend.panel.deaths import FIRST_YEAR, first_years, month_end, window_query
from forefend.store import Figure, Query, Store, compute, missing_figure

BASE_RATE = N_("Chance that a new mass killing begins within two years: all country-years")
CHANCE = N_("Chance that a new mass killing begins within two years: country-years like this one")
ONSETS = N_("Country-years that a new mass killing followed within two years")
COUNTRY_YEARS = N_("Country-years whose two following years are known")
MULTIPLE = N_("Chance as a multiple of the base rate")
EVERY = "all"


@dataclass(frozen=True, kw_only=True)
class ReferenceClass:
    """Past country-years that looked alike, and how many of them a new mass killing followed within two years.

    ``chance`` carries the 90 % interval as ``low`` and ``high``, which are ``chance_low`` and ``chance_high``;
    it is missing where the definition rules a new one out (``is_under_way``).
    """

    id: str
    label: str
    is_under_way: bool
    onsets: Figure
    country_years: Figure
    chance: Figure
    chance_low: Figure
    chance_high: Figure


@dataclass(frozen=True, kw_only=True)
class World:
    """The base rate (the class of all country-years) and every reference class by id, as of a base year.

    ``class_by_state`` gives the id of the class of every state of that year.
    """

    base_year: int
    base: ReferenceClass
    classes: Mapping[str, ReferenceClass]
    class_by_state: Mapping[str, str]

    @property
    def base_rate(self) -> Figure:
        """The world's base rate."""
        return self.base.chance


def world_rates(store: Store, *, as_of: date | None = None) -> World:
    """Return base rate and reference classes for the newest whole year known on a day; kept while the store stays the same.

    Raises NotLoaded, and ForecastError where the years stored are too few.
    """
    known = base_history(store, as_of=as_of)
    query = rows_until(store, known.origin, as_of=as_of)

    def make() -> World:
        return World(
            base_year=known.origin.year,
            base=_count(store, query, None, newest=known.origin),
            classes={entry.id: _count(store, query, entry, newest=known.origin) for entry in CLASSES},
            class_by_state={iso3: entry.id for iso3, entry in zip(known.iso3s, class_of(windows(known.deaths)), strict=True)},
        )

    return remember(store, ("world", query), make)


def multiple(store: Store, chance: Figure, base_rate: Figure) -> Figure:
    """Return how many times the base rate a chance is."""
    return compute(store, label=MULTIPLE, unit="times", formula="ratio", inputs=[chance, base_rate], period=chance.period)


def rows_until(store: Store, newest: date, *, as_of: date | None) -> Query:
    """Return the query for all rows of one-sided deaths up to a month."""
    return window_query(store, kind="os", start=date(FIRST_YEAR, 1, 1), end=month_end(newest), as_of=as_of)


def layout(newest: date) -> dict[str, Any]:
    """Return the parameter ``panel``, which tells the formulas of this room how to lay rows out."""
    return {**_states(), "newest": f"{newest:%Y-%m}"}


@cache
def _states() -> dict[str, Any]:
    first = first_years()
    return {"states": " ".join(first), "since": {iso3: year for iso3, year in first.items() if year > FIRST_YEAR}}


def _count(store: Store, query: Query, entry: DeathClass | None, *, newest: date) -> ReferenceClass:
    """Count one class, or with None all country-years, up to the newest base year whose outcome is known."""
    name, ahead = entry.id if entry else EVERY, f"{newest.year + 1}–{newest.year + 2}"
    params, counted = {"death_class": name, "panel": layout(newest)}, f"{FIRST_YEAR + 2}–{newest.year - 2}"
    onsets, country_years = (
        compute(store, label=label, unit=unit, formula=formula, inputs=[query], params=params, period=counted)
        for label, unit, formula in ((ONSETS, "country-years", "class_onsets"), (COUNTRY_YEARS, "country-years", "class_country_years"))
    )
    label = CHANCE if entry else BASE_RATE
    if entry is not None and entry.is_under_way:
        chance = low = high = missing_figure(label=label, unit="chance", reason=UNDER_WAY, period=ahead)
    else:
        chance, low, high = (
            compute(store, label=label, unit="chance", formula=formula, inputs=[onsets, country_years], period=ahead)
            for formula in ("ratio", "wilson_low", "wilson_high")
        )
    return ReferenceClass(
        id=name,
        label=entry.label if entry else N_("all country-years"),
        is_under_way=entry is not None and entry.is_under_way,
        onsets=onsets,
        country_years=country_years,
        chance=replace(chance, low=low.value, high=high.value),
        chance_low=low,
        chance_high=high,
    )
