"""What public data say of the conditions under which questions apply: a proposal with its source, which people confirm."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from forefend.errors import NotLoaded
from forefend.places.model import universe
from forefend.store import Query
from forefend.web.project.workbench import Workbench

SERIES = {"hosts_refugees": "unhcr_refugees_hosted"}  # condition → series whose newest value above 0 shows it
TIES = {"contributes_personnel": "un_peacekeepers"}  # condition → ties that begin at the state


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What data suggest of a condition, with the sentence that says why."""

    holds: bool
    value: float
    period: str
    source: str


def proposals(bench: Workbench, state: str) -> dict[str, Proposal]:
    """Return what data can say of the conditions; a condition they are silent on is not in it."""
    member = state in universe("un_members")
    found = {"is_un_member": Proposal(holds=member, value=float(member), period="", source="United Nations")}
    for name, subject in SERIES.items():
        if (proposal := _newest(bench, Query(table="observations", subject=subject, where=(("iso3", state),)))) is not None:
            found[name] = proposal
    for name, subject in TIES.items():
        if (proposal := _newest(bench, Query(table="ties", subject=subject, where=(("from_iso3", state),)))) is not None:
            found[name] = proposal
    return found


def _newest(bench: Workbench, query: Query) -> Proposal | None:
    """Return what the newest period of some rows adds up to; None where they are not loaded or not there."""
    try:
        reading = bench.store.read(query)
    except NotLoaded:
        return None
    if reading.frame.is_empty():
        return None
    last = reading.frame["end"].max()
    value = float(reading.frame.filter(pl.col("end") == last)["value"].sum())
    titles = "; ".join(dict.fromkeys(snapshot.title for snapshot in reading.snapshots))
    return Proposal(holds=value > 0, value=value, period=str(last)[:4], source=titles)
