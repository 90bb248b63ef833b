"""What others forecast for a state, each with its own outcome, window, day of issue and licence; nothing is averaged.

These are shown beside our own outlook, never mixed into it. A forecast's period ends after the day it is read, so its
release is chosen here by the day it came out, not by the store's *as of*, which leaves out periods that have not ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from forefend.forecast import formulas  # noqa: F401 - registers the formulas named below
from forefend.locale import N_
from forefend.panel.deaths import month_end, months_before
from forefend.sources.registry import find_source
from forefend.store import Figure, Query, Snapshot, Store, compute, missing_figure, observations

RANK = N_("Place among states, 1 is highest")
STATES = N_("States with this forecast")
NOT_YET, NO_ALERT, NO_PLACE = "not published by this day", "no alert", "not ranked"
OUTSIDE = "outside coverage"
PROBABILITY, DEATHS, LEVEL = "probability", "deaths", "level 1–2"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One forecast of another publisher: its series, in whose words it is an outcome, and how its rows are read.

    ``months`` is how many of a monthly forecast's months are taken together, from its first; 0 where a row is the
    whole window. ``gathered`` is how: deaths expected add up, a chance by month is shown at its highest.
    ``rank`` is the publisher's own series of ranks. An alert is no forecast, has no rank, and is issued when its
    period ends.
    """

    series: str
    source: str
    outcome: str
    unit: str = PROBABILITY
    months: int = 0
    gathered: Literal["single", "total", "highest"] = "single"
    rank: str = ""
    is_alert: bool = False


@dataclass(frozen=True, kw_only=True)
class PeerForecast:
    """The newest forecast of one peer for one state. Without a value the days are None, and the value says why."""

    peer: Peer
    value: Figure
    rank: Figure
    states: Figure
    publisher: str = ""
    licence: str = ""
    citation: str = ""
    issued: date | None = None
    start: date | None = None
    end: date | None = None

    @property
    def horizon_months(self) -> int | None:
        """Months from the month of issue to the last one forecast; None for an alert and for what was over when it was issued."""
        if self.issued is None or self.end is None or self.peer.is_alert or self.end < self.issued:
            return None
        return (self.end.year - self.issued.year) * 12 + self.end.month - self.issued.month


PEERS: tuple[Peer, ...] = (
    Peer(
        series="ewp_new_mass_killing_probability",
        source="ewp",
        outcome=N_("A new mass killing begins within two years"),
        rank="ewp_new_mass_killing_rank",
    ),
    Peer(
        series="ewp_new_mass_killing_probability_1y",
        source="ewp",
        outcome=N_("A new mass killing begins within one year"),
        rank="ewp_new_mass_killing_rank_1y",
    ),
    Peer(
        series="views_sb_expected_deaths",
        source="views_api",
        outcome=N_("Deaths in state-based conflict, expected over twelve months"),
        unit=DEATHS,
        months=12,
        gathered="total",
    ),
    Peer(
        series="views_sb_25_deaths_probability",
        source="views_api",
        outcome=N_("At least 25 deaths in state-based conflict in a month, highest of twelve months"),
        months=12,
        gathered="highest",
    ),
    Peer(
        series="conflictforecast_armed_conflict_probability_3m",
        source="conflictforecast",
        outcome=N_("Armed conflict within three months (more than 0.5 deaths per million people)"),
    ),
    Peer(
        series="conflictforecast_armed_conflict_probability_12m",
        source="conflictforecast",
        outcome=N_("Armed conflict within twelve months (more than 0.5 deaths per million people)"),
    ),
    Peer(
        series="conflictforecast_any_violence_probability_3m",
        source="conflictforecast",
        outcome=N_("Any death in conflict within three months"),
    ),
    Peer(
        series="inform_violent_internal_conflict_probability",
        source="inform_risk",
        outcome=N_("A highly violent internal conflict; the publisher gives the year of the model, not its window"),
    ),
    Peer(
        series="inform_risk",
        source="inform_risk",
        outcome=N_("Risk of humanitarian crises and disasters"),
        unit="index 0–10",
    ),
    Peer(series="hdx_signals_acled_conflict", source="hdx_signals", outcome=N_("Alert on conflict events"), unit=LEVEL, is_alert=True),
    Peer(
        series="hdx_signals_idmc_displacement_conflict",
        source="hdx_signals",
        outcome=N_("Alert on displacement by conflict"),
        unit=LEVEL,
        is_alert=True,
    ),
)


def peer_forecasts(store: Store, *, iso3: str, today: date, peers: Iterable[Peer] = PEERS) -> tuple[PeerForecast, ...]:
    """Return the newest forecast of each peer that was out on a day, in the order of the peers; each says why it is missing."""
    return tuple(newest(store, peer, iso3=iso3, today=today) for peer in peers)


def newest(store: Store, peer: Peer, *, iso3: str, today: date) -> PeerForecast:
    """Return the newest forecast of one peer for a state that was out on a day."""
    stored = store.holding("observations", peer.series)
    known = [snapshot for snapshot in stored if snapshot.published <= today]
    if not known:
        return _missing(peer, NOT_YET if stored else f"not loaded: fetch {peer.source}")
    snapshot = known[-1]
    rows = _windows(store, peer, snapshot, today=today)
    own = rows.filter(pl.col("iso3") == iso3).sort("start")
    if own.is_empty():
        return _missing(peer, NO_ALERT if peer.is_alert else OUTSIDE)
    start, end, issued = own.row(-1 if not peer.months else 0, named=True)["start"], own["end"][-1], own["issued"][-1]
    return _told(store, peer, snapshot, iso3=iso3, start=start, end=end, issued=issued)


def _windows(store: Store, peer: Peer, snapshot: Snapshot, *, today: date) -> pl.DataFrame:
    """The windows a release forecasts, with the day each was issued, those not yet issued left out."""
    rows = store.read(replace(observations(peer.series), snapshot_id=snapshot.id)).frame.select("iso3", "start", "end")
    if rows.is_empty():
        return rows.with_columns(issued=pl.col("end"))
    if peer.months:
        first: date = min(rows["start"].to_list())
        rows = rows.filter(pl.col("end") <= month_end(months_before(first, 1 - peer.months)))
    releases = find_source(peer.source).metadata.releases
    by_year = {year: releases.get(str(year), snapshot.published) for year in rows["start"].dt.year().unique()}
    issued = pl.col("end") if peer.is_alert else pl.col("start").dt.year().replace_strict(by_year, return_dtype=pl.Date)
    return rows.with_columns(issued=issued).filter(pl.col("issued") <= today)


def _told(store: Store, peer: Peer, snapshot: Snapshot, *, iso3: str, start: date, end: date, issued: date) -> PeerForecast:
    period = _period(start, end)

    def rows(series: str, *, of: str | None) -> Query:
        return replace(observations(series, iso3=of, start=start, end=end), snapshot_id=snapshot.id)

    value = compute(store, label=peer.outcome, unit=peer.unit, formula=peer.gathered, inputs=[rows(peer.series, of=iso3)], period=period)
    everyone = rows(peer.series, of=None)
    if peer.is_alert:
        rank = missing_figure(label=RANK, unit="rank", reason=NO_PLACE, period=period)
        states = missing_figure(label=STATES, unit="states", reason=NO_PLACE, period=period)
    else:
        states = compute(store, label=STATES, unit="states", formula="states_counted", inputs=[everyone], period=period)
        if peer.rank and peer.rank in snapshot.contents["observations"]:
            rank = compute(store, label=RANK, unit="rank", formula="single", inputs=[rows(peer.rank, of=iso3)], period=period)
        else:
            params = {"iso3": iso3, "gathered": peer.gathered}
            rank = compute(store, label=RANK, unit="rank", formula="rank_from_top", inputs=[everyone], params=params, period=period)
    return PeerForecast(
        peer=peer,
        value=value,
        rank=rank,
        states=states,
        publisher=snapshot.publisher,
        licence=snapshot.licence,
        citation=snapshot.citation,
        issued=issued,
        start=start,
        end=end,
    )


def _missing(peer: Peer, reason: str) -> PeerForecast:
    return PeerForecast(
        peer=peer,
        value=missing_figure(label=peer.outcome, unit=peer.unit, reason=reason),
        rank=missing_figure(label=RANK, unit="rank", reason=reason),
        states=missing_figure(label=STATES, unit="states", reason=reason),
    )


def _period(start: date, end: date) -> str:
    """Write a window as the publisher counts it: whole years as years, else months, or days."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if start.day == 1 and end == month_end(end):
        return f"{start:%Y-%m}" if (start.year, start.month) == (end.year, end.month) else f"{start:%Y-%m}–{end:%Y-%m}"
    return start.isoformat() if start == end else f"{start.isoformat()}–{end.isoformat()}"
