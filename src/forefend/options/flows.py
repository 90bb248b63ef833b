"""Reads a channel that is shown by ties: the actor's part, and the three states that hold most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from forefend.errors import NotLoaded
from forefend.options import formulas as _formulas  # noqa: F401 - registers the formulas of this room
from forefend.options.channels import Supply
from forefend.options.lever import Lever
from forefend.store import Figure, Query, Store, compute, missing_figure

N_HOLDERS = 3


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What one supply says of a target: the query of its newest period, and its rows."""

    supply: Supply
    query: Query
    rows: pl.DataFrame
    period: str


def by_ties(store: Store, supplies: tuple[Supply, ...], *, channel: str, title: str, actor: str, target: str, today: date) -> Lever:
    """Return the lever of a channel from the first supply that knows the pair; missing with its reason else."""
    found: list[_Found] = []
    reasons: list[str] = []
    for supply in supplies:
        outcome = _find(store, supply, target=target, today=today)
        if isinstance(outcome, str):
            reasons.append(outcome)
        else:
            found.append(outcome)
    if not found:
        return Lever(channel=channel, title=title, figure=missing_figure(label=title, unit=supplies[0].unit, reason=_first(reasons)))
    holders = _holders(store, found[0], title=title)
    for entry in found:
        if entry.rows.filter(pl.col("from_iso3") == actor).height:
            figure = _part(store, entry, title=title, actor=actor)
            return Lever(
                channel=channel, title=title, figure=figure, amount=_amount(store, entry, title=title, actor=actor), holders=holders
            )
    best = found[0].supply
    reason = "not monitored" if best.only_of and best.only_of != actor else "no record"
    none = missing_figure(label=title, unit=best.unit, reason=reason, period=found[0].period)
    return Lever(channel=channel, title=title, figure=none, holders=holders)


def _first(reasons: list[str]) -> str:
    """A record that is lacking or old says more than a source that is not loaded."""
    return next((reason for reason in reasons if not reason.startswith("not loaded")), reasons[0])


def _find(store: Store, supply: Supply, *, target: str, today: date) -> _Found | str:
    """Find the rows about a target in the newest period; the reason where there are none."""
    query = Query(table="ties", subject=supply.subjects if len(supply.subjects) > 1 else supply.subjects[0], where=(("to_iso3", target),))
    try:
        rows = store.read(query).frame
        newest = _newest(store, supply, rows=rows)
    except NotLoaded as refusal:
        return f"not loaded: fetch {refusal.source}"
    if newest is None:
        return "no record"
    if today.year - newest.year > supply.max_age_years:
        return "too old"
    first = _start(rows, newest=newest, supply=supply)
    inside = replace(query, start=first, end=newest)
    rows = rows.filter(pl.col("start") >= first, pl.col("end") <= newest, pl.col("value") > 0)
    if rows.is_empty():
        return "no record"
    period = str(newest.year) if supply.years == 1 else f"{first.year}–{newest.year}"
    return _Found(supply=supply, query=inside, rows=rows, period=period)


def _start(rows: pl.DataFrame, *, newest: date, supply: Supply) -> date:
    """Return the first day counted; a stock is that of the newest period alone, whether day, month or year."""
    of_newest = rows.filter(pl.col("end") == newest)["start"]
    if supply.how == "stock" and of_newest.len():
        first: date = of_newest.sort()[0]
        return first
    return date(newest.year - supply.years + 1, 1, 1)


def _newest(store: Store, supply: Supply, *, rows: pl.DataFrame) -> date | None:
    if supply.is_of_data:
        rows = store.read(Query(table="ties", subject=supply.subjects)).frame
    if rows.is_empty():
        return None
    newest: date = rows["end"].sort()[-1]
    return newest


def _holders(store: Store, found: _Found, *, title: str) -> tuple[tuple[str, Figure], ...]:
    """Return the three that hold most; pledges are alike, so nobody holds more."""
    if found.supply.how == "pledge":
        return ()
    how = pl.col("value").max() if found.supply.how == "percent" else pl.col("value").sum()
    top = found.rows.group_by("from_iso3").agg(how).sort("value", "from_iso3", descending=[True, False]).head(N_HOLDERS)
    return tuple((iso3, _part(store, found, title=title, actor=iso3)) for iso3 in top["from_iso3"])


def _part(store: Store, found: _Found, *, title: str, actor: str) -> Figure:
    """Return the actor's part as the supply gives it: a share, a published percentage, an amount, or a number of pledges."""
    own = _from(found.query, actor)
    formula, inputs = {
        "flow": ("positive_share", [own, found.query]),
        "stock": ("positive_share", [own, found.query]),
        "percent": ("published_share", [own]),
        "amount": ("total", [own]),
        "pledge": ("total", [own]),
    }[found.supply.how]
    return compute(store, label=title, unit=found.supply.unit, formula=formula, inputs=inputs, period=found.period)


def _amount(store: Store, found: _Found, *, title: str, actor: str) -> Figure | None:
    if found.supply.how not in ("flow", "stock"):
        return None
    unit = str(found.rows["unit"][0])
    return compute(store, label=title, unit=unit, formula="total", inputs=[_from(found.query, actor)], period=found.period)


def _from(query: Query, actor: str) -> Query:
    return replace(query, where=(*query.where, ("from_iso3", actor)))
