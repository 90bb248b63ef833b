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
from forefend.forecast import issued
from forefend.forecast.history import History, windows
from forefend.forecast.outlook import World, history, world_rates
from forefend.forecast.reference import CLASSES, DeathClass
from forefend.forecast.year_total import next_span_quantiles
from forefend.locale import N_, Language
from forefend.panel.deaths import months_query
from forefend.places import states
from forefend.store import Figure, compute
from forefend.web.design.charts import drawn
from forefend.web.design.page import Page
from forefend.web.outlook import lists
from forefend.web.outlook.shown import Shown, chances_before, chances_of, said, shown, totals_of

QUANTILES = (0.05, 0.5, 0.95)
CUTS = (0.5, 1.0, 2.0, 4.0)  # multiples of the base rate at which a class of the map begins
UNDER_WAY = "known"  # ink: what is known, not what may come
FIRST_ROWS = 40
HIGHEST_NAMED = 3
DEATHS = N_("Deaths in one-sided violence, last 12 months")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One country of the table; numbers are None where nothing is forecast, and ``missing`` says why.

    ``multiple`` is the chance as a multiple of the base rate, ``before`` the chance it is compared with. Of what was issued,
    the rows shown carry figures that open to it.
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
    class_chance: float | None = None
    before: float | None = None
    deaths_figure: Figure | None = None
    median_figure: Figure | None = None
    chance_figure: Figure | None = None
    change_figure: Figure | None = None

    @property
    def change(self) -> float | None:
        """By how much the chance differs from that before."""
        return None if self.chance is None or self.before is None else self.chance - self.before


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column the table can be sorted by: its address, and the direction it is sorted in now."""

    address: str
    direction: str


SORTS: Mapping[str, tuple[Callable[[Row], Any], bool]] = {
    "forecast": (lambda row: (row.median or 0.0, row.high or 0.0, row.deaths or 0.0), True),
    "deaths": (lambda row: (row.deaths or 0.0, row.median or 0.0), True),
    "chance": (lambda row: (row.chance or 0.0, row.median or 0.0, row.deaths or 0.0), True),
    "change": (lambda row: (abs(row.change or 0.0), row.chance or 0.0), True),
    "country": (lambda row: row.name, False),
}


def outlook(page: Page, *, sort: str = "", order: str = "", is_all: bool = False, is_open: bool = True) -> dict[str, Any]:
    """Return map, table and reference classes; where the deaths are not loaded, the sentence that says so.

    Without ``is_open``, rows carry no figures.
    """
    store, today = page.bench.store, page.bench.today
    try:
        world, past = world_rates(store, as_of=today), history(store, "os", as_of=today)
    except (NotLoaded, ForecastError) as refusal:
        return {"refusal": str(refusal)}
    on = shown(store)
    before = chances_before(store, on.yearly)
    sort = sort if sort in SORTS else ("chance" if on.yearly.entry else "forecast")
    by, is_down = SORTS[sort]
    is_down = is_down != (order == "other")
    rows = sorted(_rows(page, world, past, on=on, before=before), key=by, reverse=is_down)
    yearly, monthly = (said(one.entry, page, newest=past.origin) for one in (on.yearly, on.monthly))
    return {
        "rows": rows,
        "yearly": yearly,
        "monthly": monthly,
        "on": on,
        "lists": lists.four(page, rows, on.yearly, before) if yearly else None,
        "moved_since": _since(on),
        "has_change": bool(before),
        "csv": page.link("outlook-csv"),
        "shown": [(n, opened(page, row, on) if is_open else row) for n, row in _shown(rows, own=page.state, is_all=is_all)],
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
        "n_high": sum((row.multiple or 0.0) >= CUTS[-1] for row in rows),
        "by_chance": _extremes(page, rows) if yearly else None,
    }


def _since(on: Shown) -> Any:
    """What the movers are compared with: an issue, or the base year before by the same model."""
    entry, before = on.yearly.entry, on.yearly.before
    if entry is None:
        return None
    return {"issue": before.number if before else None, "model": before.model if before else "", "year": int(entry.origin) - 1}


def _extremes(page: Page, rows: list[Row]) -> list[tuple[Row, str]]:
    """The countries with the highest chances, each with its chance as it is written."""
    known = sorted((row for row in rows if row.chance is not None), key=lambda row: -(row.chance or 0.0))
    return [(row, page.lang.percent(row.chance or 0.0, 1)) for row in known[:HIGHEST_NAMED]]


def opened(page: Page, row: Row, on: Shown) -> Row:
    """Give a row that is shown its figures, of what was issued."""
    store, entry = page.bench.store, on.yearly.entry
    if entry is not None and row.chance is not None:
        chance = issued.chance(store, entry, row.iso3)
        change = lists.change(page, on.yearly, row.iso3, chance) if row.before is not None else None
        row = replace(row, chance_figure=chance, change_figure=change)
    if on.monthly.entry is not None:
        query = months_query(store, row.iso3, as_of=page.bench.today)
        period = f"{query.start:%Y-%m}–{query.end:%Y-%m}"
        deaths = compute(store, label=DEATHS, unit="deaths", formula="total", inputs=[query], period=period)
        row = replace(row, deaths_figure=deaths, median_figure=issued.total(store, on.monthly.entry, row.iso3).get("q50"))
    return row


def _rows(page: Page, world: World, past: History, *, on: Shown, before: Mapping[str, float]) -> list[Row]:
    store, entry = page.bench.store, on.yearly.entry
    spans = windows(past.deaths)
    totals = totals_of(store, on.monthly.entry)
    ahead = next_span_quantiles(spans, quantiles=QUANTILES)
    base = world.base_rate.value
    chances = {} if entry is None else chances_of(store, entry)
    found = []
    for place, iso3 in enumerate(past.iso3s):
        if np.isnan(spans[place, -1]):
            continue
        simple = tuple(None if np.isnan(value) else float(value) for value in ahead[place])
        low, median, high = totals.get(iso3, simple)
        row = Row(iso3=iso3, name=page.name_of(iso3), deaths=float(spans[place, -1]), low=low, median=median, high=high)
        row = _with_chance(row, world, base=base)
        found.append(row if entry is None else _as_issued(row, chances.get(iso3), before=before.get(iso3), base=base))
    return found


def _as_issued(row: Row, given: tuple[float | None, float | None, float | None] | None, *, before: float | None, base: float | None) -> Row:
    """Take the chance issued in place of the class's."""
    class_chance, (chance, low, high) = row.chance, given or (None, None, None)
    return replace(
        row,
        chance=chance,
        chance_low=low,
        chance_high=high,
        class_chance=class_chance,
        before=before,
        multiple=chance / base if chance is not None and base else None,
        is_under_way=given is not None and chance is None,
        missing="" if given is not None else "outside coverage",
    )


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
    titles = {row.iso3: f"{row.name}: {_told(page, row, world)}" for row in rows if row.class_id}
    label = page.lang.gettext(
        "World map: chance of a new mass killing within two years, by multiples of the base rate; %(n)s countries stand apart, "
        "with 1,000 or more deaths in one of the last two years.",
        n=sum(row.is_under_way for row in rows),
    )
    return drawn(maps.world(classes, titles, own=page.state, label=label))


def _told(page: Page, row: Row, world: World) -> str:
    """A country's chance where it has one of its own, else its reference class."""
    if row.class_chance is not None and row.chance is not None:
        return page.lang.percent(row.chance, 1)
    return page.lang.gettext(world.classes[row.class_id].label)


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
