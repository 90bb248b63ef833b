"""Dates for windows from the register: sessions, reviews, presidencies, mandates that expire, elections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from forefend.errors import NotLoaded
from forefend.options.occurrences import Period
from forefend.panel.standing import Standing, elections, expiries, presidencies, reviews, sessions, treaty_body_sessions
from forefend.store import Store

Basis = Literal["fixed", "projected", "typical", "unverified", "undated"]

HRC_SESSIONS = {**dict.fromkeys((2, 3, 4), "hrc.march"), **dict.fromkeys((5, 6, 7), "hrc.june"), **dict.fromkeys((8, 9, 10), "hrc.sept")}
# Who renews a mandate, by the words with which its note begins: kind of mandate, then body.
RENEWALS = (
    ("UN sanctions", "sc.sanctions_renewal"),
    ("UN Security Council", "sc.mandate_renewal"),
    ("European Union", "eu.fac"),
    ("African Union", "au.summit"),
    ("ECOWAS", "ecowas.authority"),
    ("OSCE", "osce.ministerial"),
    ("OAS", "oas.ga"),
)
# Reviews are read this many years back and ahead.
REACH_YEARS = 4


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A date for a window, with the statement of the register that it rests on."""

    window: str
    period: Period
    basis: Basis
    detail: str
    about: str
    fact: Standing


def from_register(store: Store, *, state: str, about: str | None, horizon: Period) -> tuple[Dated, ...]:
    """Return every date the register has for the windows of a state, and about a country; nothing where it is not loaded.

    Sessions are returned for whole years, so that a session that is over does not leave its usual month open,
    and reviews beyond, as other windows are counted from them.
    """
    years = Period(start=horizon.start.replace(month=1, day=1), end=horizon.end.replace(month=12, day=31))
    readers: tuple[Callable[[], Iterable[Dated]], ...] = (
        lambda: _sessions(store, years),
        lambda: _reviews(store, horizon, states=(state, about) if about else (state,)),
        lambda: _committees(store, years),
        lambda: _presidencies(store, horizon, states=(state, about)),
        lambda: _mandates(store, horizon, about=about),
        lambda: _elections(store, horizon, about=about),
    )
    return tuple(entry for read in readers for entry in _if_loaded(read))


def basis_of(fact: Standing) -> Basis:
    """Return what a date of the register rests on, by how the register says it was checked."""
    if fact.is_projected:
        return "projected"
    return "fixed" if fact.is_confirmed else "unverified"


def _if_loaded(read: Callable[[], Iterable[Dated]]) -> tuple[Dated, ...]:
    try:
        return tuple(read())
    except NotLoaded:
        return ()


def _sessions(store: Store, horizon: Period) -> Iterator[Dated]:
    for fact in sessions(store, start=horizon.start, end=horizon.end):
        if fact.key == "upr_wg":
            yield _dated(fact, window="upr.session", detail=f"UPR {fact.status}")
        elif fact.key == "hrc" and fact.start is not None and fact.start.month in HRC_SESSIONS:
            yield _dated(fact, window=HRC_SESSIONS[fact.start.month], detail=f"HRC {fact.status}")


def _reviews(store: Store, horizon: Period, *, states: Iterable[str]) -> Iterator[Dated]:
    reach = {"start": date(horizon.start.year - REACH_YEARS, 1, 1), "end": date(horizon.end.year + REACH_YEARS, 12, 31)}
    for iso3 in dict.fromkeys(states):
        for fact in reviews(store, iso3=iso3, **reach):
            if fact.status not in ("deferred", "unconfirmed"):
                yield _dated(fact, window="upr.session", detail="", about=iso3)


def _committees(store: Store, horizon: Period) -> Iterator[Dated]:
    for fact in treaty_body_sessions(store, start=horizon.start, end=horizon.end):
        yield _dated(fact, window="cerd.early_warning" if fact.key == "CERD" else "treaty.review", detail=fact.key)


def _presidencies(store: Store, horizon: Period, *, states: Iterable[str | None]) -> Iterator[Dated]:
    for iso3 in dict.fromkeys(code for code in states if code):
        for fact in presidencies(store, start=horizon.start, end=horizon.end, iso3=iso3):
            yield _dated(fact, window="sc.presidency", detail="", about=iso3)


def _mandates(store: Store, horizon: Period, *, about: str | None) -> Iterator[Dated]:
    """The day of expiry is the window; where it is only known by rule of renewal, that."""
    for fact in expiries(store, about, start=horizon.start, end=horizon.end) if about else ():
        if fact.end is None:
            continue
        first = fact.start if fact.kind == "mandate_renewal" and fact.start else _first(fact.date_text, fact.end)
        yield _dated(fact, window=_renewal(fact, first), detail=fact.key, about=fact.iso3, start=first)


def _elections(store: Store, horizon: Period, *, about: str | None) -> Iterator[Dated]:
    for fact in elections(store, about, start=horizon.start, end=horizon.end) if about else ():
        yield _dated(fact, window="peace.election", detail=fact.key, about=fact.iso3, basis=_basis_of_election(fact))


def _basis_of_election(fact: Standing) -> Basis:
    """Only a date that was set is fixed; one expected or due by law follows a rule."""
    if fact.status in ("set", "held"):
        return basis_of(fact)
    return "projected" if fact.status in ("expected", "due by rule") else "unverified"


def _renewal(fact: Standing, day: date) -> str:
    kind, body = (*fact.note.split("; "), "", "")[:2]
    for words, window in RENEWALS:
        if kind.startswith(words) or body.startswith(words):
            return window
    if body.startswith("UN Human Rights Council"):
        return HRC_SESSIONS.get(day.month, "peace.calendar_other")
    return "peace.calendar_other"


def _first(text: str, last: date) -> date:
    return last if len(text) > len("2027-06") else last.replace(day=1)


def _dated(fact: Standing, *, window: str, detail: str, about: str = "", basis: Basis | None = None, start: date | None = None) -> Dated:
    first, last = start or fact.start or fact.end, fact.end or fact.start
    if first is None or last is None:
        raise ValueError(f"{fact.key} has no date")  # only statements that meet a period come here
    return Dated(window=window, period=Period(start=first, end=last), basis=basis or basis_of(fact), detail=detail, about=about, fact=fact)
