"""What stands between a state and the world: commitments, memberships, treaties, votes, and dates ahead.

Every statement keeps the words of its source, its date as written and how far it was checked. A missing
row never means no. What no stored snapshot holds raises NotLoaded, which names the source to fetch.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forefend.errors import NotLoaded
from forefend.panel.facts import Standing, read_each, statements
from forefend.panel.treaties import CORE_TREATIES, TreatyStatus, count_of, treaties_in_force, treaty_status
from forefend.store import Store

__all__ = [
    "CORE_TREATIES",
    "Standing",
    "TreatyStatus",
    "commitments",
    "count_of",
    "elections",
    "expiries",
    "is_member",
    "mandates",
    "members",
    "memberships",
    "presidencies",
    "read_each",
    "reviews",
    "sessions",
    "statements",
    "treaties_in_force",
    "treaty_body_sessions",
    "treaty_status",
    "votes",
]

SEATS = {"UNSC": 15, "HRC": 47}  # bodies of which it can be told whether all members are known
MEMBER = ("member", "elected member", "permanent member", "joined")
LEFT = ("withdrawn", "expelled", "participation ended", "suspended, then left")


def commitments(store: Store, iso3: str, *, on: date, key: str | None = None) -> tuple[Standing, ...]:
    """Return what a state has committed to, or has not, by key."""
    found = statements(store, "commitment", iso3=iso3, key=key)
    return tuple(sorted((s for s in found if s.stands(on)), key=lambda s: s.key))


def memberships(store: Store, iso3: str, *, on: date) -> tuple[Standing, ...]:
    """Return a state's standing in organisations on a day: a suspension stands beside the membership."""
    found = statements(store, "membership", iso3=iso3)
    return tuple(sorted((s for s in found if s.stands(on)), key=lambda s: (s.key, s.start or date.min)))


def members(store: Store, organisation: str, *, on: date) -> tuple[Standing, ...]:
    """Return the members of an organisation on a day, suspended ones too; one statement for each state.

    Of the Security Council (UNSC), years before the register are taken from the publisher's list.
    """
    found = _in_force(statements(store, "membership", key=organisation), on=on)
    if organisation == "UNSC" and len(found) < SEATS["UNSC"]:
        found = _in_force(_if_loaded(store, "council_term", key="unsc"), on=on) or found
    return found


def is_member(store: Store, iso3: str, organisation: str, *, on: date) -> bool | None:
    """Tell whether a state is a member on a day; None where the known members are not all of them."""
    found = members(store, organisation, on=on)
    if any(s.iso3 == iso3 for s in found):
        return True
    return False if len(found) >= SEATS.get(organisation, 1) else None


def votes(store: Store, iso3: str, *, key: str | None = None) -> tuple[Standing, ...]:
    """Return how a state voted in the stored roll calls, oldest first."""
    return _by_date(statements(store, "vote", iso3=iso3, key=key))


def elections(store: Store, iso3: str, *, start: date, end: date) -> tuple[Standing, ...]:
    """Return the national elections of a state within a period."""
    return _within(statements(store, "election", iso3=iso3), start=start, end=end)


def reviews(store: Store, *, iso3: str | None = None, start: date, end: date) -> tuple[Standing, ...]:
    """Return Universal Periodic Reviews within a period, of one state or of all."""
    return _within(statements(store, "review", iso3=iso3), start=start, end=end)


def mandates(store: Store, iso3: str, *, on: date) -> tuple[Standing, ...]:
    """Return the mandates about a state that have not ended by a day, as far as is known."""
    found = statements(store, "mandate", iso3=iso3)
    return tuple(s for s in _by_date(found) if s.status != "ended" and (s.end is None or s.end >= on or s.status == "check"))


def expiries(store: Store, iso3: str, *, start: date, end: date) -> tuple[Standing, ...]:
    """Return the mandates about a state that expire within a period, then those projected to by their rule of renewal."""
    ending = [s for s in statements(store, "mandate", iso3=iso3) if s.end is not None and start <= s.end <= end and s.status != "ended"]
    projected = _within(_if_loaded(store, "mandate_renewal", iso3=iso3), start=start, end=end)
    return (*sorted(ending, key=lambda s: (s.end or date.max, s.key)), *projected)


def presidencies(store: Store, *, start: date, end: date, iso3: str | None = None) -> tuple[Standing, ...]:
    """Return the monthly presidencies of the Security Council within a period."""
    return _within(statements(store, "presidency", iso3=iso3), start=start, end=end)


def sessions(store: Store, *, start: date, end: date, key: str | None = None) -> tuple[Standing, ...]:
    """Return sessions within a period: of ``hrc``, ``hrc_special`` or ``upr_wg``."""
    return _within(statements(store, "session", key=key), start=start, end=end)


def treaty_body_sessions(store: Store, *, start: date, end: date) -> tuple[Standing, ...]:
    """Return the sessions of treaty bodies within a period."""
    return _within(statements(store, "treaty_body_session"), start=start, end=end)


def _if_loaded(store: Store, kind: str, *, iso3: str | None = None, key: str | None = None) -> tuple[Standing, ...]:
    try:
        return statements(store, kind, iso3=iso3, key=key)
    except NotLoaded:
        return ()


def _in_force(found: Iterable[Standing], *, on: date) -> tuple[Standing, ...]:
    """One statement of membership for each state; who has left by the day is no member."""
    standing = [s for s in found if s.stands(on)]
    gone = {s.iso3 for s in standing if s.plain_status in LEFT}
    belongs = [s for s in standing if s.iso3 not in gone and (s.plain_status in MEMBER or s.plain_status.startswith("member"))]
    return tuple({s.iso3: s for s in sorted(belongs, key=lambda s: (s.iso3, s.start or date.min))}.values())


def _within(found: Iterable[Standing], *, start: date, end: date) -> tuple[Standing, ...]:
    return _by_date(s for s in found if s.touches(start, end))


def _by_date(found: Iterable[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(found, key=lambda s: (s.start or s.end or date.max, s.key, s.iso3)))
