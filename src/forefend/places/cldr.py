"""Names of states in people's languages, from the Unicode CLDR through Babel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from forefend.places.model import state, states


@cache
def place_name(iso3: str, language: str = "en") -> str:
    """Return the CLDR name of a state in a language given by its code; raises UnknownPlace."""
    return names_in(language)[state(iso3).iso3]


@cache
def names_in(language: str) -> Mapping[str, str]:
    """Return the CLDR names of all states in a language by alpha-3 code."""
    from babel import Locale  # reading its tables takes longer than everything else here

    territories = Locale.parse(language).territories
    return {iso3: territories.get(entry.iso2, iso3) for iso3, entry in states().items()}


def listed(found: Iterable[str]) -> str:
    """Write states for a refusal: ``KOR (South Korea), PRK (North Korea)``."""
    return ", ".join(f"{iso3} ({place_name(iso3)})" for iso3 in found)
