"""From a name or code, as publishers and people write it, to one state; never by guessing.

Names of today come from the Unicode CLDR (English, French, Spanish, Arabic) and from ``data/names.csv``.
A name that could mean two states, or a state that is no more, is answered as such. Near matches are
named in the refusal and never taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache

from forefend.errors import AmbiguousPlace, HistoricalPlace, PlaceError, UnknownPlace
from forefend.places.codes import codes, from_code
from forefend.places.model import rows, states

LANGUAGES = ("en", "fr", "es", "ar")


@dataclass(frozen=True)
class _Name:
    kind: str
    iso3: tuple[str, ...]
    continued: str
    since: int
    until: int


def resolve(text: str, *, on: date | None = None) -> str:
    """Return the alpha-3 code of the one state that a name or code means.

    With ``on``, the name is read as of that day, as in a publisher's historical rows: a dissolved state that
    publishers carry on as one of today's (Yugoslavia as Serbia) is that state then. Raises UnknownPlace,
    AmbiguousPlace (with candidates) or HistoricalPlace (with successors).
    """
    wanted = text.strip()
    if by_code := _as_code(wanted, on=on):
        return by_code
    meanings = _index().get(normal(wanted), ())
    if not meanings:
        raise UnknownPlace(_unknown(wanted))
    return _settle(wanted, meanings, on=on)


def resolve_many(names: Iterable[str], *, on: date | None = None) -> dict[str, str | PlaceError]:
    """Resolve many names; what does not resolve is returned as its refusal."""
    found: dict[str, str | PlaceError] = {}
    for name in names:
        try:
            found[name] = resolve(name, on=on)
        except PlaceError as refusal:
            found[name] = refusal
    return found


@cache
def place_name(iso3: str, language: str = "en") -> str:
    """Return the CLDR name of a state in a language; the code itself where CLDR has none."""
    if iso3 not in states():
        raise UnknownPlace(f"No state has the code {iso3!r}. Give an ISO 3166 code or a name.")
    return _territories(language).get(states()[iso3].iso2) or iso3


def normal(text: str) -> str:
    """Reduce a name to what is compared: no case, accents, quotes, punctuation, articles or doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’‘`´ʼ]", "", plain)
    plain = re.sub(r"[^\w]+", " ", plain)
    words = [word for word in plain.split() if word not in {"the", "of"}]
    return " ".join("saint" if word == "st" else word for word in words)


def _as_code(text: str, *, on: date | None) -> str | None:
    if len(text) not in (2, 3) or not text.isascii() or not text.isalpha() or text != text.upper():
        return codes("alpha3").get(text.upper()) if len(text) == 3 and text.isascii() and text.isalpha() else None
    try:
        return from_code(text, scheme="alpha2" if len(text) == 2 else "alpha3", on=on)
    except UnknownPlace:
        return None


def _settle(text: str, meanings: tuple[_Name, ...], *, on: date | None) -> str:
    alive = [m for m in meanings if m.kind in ("name", "former") and (on is None or m.since <= on.year <= m.until)]
    dissolved = [m for m in meanings if m.kind == "dissolved"]
    if on is not None:
        alive = alive or [m for m in meanings if m.kind in ("name", "former")]
        alive += [_Name("name", (m.continued,), "", m.since, m.until) for m in dissolved if m.continued and not alive]
    found = sorted({m.iso3[0] for m in alive})
    if len(found) == 1 and not any(m.kind == "ambiguous" for m in meanings):
        return found[0]
    if dissolved and not found:
        successors = dissolved[0].iso3
        raise HistoricalPlace(
            f"{text!r} is a state that is no more. Name one of its successors: {_listed(successors)}.", successors=successors
        )
    candidates = tuple(sorted({iso3 for m in meanings for iso3 in m.iso3}))
    raise AmbiguousPlace(f"{text!r} could be more than one state. Say which: {_listed(candidates)}.", candidates=candidates)


def _listed(found: Iterable[str]) -> str:
    return ", ".join(f"{iso3} ({place_name(iso3)})" for iso3 in found)


def _unknown(text: str) -> str:
    near = get_close_matches(normal(text), list(_index()), n=3, cutoff=0.75)
    meant = dict.fromkeys(iso3 for name in near for m in _index()[name] for iso3 in m.iso3[:1])
    hint = f" Did you mean {_listed(meant)}?" if meant else ""
    return f"No state is known as {text!r}.{hint} Give an ISO 3166 code or a name."


@cache
def _index() -> Mapping[str, tuple[_Name, ...]]:
    found: dict[str, tuple[_Name, ...]] = {}

    def add(name: str, entry: _Name) -> None:
        key = normal(name)
        known = found.get(key, ())
        if not any(m.kind == "ambiguous" for m in known) and entry not in known:
            found[key] = (*known, entry)

    for row in rows("names.csv"):
        years = int(row["from"] or 1), int(row["to"] or date.max.year)
        add(row["name"], _Name(row["kind"], tuple(row["iso3"].split()), row["continued"], *years))
    for language in LANGUAGES:
        names = _territories(language)
        for iso3, entry in states().items():
            if entry.iso2 in names:
                add(names[entry.iso2], _Name("name", (iso3,), "", 1, date.max.year))
    return found


@cache
def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale

    return dict(Locale.parse(language).territories)
