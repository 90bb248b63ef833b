"""States and territories as facts: one key (ISO 3166-1 alpha-3), the codes of others, regions, land neighbours."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from forefend.errors import UnknownPlace

DATA = Path(__file__).parent / "data"
SCHEMES = ("alpha2", "alpha3", "m49", "gw", "cow", "vdem", "fips")
NUMBERS = ("m49", "gw", "cow", "vdem")


@dataclass(frozen=True, kw_only=True)
class State:
    """A state or territory. No position on status is implied.

    ``m49`` is the number of the UN Statistics Division, ``gw`` that of Gleditsch and Ward, ``cow`` that of the
    Correlates of War, ``vdem`` that of Varieties of Democracy; ``fips`` is the two-letter code of the withdrawn
    standard FIPS 10-4, which looks like ``iso2`` and means other states. ``since`` is the day from which it is independent
    without a break, counted through a predecessor whose seat it keeps (Russia through the Soviet Union, Serbia
    through Yugoslavia, Yemen through North Yemen) and through occupation in war; None before 1816 and for
    territories. ``until`` is None: states that are no more are in ``former_states``. ``neighbours`` share a land
    border.
    """

    iso3: str
    iso2: str
    m49: int | None
    gw: int | None
    cow: int | None
    vdem: int | None
    fips: str | None
    region: str
    subregion: str
    is_state: bool
    is_un_member: bool
    is_microstate: bool
    since: date | None
    until: date | None
    neighbours: tuple[str, ...]

    def existed(self, on: date) -> bool:
        """Tell whether it was independent on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, kw_only=True)
class FormerState:
    """A state (or territory) that is no more.

    ``iso3`` is its ISO 3166-3 code, empty where it has none. ``successors`` are the states of today on its
    territory; ``continued_by`` is the one under which publishers carry its rows on, empty where none does.
    """

    id: str
    name: str
    iso3: str
    since: date | None
    until: date
    successors: tuple[str, ...]
    continued_by: str
    m49: int | None
    gw: int | None
    cow: int | None
    vdem: int | None

    def existed(self, on: date) -> bool:
        """Tell whether it existed in the year of a day; publishers date whole years by any of their days."""
        return (self.since is None or self.since.year <= on.year) and on.year <= self.until.year


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read one of this room's tables, without its comment lines. Every field is text, so that NA is Namibia."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(line for line in stream if not line.startswith("#"))


@cache
def states() -> Mapping[str, State]:
    """Return all states and territories of today by alpha-3 code."""
    borders: dict[str, set[str]] = {}
    for pair in rows("borders.csv"):
        borders.setdefault(pair["one"], set()).add(pair["other"])
        borders.setdefault(pair["other"], set()).add(pair["one"])
    found = {row["iso3"]: _state(row, neighbours=tuple(sorted(borders.get(row["iso3"], ())))) for row in rows("states.csv")}
    return MappingProxyType(found)


@cache
def former_states() -> Mapping[str, FormerState]:
    """Return the states that are no more by id."""
    return MappingProxyType({row["id"]: _former(row) for row in rows("former_states.csv")})


def state(iso3: str) -> State:
    """Return one state by its alpha-3 code."""
    try:
        return states()[iso3]
    except KeyError:
        raise UnknownPlace(f"No state has the alpha-3 code {iso3!r}. Give one in capital letters, such as BFA.") from None


def neighbours(iso3: str) -> tuple[str, ...]:
    """Return the states and territories with a land border to this one."""
    return state(iso3).neighbours


@cache
def universe(name: str) -> frozenset[str]:
    """Return a set of states that a source covers.

    ``un_members``; ``ucdp``: independent states of Gleditsch and Ward without the microstates, as UCDP
    covers them; ``vdem``; ``states``: every state of this room; ``all``: territories too.
    """
    rule: dict[str, Callable[[State], bool]] = {
        "un_members": lambda s: s.is_un_member,
        "ucdp": lambda s: s.gw is not None and not s.is_microstate,
        "vdem": lambda s: s.vdem is not None,
        "states": lambda s: s.is_state,
        "all": lambda _s: True,
    }
    if name not in rule:
        raise UnknownPlace(f"No set of states is called {name!r}. Give one of {', '.join(rule)}.")
    return frozenset(iso3 for iso3, entry in states().items() if rule[name](entry))


def _state(row: dict[str, str], *, neighbours: tuple[str, ...]) -> State:
    return State(
        iso3=row["iso3"],
        iso2=row["iso2"],
        fips=row["fips"] or None,
        region=row["region"],
        subregion=row["subregion"],
        is_state=row["kind"] == "state",
        is_un_member=row["un_member"] == "yes",
        is_microstate=row["microstate"] == "yes",
        since=_day(row["since"]),
        until=_day(row["until"]),
        neighbours=neighbours,
        **_numbers(row),
    )


def _former(row: dict[str, str]) -> FormerState:
    return FormerState(
        id=row["id"],
        name=row["name"],
        iso3=row["iso3"],
        since=_day(row["since"]),
        until=date.fromisoformat(row["until"]),
        successors=tuple(row["successors"].split()),
        continued_by=row["continued_by"],
        **_numbers(row),
    )


def _numbers(row: dict[str, str]) -> dict[str, int | None]:
    return {name: int(row[name]) if row[name] else None for name in NUMBERS}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
