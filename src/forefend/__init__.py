"""Forefend: the Framework for Action for the Responsibility to Protect as working software.

The names below are the Python API; each imports what it needs when it is called, so that ``import forefend``
is quick. ``store`` is what ``open_store`` returns; states are named by ISO 3166 code or by name.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forefend.assess.gaps import ActionGap
    from forefend.assess.profile import FactorLevel
    from forefend.brief.document import Document
    from forefend.catalog import Catalog
    from forefend.forecast.outlook import CountryOutlook
    from forefend.options.leverage import Lever
    from forefend.options.match import OptionMatch
    from forefend.settings import Settings
    from forefend.store import Store

__version__ = "0.1.0"
__all__ = [
    "country_brief",
    "country_outlook",
    "draft_gaps",
    "leverage_of",
    "load_catalog",
    "open_store",
    "options_of",
    "resolve",
    "risk_profile",
]


def open_store(settings: Settings | None = None) -> Store:
    """Open the store that the environment (or ``settings``) points to, with the embedded figures beside it."""
    from forefend.settings import read_settings
    from forefend.store import open_store as opened

    return opened(settings or read_settings())


def load_catalog() -> Catalog:
    """Return the catalog: the Framework, risk factors, options, windows, terms and rules."""
    from forefend.catalog import load_catalog as loaded

    return loaded()


def resolve(name: str) -> str:
    """Return the ISO 3166 alpha-3 code of a name or code; raises PlaceError, never guesses."""
    from forefend.places import resolve as resolved

    return resolved(name)


def country_outlook(store: Store, country: str, *, today: date | None = None) -> CountryOutlook:
    """Return the outlook for a country: twelve months of deaths, reference class, how past forecasts did."""
    from forefend.forecast.outlook import country_outlook as outlook

    return outlook(store, resolve(country), today=today or _today())


def risk_profile(store: Store, country: str, *, today: date | None = None) -> tuple[FactorLevel, ...]:
    """Return the 14 risk factors of a country."""
    from forefend.assess.profile import profile as levels

    return levels(store, load_catalog(), resolve(country), today=today or _today())


def draft_gaps(store: Store, state: str, *, today: date | None = None) -> tuple[ActionGap, ...]:
    """Return the 21 actions of a state as data can draft them."""
    from forefend.assess.gaps import gaps as drafted

    return drafted(store, load_catalog(), resolve(state), today=today or _today())


def leverage_of(store: Store, actor: str, target: str, *, today: date | None = None) -> tuple[Lever, ...]:
    """Return what one state holds over another, channel by channel."""
    from forefend.options.leverage import leverage as levers

    return levers(store, load_catalog(), resolve(actor), resolve(target), today=today or _today())


def options_of(store: Store, actor: str, target: str, *, level: int | None = None, today: date | None = None) -> tuple[OptionMatch, ...]:
    """Return the options of one state toward another, by relevance, then leverage."""
    from forefend.options.match import options_for

    return options_for(store, load_catalog(), resolve(actor), resolve(target), today=today or _today(), level=level)


def country_brief(
    country: str, *, for_state: str, store: Store | None = None, language: str = "en", marking: str = "AMBER", today: date | None = None
) -> Document:
    """Return the country brief as a document; render it with ``forefend.brief.render``."""
    from forefend.brief.briefs.country import country_brief as write
    from forefend.locale import language as spoken

    opened = store or open_store()
    return write(opened, load_catalog(), country, for_state=for_state, lang=spoken(language), marking=marking, today=today or _today())


def _today() -> date:
    return datetime.now(UTC).date()
