"""Another publisher's forecast of a state jumps from one window to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from forefend.forecast.peers import PEERS, PROBABILITY, Peer
from forefend.locale import N_
from forefend.signals.model import NOTICE, Hit, Rule
from forefend.signals.seen import FIRST, Seen
from forefend.sources.registry import find_source
from forefend.store import Figure, compute, observations

LEAST, TIMES = 0.1, 2.0
WHY = N_("%(outcome)s: the chance given by %(source)s rose from %(before)s %% to %(now)s %%")
WATCHED = {peer.series: peer for peer in PEERS if peer.unit == PROBABILITY and not peer.months}


def hits(seen: Seen) -> Iterator[Hit]:
    """Yield jumps of every peer whose chances are for a whole window, by the month in which the later one was issued."""
    for peer in WATCHED.values():
        for iso3, rows in _windows(seen, peer).group_by("iso3", maintain_order=True):
            before = None
            for start, end, issued, now in rows.select("start", "end", "issued", "value").iter_rows():
                if before is not None and issued >= FIRST and now >= LEAST and now >= TIMES * before:
                    yield _hit(peer, str(iso3[0]), before=before, now=now, issued=issued, window=(start, end))
                before = now


def _hit(peer: Peer, iso3: str, *, before: float, now: float, issued: date, window: tuple[date, date]) -> Hit:
    said = {
        "outcome": peer.outcome,
        "source": peer.source,
        "before": f"{100 * before:.1f}",
        "now": f"{100 * now:.1f}",
        "series": peer.series,
        "start": window[0],
        "end": window[1],
    }
    return Hit(iso3=iso3, month=issued.replace(day=1), severity=NOTICE, level=now, why=WHY, said=said, day=issued)


def _windows(seen: Seen, peer: Peer) -> pl.DataFrame:
    """One row for each state and window, from the newest release that has it, with the day it was issued."""
    releases = find_source(peer.source).metadata.releases
    parts = []
    for place, snapshot in enumerate(seen.store.holding("observations", peer.series)):
        rows = seen.store.read(replace(observations(peer.series), snapshot_id=snapshot.id)).frame
        by_year = {year: releases.get(str(year), snapshot.published) for year in rows["start"].dt.year().unique()}
        issued = pl.col("start").dt.year().replace_strict(by_year, return_dtype=pl.Date)
        parts.append(rows.select("iso3", "start", "end", "value", issued=issued, place=pl.lit(place)))
    if not parts:
        return pl.DataFrame(schema={"iso3": pl.String, "start": pl.Date, "end": pl.Date, "issued": pl.Date, "value": pl.Float64})
    whole = pl.concat(parts).filter((pl.col("issued") <= seen.as_of) & pl.col("value").is_not_null()).sort("place")
    return whole.unique(["iso3", "start", "end"], keep="last", maintain_order=True).sort("iso3", "start", "end")


def evidence(seen: Seen, hit: Hit) -> tuple[Figure, ...]:
    """Return the publisher's chance of the later window, from the release that has it."""
    start, end = hit.said["start"], hit.said["end"]
    peer = WATCHED[str(hit.said["series"])]
    assert isinstance(start, date)  # noqa: S101 - as written by ``_hit``
    assert isinstance(end, date)  # noqa: S101
    query = observations(peer.series, iso3=hit.iso3, start=start, end=end)
    holding = [s for s in seen.store.holding("observations", peer.series) if seen.store.read(replace(query, snapshot_id=s.id)).frame.height]
    pinned = replace(query, snapshot_id=holding[-1].id)
    period = f"{start:%Y-%m}–{end:%Y-%m}"
    return (compute(seen.store, label=peer.outcome, unit=PROBABILITY, formula="highest", inputs=[pinned], period=period),)


RULE = Rule(
    id="peer_jump",
    title=N_("Another forecast jumps"),
    watches=N_("chances published by others, where their files were imported"),
    threshold=N_("a chance of 10 % or more, twice that of the window before"),
    budget=1,
    is_tested=False,
    is_ahead=True,
    reads_deaths=False,
    hits=hits,
    evidence=evidence,
)
