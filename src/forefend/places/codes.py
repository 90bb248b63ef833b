"""Codes of other schemes to ISO 3166-1 alpha-3, with what a number meant at another time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from forefend.errors import AmbiguousPlace, HistoricalPlace, UnknownPlace
from forefend.places.cldr import listed
from forefend.places.model import NUMBERS, SCHEMES, FormerState, former_states, rows, states

_ATTRIBUTE = {"alpha2": "iso2", "alpha3": "iso3"}
_LETTERS = (*_ATTRIBUTE, "fips")
PART = "part:"


@dataclass(frozen=True)
class _Meaning:
    means: str
    since: int
    until: int
    note: str


@cache
def codes(scheme: str) -> Mapping[str | int, str]:
    """Return the codes of today of one scheme: text for alpha2, alpha3 and fips, whole numbers for the others."""
    if scheme not in SCHEMES:
        raise UnknownPlace(f"No code scheme is called {scheme!r}. Give one of {', '.join(SCHEMES)}.")
    attribute = _ATTRIBUTE.get(scheme, scheme)
    found = {getattr(entry, attribute): iso3 for iso3, entry in states().items()}
    return MappingProxyType({code: iso3 for code, iso3 in found.items() if code is not None})


def from_code(code: str | float, *, scheme: str, on: date | None = None) -> str:
    """Return the alpha-3 code that a code of another scheme means, on a day if one is given.

    A number that publishers carry over from a former state (365 for the Soviet Union and Russia) is the state
    of today at any time. Raises HistoricalPlace for a state that none of today's continues and for an area that
    a publisher counts apart from its state; AmbiguousPlace where only the day can tell; UnknownPlace else.
    """
    known = codes(scheme)
    plain = _plain(code, scheme=scheme)
    if plain in known:
        return known[plain]
    meanings = _history().get((scheme, plain), ())
    fitting = [meaning for meaning in meanings if on is None or meaning.since <= on.year <= meaning.until] or list(meanings)
    if not fitting:
        raise UnknownPlace(f"The {scheme} code {plain!r} belongs to no state. Give another code or a name.")
    if len(fitting) > 1:
        candidates = sorted({iso3 for meaning in fitting for iso3 in former_states()[meaning.means].successors})
        told = " or ".join(meaning.note for meaning in fitting)
        raise AmbiguousPlace(f"The {scheme} code {plain} was {told}. Give the date or a name.", candidates=tuple(candidates))
    return _settle(fitting[0], what=f"The {scheme} code {plain}", on=on)


def as_of(former: FormerState, *, what: str, on: date | None) -> str:
    """Return the state of today that continues a former one in rows of its time; raises HistoricalPlace else."""
    if on is not None and former.continued_by and former.existed(on):
        return former.continued_by
    years = f"{former.since.year}–{former.until.year}" if former.since else f"to {former.until.year}"
    raise HistoricalPlace(
        f"{what} is a state that is no more: {former.name} ({years}). Give a state of today: {listed(former.successors)}.",
        successors=former.successors,
    )


def _settle(meaning: _Meaning, *, what: str, on: date | None) -> str:
    if meaning.means.startswith(PART):
        whole = meaning.means.removeprefix(PART)
        raise HistoricalPlace(
            f"{what} is {meaning.note}, counted apart and without a code here. Leave it out, or give {listed([whole])} for the whole.",
            successors=(whole,),
        )
    if meaning.means in former_states():
        return as_of(former_states()[meaning.means], what=what, on=on)
    return meaning.means


def _plain(code: str | float, *, scheme: str) -> str | int:
    if scheme in _LETTERS:
        return str(code).strip().upper()
    try:
        number = float(code)
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise UnknownPlace(f"{code!r} is no {scheme} code; they are whole numbers. Give the number.") from None
    return int(number)


@cache
def _history() -> Mapping[tuple[str, str | int], tuple[_Meaning, ...]]:
    found: dict[tuple[str, str | int], tuple[_Meaning, ...]] = {}

    def add(scheme: str, code: str | int, meaning: _Meaning) -> None:
        found[scheme, code] = (*found.get((scheme, code), ()), meaning)

    for former in former_states().values():
        for scheme in ("alpha3", *NUMBERS):
            code = former.iso3 if scheme == "alpha3" else getattr(former, scheme)
            if code:
                add(scheme, code, _Meaning(former.id, 1, date.max.year, former.name))
    for row in rows("codes_history.csv"):
        years = int(row["from"] or 1), int(row["to"] or date.max.year)
        add(row["scheme"], _plain(row["code"], scheme=row["scheme"]), _Meaning(row["means"], *years, row["note"]))
    return found
