"""What a country brief is asked for, and everything computed for it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from forefend.assess.profile import FactorLevel, profile
from forefend.catalog import Catalog
from forefend.forecast.outlook import CountryOutlook, country_outlook
from forefend.locale import Language
from forefend.options.leverage import Lever, leverage
from forefend.options.match import OptionMatch, options_for
from forefend.panel.deaths import newest_month, year_deaths
from forefend.places import place_name
from forefend.store import Figure, Store

STALE_AFTER_MONTHS = 3
WORST_FIFTH = 80.0  # percentile


@dataclass(frozen=True)
class Ask:
    """One request for a brief; the computed parts are kept once made."""

    store: Store
    catalog: Catalog
    target: str
    actor: str
    lang: Language
    today: date

    @cached_property
    def outlook(self) -> CountryOutlook:
        """The forecast, its history and how past forecasts did."""
        return country_outlook(self.store, self.target, today=self.today)

    @cached_property
    def levels(self) -> tuple[FactorLevel, ...]:
        """The 14 risk factors."""
        return profile(self.store, self.catalog, self.target, today=self.today)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What the actor holds over the target."""
        return leverage(self.store, self.catalog, self.actor, self.target, today=self.today)

    @cached_property
    def matches(self) -> tuple[OptionMatch, ...]:
        """Options, by relevance, then leverage."""
        return options_for(self.store, self.catalog, self.actor, self.target, today=self.today, factors=self.levels)

    @property
    def name(self) -> str:
        """The country's name in the reader's language."""
        return place_name(self.target, self.lang.code)

    @property
    def actor_name(self) -> str:
        """The acting state's name in the reader's language."""
        return place_name(self.actor, self.lang.code)

    @property
    def newest(self) -> date:
        """The newest month of deaths stored, for any state."""
        return newest_month(self.store)

    @property
    def last_year(self) -> int:
        """The newest whole year of the deaths stored."""
        return self.newest.year if self.newest.month == 12 else self.newest.year - 1

    def deaths(self, kind: str, year: int, iso3: str = "") -> Figure:
        """Deaths of one kind in one year, in the country unless another is named."""
        return year_deaths(self.store, iso3 or self.target, kind=kind, year=year)
