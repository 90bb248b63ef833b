"""Four ways to read the outlook: the highest chances, the surprises, the biggest movers, and those that are steadily high."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from forefend.forecast.explain.files import BEFORE, EXPLAINED, PAST
from forefend.forecast.issued import CHANCE, OnShow, chance, value, years_ahead
from forefend.forecast.ledger import beside
from forefend.locale import N_
from forefend.store import Figure, compute
from forefend.web.design.page import Page
from forefend.web.design.values import points_text

if TYPE_CHECKING:
    from forefend.web.outlook.queries import Row

LONG = 7
CALM = 25  # deaths in the last twelve months, below which a high chance is a surprise
FIRST = 25  # places: high is among the first so many
YEARS = 10
LEAST_MOVE = 0.0005
CHANGE = N_("Change of the chance")
WORST = N_("Worst place held in ten years")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of a list: a state, a number that opens, as it is written, and words beside it."""

    row: Row
    figure: Figure
    text: str
    beside: str


def four(page: Page, rows: Sequence[Row], on: OnShow, before: Mapping[str, float]) -> dict[str, list[Entry]]:
    """Return the four lists of an issued outlook."""
    known = sorted((row for row in rows if row.chance is not None), key=lambda row: -(row.chance or 0.0))
    return {
        "highest": [_highest(page, row, on) for row in known[:LONG]],
        "surprises": _surprises(page, known, on),
        "movers": _movers(page, known, on, before),
        "steady": _steady(page, rows, on),
    }


def change(page: Page, on: OnShow, iso3: str, figure: Figure) -> Figure:
    """Return by how much a chance differs from that before."""
    entry = on.entry
    assert entry is not None  # noqa: S101 - lists are made of issued outlooks alone
    if on.before is not None:
        earlier = value(page.bench.store, on.before, "probability", label=CHANCE, unit="chance", where={"iso3": iso3})
    else:
        where = {"iso3": iso3, "against": BEFORE}
        earlier = value(page.bench.store, entry, "chance_base", label=CHANCE, unit="chance", where=where, file=EXPLAINED)
    bare = chance(page.bench.store, entry, iso3) if figure.value is None else figure
    return compute(page.bench.store, label=CHANGE, unit="share", formula="difference", inputs=[bare, earlier], period=years_ahead(entry))


def _highest(page: Page, row: Row, on: OnShow) -> Entry:
    figure = _chance(page, row, on)
    return Entry(
        row=row,
        figure=figure,
        text=_percent(page, row.chance),
        beside=page.lang.range(_points(row.chance_low), _points(row.chance_high), 1),
    )


def _surprises(page: Page, known: Sequence[Row], on: OnShow) -> list[Entry]:
    lang = page.lang
    calm = [row for row in known if (row.deaths or 0.0) < CALM][:LONG]
    return [
        Entry(
            row=row,
            figure=_chance(page, row, on),
            text=_percent(page, row.chance),
            beside=lang.ngettext("%(n)s death", "%(n)s deaths", int(row.deaths or 0), n=lang.number(row.deaths or 0.0)),
        )
        for row in calm
    ]


def _movers(page: Page, known: Sequence[Row], on: OnShow, before: Mapping[str, float]) -> list[Entry]:
    moved = [(row, (row.chance or 0.0) - before[row.iso3]) for row in known if row.iso3 in before]
    moved = sorted((pair for pair in moved if abs(pair[1]) >= LEAST_MOVE), key=lambda pair: -abs(pair[1]))[:LONG]
    return [
        Entry(
            row=row,
            figure=change(page, on, row.iso3, _chance(page, row, on)),
            text=points_text(by, page.lang),
            beside=page.lang.gettext("to %(chance)s", chance=_percent(page, row.chance)),
        )
        for row, by in moved
    ]


def _steady(page: Page, rows: Sequence[Row], on: OnShow) -> list[Entry]:
    """States among the first in each of the last ten base years; a year with one under way counts as high and has no place."""
    entry, store = on.entry, page.bench.store
    past = None if entry is None else beside(store, entry, PAST)
    if entry is None or past is None:
        return []
    held = (
        past.group_by("iso3")
        .agg(years=pl.len(), worst=pl.col("rank").max(), ranked=pl.col("rank").count())
        .filter((pl.col("years") == YEARS) & (pl.col("ranked") > 0) & (pl.col("worst") <= FIRST))
        .sort("worst", "iso3")
    )
    by_code = {row.iso3: row for row in rows}
    found = []
    for iso3, worst in held.select("iso3", "worst").iter_rows():
        if iso3 in by_code and len(found) < LONG:
            inputs = [
                _place(page, on, iso3, int(year))
                for year in past.filter((pl.col("iso3") == iso3) & pl.col("rank").is_not_null())["base_year"]
            ]
            figure = compute(
                store, label=WORST, unit="rank", formula="highest", inputs=inputs, period=f"{int(entry.origin) - YEARS + 1}–{entry.origin}"
            )
            found.append(Entry(row=by_code[iso3], figure=figure, text=page.lang.number(worst), beside=""))
    return found


def _place(page: Page, on: OnShow, iso3: str, year: int) -> Figure:
    assert on.entry is not None  # noqa: S101 - the caller has looked
    where = {"iso3": iso3, "base_year": str(year)}
    return value(
        page.bench.store, on.entry, "rank", label=N_("Place among states by chance"), unit="rank", where=where, period=str(year), file=PAST
    )


def _chance(page: Page, row: Row, on: OnShow) -> Figure:
    assert on.entry is not None  # noqa: S101 - lists are made of issued outlooks alone
    return row.chance_figure or chance(page.bench.store, on.entry, row.iso3)


def _percent(page: Page, share: float | None) -> str:
    return page.lang.percent(share or 0.0, 1)


def _points(share: float | None) -> float:
    return 100 * (share or 0.0)
