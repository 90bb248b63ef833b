"""From a name or code, as publishers and people write it, to one state; never by guessing.

Names of today come from the Unicode CLDR (English, French, Spanish, Arabic) and from ``data/aliases.csv``.
A name that could mean two states, or a state that is no more, is answered as such. Near matches are
named in the refusal and never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from forefend.errors import AmbiguousPlace, HistoricalPlace, PlaceError, UnknownPlace
from forefend.places.cldr import listed, names_in
from forefend.places.codes import as_of, from_code
from forefend.places.model import former_states, rows, states
from forefend.places.spelling import key, normal

LANGUAGES = ("en", "fr", "es", "ar")
_WITH_OTHER_NAME = re.compile(r"^(?P<one>[^(/]+?)\s*(?:\((?P<bracket>[^()]+)\)|/\s*(?P<slash>[^/()]+))$")


@dataclass(frozen=True)
class _Name:
    """One meaning of a name: of a state (name, former), of several (ambiguous), of a former state (dissolved), of an area (part)."""

    kind: str
    means: tuple[str, ...]
    since: int = 1
    until: int = date.max.year


def resolve(text: str, *, on: date | None = None, publisher: str = "") -> str:
    """Return the alpha-3 code of the one state that a name, alpha-2 or alpha-3 code means.

    With ``on``, the name is read as of that day, as in a publisher's historical rows: a former state that
    publishers carry on as one of today's (Yugoslavia as Serbia) is that state then. With ``publisher``, a name
    that one publisher always uses for one state is that state (``Congo`` in tables of the OECD). Raises
    UnknownPlace, AmbiguousPlace (with candidates) or HistoricalPlace (with successors).
    """
    wanted = " ".join(text.split())
    if publisher and (own := _of_publisher(publisher).get(key(wanted))):
        return own
    found = _find(wanted, on=on)
    if found is None and (both := _WITH_OTHER_NAME.match(wanted)) is not None:
        found = _by_both_names(wanted, both["one"], both["bracket"] or both["slash"], on=on)
    if found is None:
        raise UnknownPlace(_unknown(wanted))
    return found


def resolve_many(names: Iterable[str], *, on: date | None = None, publisher: str = "") -> dict[str, str | PlaceError]:
    """Resolve many names; what does not resolve is returned as its refusal."""
    found: dict[str, str | PlaceError] = {}
    for name in names:
        try:
            found[name] = resolve(name, on=on, publisher=publisher)
        except PlaceError as refusal:
            found[name] = refusal
    return found


def _find(text: str, *, on: date | None) -> str | None:
    """Read a code or a name; None where it is neither."""
    if (by_code := _by_code(text, on=on)) is not None:
        return by_code
    meanings = _index().get(key(text))
    return _settle(text, meanings, on=on) if meanings else None


def _by_code(text: str, *, on: date | None) -> str | None:
    """Read an ISO code. Two letters must be of one case, so that a word at the start of a sentence is none."""
    scheme = {2: "alpha2", 3: "alpha3"}.get(len(text))
    if scheme is None or not (text.isascii() and text.isalpha()) or (len(text) == 2 and not (text.isupper() or text.islower())):
        return None
    try:
        return from_code(text, scheme=scheme, on=on)
    except UnknownPlace:
        return None


def _by_both_names(text: str, one: str, other: str, *, on: date | None) -> str | None:
    """Read ``Myanmar (Burma)`` or ``Tanzania/Tanganyika``: taken only where both names lead to the same state."""
    try:
        iso3 = _find(one, on=on)
    except PlaceError:
        iso3 = None
    if iso3 is None:
        return None
    former = [former_states()[m.means[0]] for m in _index().get(key(other), ()) if m.kind == "dissolved"]
    if any(entry.continued_by == iso3 for entry in former):
        return iso3
    if any(iso3 in entry.successors for entry in former):
        return as_of(former[0], what=repr(text), on=on)
    try:
        return iso3 if _find(other, on=on) == iso3 else None
    except PlaceError:
        return None


def _settle(text: str, meanings: tuple[_Name, ...], *, on: date | None) -> str:
    fitting = [m for m in meanings if on is None or m.since <= on.year <= m.until] or list(meanings)
    candidates: tuple[str, ...] = tuple(sorted({place for m in fitting for place in m.means}))
    kind, first = fitting[0].kind, fitting[0].means[0]
    if len(candidates) > 1:
        raise AmbiguousPlace(f"{text!r} could be more than one state. Give one of {listed(candidates)}.", candidates=candidates)
    if kind == "dissolved":
        return as_of(former_states()[first], what=repr(text), on=on)
    if kind == "part":
        raise HistoricalPlace(
            f"{text!r} is an area without a code here. Give {listed(candidates)} if that is meant, or leave it out.", successors=candidates
        )
    return first


def _unknown(text: str) -> str:
    """Say that a name is unknown, with the nearest known ones. The search is never used to resolve."""
    from difflib import get_close_matches

    if reason := out_of_scope("name").get(key(text)):
        return f"{text!r} is no state: {reason}. Leave such rows out, or give a state."
    near = get_close_matches(normal(text), list(_spellings()), n=4, cutoff=0.7)
    meant = dict.fromkeys(place for name in near for m in _index()[_spellings()[name]] for place in m.means if place in states())
    hint = f" Perhaps {listed(list(meant)[:4])} is meant." if meant else ""
    return f"No state is known as {text!r}.{hint} Give an ISO 3166 code or a name of today."


def _entries() -> Iterable[tuple[str, _Name]]:
    for row in rows("aliases.csv"):
        years = int(row["valid_from"] or 1), int(row["valid_to"] or date.max.year)
        yield row["alias"], _Name(row["kind"], tuple(row["means"].split()), *years)
    for former in former_states().values():
        yield former.name, _Name("dissolved", (former.id,))
    for language in LANGUAGES:
        for iso3, name in names_in(language).items():
            yield name, _Name("name", (iso3,))


@cache
def _index() -> Mapping[str, tuple[_Name, ...]]:
    """Map what spellings share to meanings. A name declared ambiguous stays so, whatever CLDR calls by it."""
    found: dict[str, tuple[_Name, ...]] = {}
    for name, entry in _entries():
        shared, known = key(name), found.get(key(name), ())
        is_known = any(m.kind == "ambiguous" or (m.kind in ("name", "former") and m.means == entry.means) for m in known)
        found[shared] = known if is_known else (*known, entry)
    return found


@cache
def out_of_scope(scheme: str) -> Mapping[str, str]:
    """Return what publishers write in place of a state, with the reason it is none: by ``key`` for names, else by code."""
    return {
        key(row["name"]) if scheme == "name" else row["name"]: row["reason"] for row in rows("out_of_scope.csv") if row["scheme"] == scheme
    }


@cache
def _of_publisher(publisher: str) -> Mapping[str, str]:
    found = {key(row["name"]): row["iso3"] for row in rows("publisher_names.csv") if row["publisher"] == publisher}
    if not found:
        raise UnknownPlace(f"No names of a publisher called {publisher!r} are kept. Leave the publisher out.")
    return found


@cache
def _spellings() -> Mapping[str, str]:
    return {normal(name): key(name) for name, _ in _entries()}
