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
SCHEMES = ("alpha2", "alpha3", "m49", "gw", "cow", "vdem")


@dataclass(frozen=True, kw_only=True)
class State:
    """A state or territory. No position on status is implied.

    ``since`` is the year from which it exists without a break in its present form, None where no list says.
    ``gw`` and ``cow`` are the numbers of Gleditsch and Ward and of the Correlates of War. ``neighbours``
    share a land border.
    """

    iso3: str
    iso2: str
    m49: int | None
    gw: int | None
    cow: int | None
    vdem: int | None
    region: str
    subregion: str
    is_state: bool
    is_un_member: bool
    is_microstate: bool
    since: int | None
    neighbours: tuple[str, ...]

    def existed(self, on: date) -> bool:
        """Tell whether it existed in its present form on a day."""
        return self.since is None or self.since <= on.year


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read one of this room's tables, without its comment lines."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(line for line in stream if not line.startswith("#"))


@cache
def states() -> Mapping[str, State]:
    """Return all states and territories by alpha-3 code."""
    borders: dict[str, set[str]] = {}
    for pair in rows("borders.csv"):
        borders.setdefault(pair["one"], set()).add(pair["other"])
        borders.setdefault(pair["other"], set()).add(pair["one"])
    found = {row["iso3"]: _state(row, neighbours=tuple(sorted(borders.get(row["iso3"], ())))) for row in rows("states.csv")}
    return MappingProxyType(found)


def state(iso3: str) -> State:
    """Return one state by its alpha-3 code."""
    try:
        return states()[iso3]
    except KeyError:
        raise UnknownPlace(f"No state has the code {iso3!r}. Give an ISO 3166 code or a name.") from None


def neighbours(iso3: str) -> tuple[str, ...]:
    """Return the states and territories with a land border to this one."""
    return state(iso3).neighbours


@cache
def universe(name: str) -> frozenset[str]:
    """Return a set of states that a source covers.

    ``un_members``; ``ucdp``: independent states of Gleditsch and Ward without the microstates, as UCDP
    covers them; ``states``: every state of this room; ``all``: territories too.
    """
    rule: dict[str, Callable[[State], bool]] = {
        "un_members": lambda s: s.is_un_member,
        "ucdp": lambda s: s.gw is not None and not s.is_microstate,
        "vdem": lambda s: s.vdem is not None and s.is_state,
        "states": lambda s: s.is_state,
        "all": lambda _s: True,
    }
    if name not in rule:
        raise UnknownPlace(f"No set of states is called {name!r}. Known sets: {', '.join(rule)}.")
    return frozenset(iso3 for iso3, entry in states().items() if rule[name](entry))


def _state(row: dict[str, str], *, neighbours: tuple[str, ...]) -> State:
    numbers = {name: int(row[name]) if row[name] else None for name in ("m49", "gw", "cow", "vdem", "since")}
    return State(
        iso3=row["iso3"],
        iso2=row["iso2"],
        region=row["region"],
        subregion=row["subregion"],
        is_state=row["kind"] == "state",
        is_un_member=row["un_member"] == "yes",
        is_microstate=row["microstate"] == "yes",
        neighbours=neighbours,
        **numbers,
    )
