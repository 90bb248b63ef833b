"""What one state holds over another, channel by channel, from the target's side, and who else holds it.

Channels are the catalog's leverage types. Those that public data can show are read; the rest are listed as
not monitored, for a person to judge. Channels are never added up: a high share is exposure, not proof of
influence, and years differ between channels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from forefend.catalog import Catalog
from forefend.errors import NotLoaded
from forefend.options import formulas as _formulas  # noqa: F401 - registers the formulas of this room
from forefend.places import neighbours
from forefend.store import Figure, Query, Store, compute, missing_figure

N_HOLDERS = 3
# Channel of the catalog → channel of the ties table. Shares are of the target's total.
FLOWS = {"aid": "aid", "funding": "humanitarian_aid", "diplomatic_mission": "diplomatic_mission"}
FORUMS = {"membership_unsc": "UNSC", "membership_hrc": "HRC"}
SEATED = ["member", "elected member", "permanent member"]
AGREEMENT = "vote_agreement"  # not a lever: shows who votes alike


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One channel: the figure seen from the target, and the three states that hold most of it.

    ``figure`` is a share of the target's total where the channel is a flow, a count where it is a seat or a
    tie. ``amount`` is the flow itself. ``is_held`` is None where nobody knows.
    """

    channel: str
    title: str
    figure: Figure
    amount: Figure | None = None
    holders: tuple[tuple[str, Figure], ...] = ()

    @property
    def is_held(self) -> bool | None:
        """Whether the actor holds this lever; None when it is not known."""
        return None if self.figure.value is None else self.figure.value > 0

    @property
    def strength(self) -> float | None:
        """Strength of the lever, 0-1: the share, or 1 for a seat or tie that is held."""
        if self.figure.value is None:
            return None
        return self.figure.value if self.figure.unit == "share" else min(1.0, self.figure.value)


def leverage(store: Store, catalog: Catalog, actor: str, target: str, *, today: date) -> tuple[Lever, ...]:
    """Return every channel of the catalog for one pair of states, those with a value first."""
    known = [
        _lever(store, channel=channel, title=title, actor=actor, target=target, today=today) for channel, title in _titles(catalog).items()
    ]
    return tuple(sorted(known, key=lambda lever: (lever.figure.value is None, -(lever.strength or 0.0), lever.channel)))


def _titles(catalog: Catalog) -> Mapping[str, str]:
    titles = {identifier: kind.title for identifier, kind in catalog.leverage_types.items()}
    return titles | {AGREEMENT: "Agreement in General Assembly votes"}


def _lever(store: Store, *, channel: str, title: str, actor: str, target: str, today: date) -> Lever:
    if channel in FLOWS:
        return _flow(store, channel=channel, title=title, actor=actor, target=target)
    if channel == AGREEMENT:
        return _agreement(store, title=title, actor=actor, target=target)
    if channel in SEATS:
        return Lever(channel=channel, title=title, figure=SEATS[channel](store, title, actor, target, today))
    return Lever(channel=channel, title=title, figure=missing_figure(label=title, unit="lever", reason="not monitored"))


def _flow(store: Store, *, channel: str, title: str, actor: str, target: str) -> Lever:
    to_target = Query(table="ties", subject=FLOWS[channel], where=(("to_iso3", target),))
    try:
        rows = store.read(to_target).frame
    except NotLoaded as refusal:
        return Lever(
            channel=channel, title=title, figure=missing_figure(label=title, unit="share", reason=f"not loaded: fetch {refusal.source}")
        )
    if rows.is_empty():
        return Lever(channel=channel, title=title, figure=missing_figure(label=title, unit="share", reason="no record"))
    newest: date = rows["end"].sort()[-1]
    in_year = replace(to_target, start=date(newest.year, 1, 1), end=newest)
    rows = rows.filter(pl.col("start") >= in_year.start, pl.col("value") > 0)
    unit = rows["unit"][0] if rows.height else ""
    top = rows.group_by("from_iso3").agg(pl.col("value").sum()).sort("value", "from_iso3", descending=[True, False]).head(N_HOLDERS)
    holders = tuple((iso3, _share(store, title=title, actor=iso3, in_year=in_year)) for iso3 in top["from_iso3"])
    amount = compute(store, label=title, unit=unit, formula="total", inputs=[_from(in_year, actor)], period=str(newest.year))
    if rows.filter(pl.col("from_iso3") == actor).is_empty():
        none = missing_figure(label=title, unit="share", reason="no record", period=str(newest.year))
        return Lever(channel=channel, title=title, figure=none, holders=holders)
    return Lever(
        channel=channel, title=title, figure=_share(store, title=title, actor=actor, in_year=in_year), amount=amount, holders=holders
    )


def _share(store: Store, *, title: str, actor: str, in_year: Query) -> Figure:
    year = str(in_year.end.year) if in_year.end else ""
    return compute(store, label=title, unit="share", formula="positive_share", inputs=[_from(in_year, actor), in_year], period=year)


def _from(query: Query, actor: str) -> Query:
    return replace(query, where=(*query.where, ("from_iso3", actor)))


def _agreement(store: Store, *, title: str, actor: str, target: str) -> Lever:
    query = Query(table="ties", subject=AGREEMENT, where=(("from_iso3", actor), ("to_iso3", target)))
    try:
        rows = store.read(query).frame
    except NotLoaded as refusal:
        return Lever(
            channel=AGREEMENT,
            title=title,
            figure=missing_figure(label=title, unit="agreement", reason=f"not loaded: fetch {refusal.source}"),
        )
    if rows.is_empty():
        return Lever(channel=AGREEMENT, title=title, figure=missing_figure(label=title, unit="agreement", reason="no record"))
    newest = rows.sort("end").row(-1, named=True)
    one = replace(query, start=newest["start"], end=newest["end"])
    period = f"{newest['start'].year}–{newest['end'].year}"
    return Lever(
        channel=AGREEMENT, title=title, figure=compute(store, label=title, unit="agreement", formula="single", inputs=[one], period=period)
    )


def _seat(store: Store, title: str, actor: str, today: date, *, forum: str) -> Figure:
    query = Query(table="facts", subject="membership", where=(("iso3", actor), ("key", forum)))
    params = {"on": today.isoformat(), "status": SEATED}
    figure = compute(store, label=title, unit="seat", formula="standing_rows", inputs=[query], params=params, period=str(today.year))
    return figure if figure.value else missing_figure(label=title, unit="seat", reason=figure.missing or "no record")


def _shared_organisations(store: Store, title: str, actor: str, target: str, today: date) -> Figure:
    queries = [Query(table="facts", subject="membership", where=(("iso3", state),)) for state in (actor, target)]
    params = {"on": today.isoformat(), "status": ["member"], "leave_out": list(FORUMS.values())}
    figure = compute(store, label=title, unit="organisations", formula="shared_keys", inputs=queries, params=params, period=str(today.year))
    return figure if figure.value else missing_figure(label=title, unit="organisations", reason=figure.missing or "no record")


def _treaty_party(store: Store, title: str, actor: str, today: date) -> Figure:
    query = Query(table="facts", subject="commitment", where=(("iso3", actor), ("key", "genocide_convention"), ("status", "party")))
    figure = compute(store, label=title, unit="treaty", formula="count", inputs=[query], period=str(today.year))
    return figure if figure.value else missing_figure(label=title, unit="treaty", reason=figure.missing or "no record")


def _border(store: Store, title: str, actor: str, target: str) -> Figure:
    params = {"actor": actor, "target": target, "borders": sorted(neighbours(target))}
    return compute(store, label=title, unit="border", formula="border", inputs=[], params=params)


def _own_authority(store: Store, title: str) -> Figure:
    return compute(store, label=title, unit="lever", formula="own_authority", inputs=[])


Seat = Callable[[Store, str, str, str, date], Figure]
SEATS: dict[str, Seat] = {
    "membership_unsc": lambda store, title, actor, _target, today: _seat(store, title, actor, today, forum="UNSC"),
    "membership_hrc": lambda store, title, actor, _target, today: _seat(store, title, actor, today, forum="HRC"),
    "membership_regional": _shared_organisations,
    "treaty_party": lambda store, title, actor, _target, today: _treaty_party(store, title, actor, today),
    "border_access": lambda store, title, actor, target, _today: _border(store, title, actor, target),
    "domestic_authority": lambda store, title, _actor, _target, _today: _own_authority(store, title),
}
