"""What one state holds over another, channel by channel, from the target's side, and who else holds it.

Channels are the catalog's leverage types. Those that public data can show are read; the rest are listed as
not monitored, for a person to judge. Channels are never added up: a high share is exposure, not proof of
influence, and years differ between channels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from forefend.catalog import Catalog
from forefend.errors import NotLoaded
from forefend.options import formulas as _formulas  # noqa: F401 - registers the formulas of this room
from forefend.options.channels import CHANNELS
from forefend.options.flows import by_ties
from forefend.options.lever import Lever
from forefend.places import neighbours
from forefend.store import Figure, Query, Store, compute, missing_figure

__all__ = ["AGREEMENT", "Lever", "leverage"]

FORUMS = {"membership_unsc": "UNSC", "membership_hrc": "HRC"}
SEATED = ["member", "elected member", "permanent member"]
REGIONAL = "membership_regional"
AGREEMENT = "vote_agreement"  # not a lever: shows who votes alike
GENOCIDE_CONVENTION = "Party to the Genocide Convention; reservations are not in the data"
SANCTIONS, SANCTIONS_YEARS = "gsdb_sanctions", 10


def leverage(store: Store, catalog: Catalog, actor: str, target: str, *, today: date) -> tuple[Lever, ...]:
    """Return every channel of the catalog for one pair of states, those with a value first."""
    known = [
        _lever(store, catalog, channel=channel, title=title, actor=actor, target=target, today=today)
        for channel, title in _titles(catalog).items()
    ]
    return tuple(sorted(known, key=lambda lever: (lever.figure.value is None, -(lever.strength or 0.0), lever.channel)))


def _titles(catalog: Catalog) -> Mapping[str, str]:
    titles = {identifier: kind.title for identifier, kind in catalog.leverage_types.items()}
    return titles | {AGREEMENT: "Agreement in General Assembly votes", "treaty_party": GENOCIDE_CONVENTION}


def _lever(store: Store, catalog: Catalog, *, channel: str, title: str, actor: str, target: str, today: date) -> Lever:
    if channel in CHANNELS:
        return by_ties(store, CHANNELS[channel], channel=channel, title=title, actor=actor, target=target, today=today)
    if channel == AGREEMENT:
        return _agreement(store, title=title, actor=actor, target=target)
    if channel == REGIONAL:
        bodies = catalog.regional_bodies
        return Lever(channel=channel, title=title, figure=_shared_bodies(store, title, actor, target, today, bodies=bodies))
    if channel in SEATS:
        return Lever(channel=channel, title=title, figure=SEATS[channel](store, title, actor, target, today))
    return Lever(channel=channel, title=title, figure=missing_figure(label=title, unit="lever", reason="not monitored"))


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


def _shared_bodies(store: Store, title: str, actor: str, target: str, today: date, *, bodies: Sequence[str]) -> Figure:
    queries = [Query(table="facts", subject="membership", where=(("iso3", state),)) for state in (actor, target)]
    params = {"on": today.isoformat(), "status": ["member"], "bodies": list(bodies)}
    figure = compute(
        store, label=title, unit="organisations", formula="shared_bodies", inputs=queries, params=params, period=str(today.year)
    )
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


def _sanctions(store: Store, title: str, actor: str, today: date) -> Figure:
    """A state that imposed sanctions by itself lately has the power to; nobody else is known not to have it."""
    query = Query(table="ties", subject=SANCTIONS, where=(("from_iso3", actor),), start=date(today.year - SANCTIONS_YEARS, 1, 1), end=today)
    try:
        rows = store.read(query).frame
    except NotLoaded:  # the publisher sends the data on request only
        return missing_figure(label=title, unit="cases in force", reason="not monitored")
    if rows.is_empty():  # a power never used leaves no record
        return missing_figure(label=title, unit="cases in force", reason="not monitored")
    newest: date = rows["end"].sort()[-1]
    one = replace(query, start=date(newest.year, 1, 1), end=newest)
    return compute(store, label=title, unit="cases in force", formula="total", inputs=[one], period=str(newest.year))


Seat = Callable[[Store, str, str, str, date], Figure]
SEATS: dict[str, Seat] = {
    "membership_unsc": lambda store, title, actor, _target, today: _seat(store, title, actor, today, forum="UNSC"),
    "membership_hrc": lambda store, title, actor, _target, today: _seat(store, title, actor, today, forum="HRC"),
    "treaty_party": lambda store, title, actor, _target, today: _treaty_party(store, title, actor, today),
    "border_access": lambda store, title, actor, target, _today: _border(store, title, actor, target),
    "sanctions_power": lambda store, title, actor, _target, today: _sanctions(store, title, actor, today),
    "domestic_authority": lambda store, title, _actor, _target, _today: _own_authority(store, title),
}
