"""Treaty status of a state as every stored release says it, and where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from forefend.errors import NotLoaded
from forefend.panel.facts import Standing, read_each, statements
from forefend.store import Figure, Query, Snapshot, Store, compute, missing_figure

# The listed treaties that are deposited with the UN, under their keys in the store. The Geneva Conventions and
# Additional Protocols are deposited with Switzerland; the Refugee Convention or its Protocol counts as one.
CORE_TREATIES = (
    *("genocide_convention", "icerd", "iccpr", "icescr", "cedaw", "cat", "opcat", "crc", "cmw", "crpd", "ced"),
    *("rome_statute", "arms_trade_treaty", "refugee_convention", "statelessness_convention", "statelessness_reduction_convention"),
)
# Commitments of the register that are treaties too.
ALSO_COMMITMENTS = ("genocide_convention", "rome_statute", "arms_trade_treaty", "kampala_amendment_aggression")
IN_FORCE = ("party", "ratified")
NOT_IN_FORCE = ("signatory, not party", "not party")
SAYS_NOTHING = "listed without a date in force"


@dataclass(frozen=True, kw_only=True)
class TreatyStatus:
    """One treaty, with what each release says, oldest first; ``disagrees`` where time alone cannot explain the difference."""

    key: str
    readings: tuple[Standing, ...]
    disagrees: bool


def treaty_status(store: Store, iso3: str) -> tuple[TreatyStatus, ...]:
    """Return a state's treaties by key, with the reading of every stored release and of the register.

    A treaty without a row is not known. Nothing is returned for what is not loaded.
    """
    found: dict[str, list[Standing]] = {}
    for standing in (*read_each(store, "treaty", iso3=iso3), *_registered(store, iso3)):
        found.setdefault(standing.key, []).append(standing)
    ordered = {key: tuple(sorted(readings, key=lambda s: s.snapshot.published)) for key, readings in sorted(found.items())}
    return tuple(TreatyStatus(key=key, readings=readings, disagrees=disagree(readings)) for key, readings in ordered.items())


def disagree(readings: Sequence[Standing]) -> bool:
    """Tell whether two readings contradict each other, the passing of time between them considered."""
    return any(_contradict(*sorted(pair, key=lambda s: s.snapshot.published)) for pair in combinations(readings, 2))


def treaties_in_force(store: Store, iso3: str, *, keys: Sequence[str] = CORE_TREATIES) -> tuple[Figure, ...]:
    """Count a state's treaties in force among those listed, once for every stored release, oldest first.

    A release that does not hold all of the listed treaties counts those it holds; its label says how many.
    """
    label, unit = "Listed treaties in force", "treaties"
    holding = store.holding("facts", "treaty")
    if not holding:
        return (missing_figure(label=label, unit=unit, reason="not loaded: fetch un_treaties"),)
    return tuple(_count(store, snapshot, iso3=iso3, keys=keys, label=label, unit=unit) for snapshot in holding)


def count_of(store: Store, *, label: str, kind: str, iso3: str, unit: str = "statements", **equal: str | tuple[str, ...]) -> Figure:
    """Count the statements about a state, as a figure; ``equal`` narrows by key, status or checked.

    Missing where the kind is not loaded, or says nothing about the state: a missing row never means none.
    """
    about = Query(table="facts", subject=kind, where=(("iso3", iso3),))
    try:
        rows = store.read(about).frame
    except NotLoaded as refusal:
        return missing_figure(label=label, unit=unit, reason=f"not loaded: fetch {refusal.source}")
    if rows.is_empty():
        return missing_figure(label=label, unit=unit, reason="not monitored")
    return compute(store, label=label, unit=unit, formula="count", inputs=[replace(about, where=(*about.where, *equal.items()))])


def _count(store: Store, snapshot: Snapshot, *, iso3: str, keys: Sequence[str], label: str, unit: str) -> Figure:
    query = Query(table="facts", subject="treaty", where=(("key", tuple(keys)),), snapshot_id=snapshot.id)
    rows = store.read(query).frame
    held = rows["key"].n_unique()
    full = f"{label} ({held} of {len(keys)} held)"
    if rows.filter(rows["iso3"] == iso3).is_empty():
        return missing_figure(label=full, unit=unit, reason="not monitored", period=snapshot.vintage)
    own = replace(query, where=(*query.where, ("iso3", iso3), ("status", IN_FORCE)))
    return compute(store, label=full, unit=unit, formula="count", inputs=[own], period=snapshot.vintage)


def _registered(store: Store, iso3: str) -> tuple[Standing, ...]:
    try:
        return tuple(s for s in statements(store, "commitment", iso3=iso3) if s.key in ALSO_COMMITMENTS)
    except NotLoaded:
        return ()


def _contradict(older: Standing, newer: Standing) -> bool:
    if SAYS_NOTHING in (older.checked, newer.checked):
        return False
    if older.status in IN_FORCE:
        if newer.status in IN_FORCE:
            return _differ_in_year(older, newer)
        return newer.status != "withdrawn"
    if older.status in NOT_IN_FORCE and newer.status in IN_FORCE:
        return newer.start is not None and newer.start.year < older.snapshot.published.year
    if (older.status, newer.status) == ("not party", "signatory, not party"):
        return False
    return older.status != newer.status


def _differ_in_year(older: Standing, newer: Standing) -> bool:
    return older.start is not None and newer.start is not None and older.start.year != newer.start.year
