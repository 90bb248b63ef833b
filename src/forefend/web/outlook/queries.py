"""The outlook for every country, as map and table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from forefend.chart import map as maps
from forefend.errors import ForecastError, NotLoaded
from forefend.forecast.history import History, windows
from forefend.forecast.outlook import World, history, world_rates
from forefend.forecast.reference import CLASSES, DeathClass
from forefend.forecast.year_total import next_span_quantiles
from forefend.locale import Language
from forefend.places import states
from forefend.web.design.charts import drawn
from forefend.web.design.page import Page

QUANTILES = (0.05, 0.5, 0.95)
CUTS = (0.5, 1.0, 2.0, 4.0)  # multiples of the base rate at which a class of the map begins
UNDER_WAY = "known"  # ink: what is known, not what may come
FIRST_ROWS = 40
HIGHEST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Row:
    """One country of the table; numbers are None where nothing is forecast, and ``missing`` says why.

    ``multiple`` is the chance as a multiple of the base rate.
    """

    iso3: str
    name: str
    deaths: float | None = None
    low: float | None = None
    median: float | None = None
    high: float | None = None
    class_id: str = ""
    chance: float | None = None
    chance_low: float | None = None
    chance_high: float | None = None
    multiple: float | None = None
    is_under_way: bool = False
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column the table can be sorted by: its address, and the direction it is sorted in now."""

    address: str
    direction: str


SORTS: Mapping[str, tuple[Callable[[Row], Any], bool]] = {
    "forecast": (lambda row: (row.median or 0.0, row.high or 0.0, row.deaths or 0.0), True),
    "deaths": (lambda row: (row.deaths or 0.0, row.median or 0.0), True),
    "chance": (lambda row: (row.chance or 0.0, row.median or 0.0, row.deaths or 0.0), True),
    "country": (lambda row: row.name, False),
}


def outlook(page: Page, *, sort: str = "", order: str = "", is_all: bool = False) -> dict[str, Any]:
    """Return map, table and reference classes; where the deaths are not loaded, the sentence that says so."""
    store, today = page.bench.store, page.bench.today
    try:
        world, past = world_rates(store, as_of=today), history(store, "os", as_of=today)
    except (NotLoaded, ForecastError) as refusal:
        return {"refusal": str(refusal)}
    sort = sort if sort in SORTS else "forecast"
    by, is_down = SORTS[sort]
    is_down = is_down != (order == "other")
    rows = sorted(_rows(page, world, past), key=by, reverse=is_down)
    return {
        "rows": rows,
        "shown": _shown(rows, own=page.state, is_all=is_all),
        "all_address": "" if is_all else page.link("outlook", sort=sort, order=order, rows="all") + "#table",
        "outside": _outside(page, past),
        "columns": {name: _column(page, name, sort=sort, order=order, is_down=is_down) for name in SORTS},
        "world": world,
        "class_words": {entry.id: _span(entry, page.lang) for entry in CLASSES},
        "classes": list(world.classes.values()),
        "counts": {identifier: sum(row.class_id == identifier for row in rows) for identifier in world.classes},
        "last_month": past.origin,
        "first_ahead": past.month(past.deaths.shape[1]),
        "last_ahead": past.month(past.deaths.shape[1] + 11),
        "map": _map(page, rows, world=world),
        "steps": _steps(rows, world.base_rate.value, lang=page.lang),
        "n_under_way": sum(row.is_under_way for row in rows),
        "n_quiet": sum(row.deaths == 0 for row in rows),
        "highest": _named(page, sorted(rows, key=SORTS["forecast"][0], reverse=True)[:HIGHEST_NAMED]),
        "widest": max((row.chance_high or 0.0 for row in rows), default=0.0),
    }


def _rows(page: Page, world: World, past: History) -> list[Row]:
    spans = windows(past.deaths)
    ahead = next_span_quantiles(spans, quantiles=QUANTILES)
    base = world.base_rate.value
    found = []
    for place, iso3 in enumerate(past.iso3s):
        if np.isnan(spans[place, -1]):
            continue
        low, median, high = (None if np.isnan(value) else float(value) for value in ahead[place])
        row = Row(iso3=iso3, name=page.name_of(iso3), deaths=float(spans[place, -1]), low=low, median=median, high=high)
        found.append(_with_chance(row, world, base=base))
    return found


def _named(page: Page, rows: list[Row]) -> SafeString:
    """Countries with their middle forecast, as links."""
    found = ((page.link("country", row.iso3), row.name, page.lang.number(row.median or 0.0)) for row in rows)
    return format_html_join(page.lang.gettext(", "), '<a href="{}">{}</a> {}', found)


def _span(entry: DeathClass, lang: Language) -> str:
    """The deaths of a reference class as a span."""
    if entry.high is None:
        return lang.gettext("%(n)s or more in one of the last two years", n=lang.number(entry.low))
    return lang.number(entry.low) if entry.high - entry.low == 1 else lang.range(entry.low, entry.high - 1, 0)


def _shown(rows: list[Row], *, own: str, is_all: bool) -> list[tuple[int, Row]]:
    """The first rows and the own state's, each with its place; or all of them."""
    numbered = list(enumerate(rows, start=1))
    return numbered if is_all else [(n, row) for n, row in numbered if n <= FIRST_ROWS or row.iso3 == own]


def _with_chance(row: Row, world: World, *, base: float | None) -> Row:
    identifier = world.class_by_state.get(row.iso3)
    if identifier is None:
        return replace(row, missing="not monitored")
    entry = world.classes[identifier]
    value = entry.chance.value
    return replace(
        row,
        class_id=identifier,
        is_under_way=entry.is_under_way,
        chance=value,
        chance_low=entry.chance_low.value,
        chance_high=entry.chance_high.value,
        multiple=value / base if value is not None and base else None,
    )


def _outside(page: Page, past: History) -> list[tuple[str, str]]:
    """States the source does not cover, by name."""
    counted = set(past.iso3s)
    return sorted((page.name_of(iso3), iso3) for iso3, state in states().items() if state.is_state and iso3 not in counted)


def _column(page: Page, name: str, *, sort: str, order: str, is_down: bool) -> Column:
    if name != sort:
        return Column(address=page.link("outlook", sort=name), direction="")
    turned = "" if order == "other" else "other"
    return Column(address=page.link("outlook", sort=name, order=turned), direction="descending" if is_down else "ascending")


def class_of_map(row: Row) -> str:
    """Return the class that colours a country: a step of the scale, ink for a mass killing under way, or empty."""
    if row.is_under_way:
        return UNDER_WAY
    if row.multiple is None:
        return ""
    return f"q{1 + sum(row.multiple >= cut for cut in CUTS)}"


def _map(page: Page, rows: list[Row], *, world: World) -> Any:
    classes = {row.iso3: cls for row in rows if (cls := class_of_map(row))}
    titles = {row.iso3: f"{row.name}: {page.lang.gettext(world.classes[row.class_id].label)}" for row in rows if row.class_id}
    label = page.lang.gettext(
        "World map: chance of a new mass killing within two years, by multiples of the base rate; %(n)s countries stand apart, "
        "with 1,000 or more deaths in one of the last two years.",
        n=sum(row.is_under_way for row in rows),
    )
    return drawn(maps.world(classes, titles, own=page.state, label=label))


def _steps(rows: list[Row], base: float | None, *, lang: Language) -> list[dict[str, Any]]:
    """The map's legend: each step with its bounds in per cent and how many countries it holds."""
    if not base:
        return []
    bounds = [0.0, *(cut * base for cut in CUTS)]
    words = [
        lang.gettext("under ½ × base rate"),
        lang.gettext("½ to 1 ×"),
        lang.gettext("1 to 2 ×"),
        lang.gettext("2 to 4 ×"),
        lang.gettext("4 × and over"),
    ]
    return [
        {"cls": f"q{n + 1}", "from": bounds[n], "words": words[n], "count": sum(class_of_map(row) == f"q{n + 1}" for row in rows)}
        for n in range(len(bounds))
    ]
