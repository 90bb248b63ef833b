"""Codes of other schemes to ISO 3166-1 alpha-3, with what a number meant at another time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from forefend.errors import HistoricalPlace, UnknownPlace
from forefend.places.model import SCHEMES, rows, states


@dataclass(frozen=True)
class _Meaning:
    iso3: str
    since: int
    until: int
    note: str


@cache
def codes(scheme: str) -> Mapping[str | int, str]:
    """Return the codes of today of one scheme: text for alpha2 and alpha3, whole numbers for the others."""
    if scheme not in SCHEMES:
        raise UnknownPlace(f"No code scheme is called {scheme!r}. Known schemes: {', '.join(SCHEMES)}.")
    attribute = {"alpha2": "iso2", "alpha3": "iso3"}.get(scheme, scheme)
    found = {getattr(entry, attribute): iso3 for iso3, entry in states().items()}
    return MappingProxyType({code: iso3 for code, iso3 in found.items() if code not in (None, "")})


def from_code(code: str | float, *, scheme: str, on: date | None = None) -> str:
    """Return the alpha-3 code that a code of another scheme means, on a day if one is given.

    Raises HistoricalPlace for a state that no publisher continues as one of today's, UnknownPlace else.
    """
    plain = _plain(code, scheme=scheme)
    meanings = _history().get((scheme, plain), ())
    fitting = [m for m in meanings if on is None or m.since <= on.year <= m.until]
    for meaning in fitting:
        if meaning.iso3 and (on is not None or meaning.until == date.max.year):
            return meaning.iso3
    if plain in codes(scheme):
        return codes(scheme)[plain]
    if meanings:
        meaning = (fitting or list(meanings))[0]
        if meaning.iso3:
            return meaning.iso3
        raise HistoricalPlace(
            f"{scheme} code {plain} is {meaning.note}, which no state of today continues. Leave such rows out.", successors=()
        )
    raise UnknownPlace(f"{scheme} code {plain!r} belongs to no state. Give an ISO 3166 code or a name.")


def _plain(code: str | float, *, scheme: str) -> str | int:
    if scheme in ("alpha2", "alpha3"):
        return str(code).strip().upper()
    try:
        return int(float(code))
    except ValueError:
        raise UnknownPlace(f"{scheme} codes are numbers; {code!r} is not. Give the number.") from None


@cache
def _history() -> Mapping[tuple[str, str | int], tuple[_Meaning, ...]]:
    found: dict[tuple[str, str | int], tuple[_Meaning, ...]] = {}
    for row in rows("codes_history.csv"):
        key = (row["scheme"], _plain(row["code"], scheme=row["scheme"]))
        meaning = _Meaning(row["iso3"], int(row["from"] or 1), int(row["to"] or date.max.year), row["note"])
        found[key] = (*found.get(key, ()), meaning)
    return found
