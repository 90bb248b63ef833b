"""What the page of a country shows."""

from __future__ import annotations

from typing import Any

import polars as pl

from forefend.brief.country.ask import Ask
from forefend.brief.country.opening import KIND_TITLES, finding
from forefend.chart.bars import interval, outcomes
from forefend.chart.fan import Band, fan
from forefend.errors import ForecastError, NotLoaded, StoreError
from forefend.forecast.growing import growing
from forefend.forecast.growth import growth, told
from forefend.forecast.outlook import CountryOutlook
from forefend.forecast.peers import PeerForecast, peer_forecasts
from forefend.locale import Language
from forefend.options.windows import windows
from forefend.panel.deaths import months_before
from forefend.panel.values import latest
from forefend.places import states
from forefend.store import Figure
from forefend.web.countries.issued import issued_parts
from forefend.web.countries.profile import profile_of
from forefend.web.design.charts import drawn
from forefend.web.design.dates import dated
from forefend.web.design.page import Page
from forefend.web.design.told import pieces
from forefend.web.design.values import NOT_LOADED
from forefend.web.outlook.standing import lines

YEARS_SHOWN = 5
MONTHS_AHEAD = 12
DAYS_AHEAD = 365
WINDOWS_SHOWN = 12
QUANTILES = ("q05", "q25", "q50", "q75", "q95")
EVERY, ENOUGH = (100, 1_000, 10_000), 2  # a chance is told by the first of these of which at least so many come
SERIES = ("wb_population", "wb_gdp_per_capita", "wb_infant_mortality", "vdem_v2x_polyarchy")


def country_page(page: Page, iso3: str) -> dict[str, Any]:
    """Return every part of a country's page; parts that are not forecast say so."""
    bench = page.bench
    ask = Ask(bench.store, bench.catalog, iso3, page.state or iso3, page.lang, bench.today)
    outlook = ask.outlook
    return {
        "iso3": iso3,
        "region": states()[iso3].subregion,
        "headline": pieces(finding(ask)),
        "outlook": outlook,
        "chance": _chance(outlook, page.lang),
        "fan": _fan(outlook, page.lang),
        "first_month": None if outlook.newest_month is None else months_before(outlook.newest_month, -1),
        "past": _past(outlook, page.lang),
        "deaths_rows": [{"title": KIND_TITLES[kind], "figures": figures} for kind, figures in outlook.totals.items()],
        "series": _series(page, iso3),
        "profile": profile_of(page, iso3),
        "windows": _windows(page, iso3),
        "peers": _peers(page, iso3),
        "signals": _signals(page, iso3),
        "growth": _growth(page, iso3, outlook),
        **issued_parts(page, iso3, outlook),
    }


def _peers(page: Page, iso3: str) -> list[PeerForecast]:
    """Other publishers' newest forecasts of the state, those that are loaded."""
    found = peer_forecasts(page.bench.store, iso3=iso3, today=page.bench.today)
    return [peer for peer in found if not peer.value.missing.startswith(NOT_LOADED)]


def _signals(page: Page, iso3: str) -> dict[str, Any]:
    try:
        found, count = lines(page, iso3=iso3)
    except (NotLoaded, ForecastError, StoreError) as refusal:
        return {"refusal": str(refusal)}
    return {"lines": found, "n": count}


def _growth(page: Page, iso3: str, outlook: CountryOutlook) -> dict[str, Any]:
    """How much recent counts still grow: the sentence, and what the last year is expected to become."""
    store = page.bench.store
    sentence, numbers = told(growth(store))
    found: dict[str, Any] = {"sentence": page.lang.gettext(sentence, **numbers)}
    if numbers and outlook.base_year is not None:
        found |= {"so_far": outlook.last_year, "year": outlook.base_year, "growing": growing(store, iso3, year=outlook.base_year)}
    return found


def _chance(outlook: CountryOutlook, lang: Language) -> dict[str, Any] | None:
    """The chance block, where a chance can be given."""
    entry = outlook.reference_class
    if entry is None or entry.chance.value is None or entry.chance_low.value is None or entry.chance_high.value is None:
        return None
    label = lang.gettext(
        "Chance %(chance)s, 90 %% interval %(range)s, base rate %(base)s",
        chance=lang.percent(entry.chance.value, 1),
        range=lang.percent_range(entry.chance_low.value, entry.chance_high.value, 1),
        base=lang.percent(outlook.base_rate.value or 0.0, 1),
    )
    svg = interval(
        entry.chance.value, entry.chance_low.value, entry.chance_high.value, base=outlook.base_rate.value, lang=lang, label=label
    )
    return {
        "drawing": drawn(svg),
        "low": entry.chance_low.value,
        "high": entry.chance_high.value,
        "frequency": [lang.number(part) for part in frequency(entry.chance.value)],
    }


def frequency(chance: float) -> tuple[int, int]:
    """Return a chance as so many of every 100, 1,000 or 10,000, whichever first tells it well: rare is not never."""
    for every in EVERY:
        if (count := round(every * chance)) >= ENOUGH:
            break
    return (count, every) if chance else (0, EVERY[0])


def _fan(outlook: CountryOutlook, lang: Language) -> dict[str, Any] | None:
    """History and forecast by month, where they are known."""
    if outlook.newest_month is None or any(outlook.fan[name].value is None for name in QUANTILES):
        return None
    first_year = outlook.newest_month.year - YEARS_SHOWN + 1
    shown = outlook.history.filter(pl.col("month").dt.year() >= first_year)
    bands = [_band(outlook.fan, at=ahead, newest=outlook) for ahead in range(1, MONTHS_AHEAD + 1)]
    label = lang.gettext(
        "Deaths in one-sided violence by month since %(year)s, with a forecast: median %(median)s, nine in ten between %(low)s "
        "and %(high)s",
        year=first_year,
        median=lang.number(bands[0].q50),
        low=lang.number(bands[0].q05),
        high=lang.number(bands[0].q95),
    )
    rows = [(month, deaths) for month, deaths in shown.iter_rows()]
    return {"drawing": drawn(fan(rows, bands, lang=lang, label=label)), "rows": rows[-MONTHS_AHEAD:], "first_year": first_year}


def _band(figures: Any, *, at: int, newest: CountryOutlook) -> Band:
    assert newest.newest_month is not None  # noqa: S101 - the caller has looked
    return Band(month=months_before(newest.newest_month, -at), **{name: figures[name].value for name in QUANTILES})


def _past(outlook: CountryOutlook, lang: Language) -> dict[str, Any] | None:
    """Forecasts of past Decembers beside what happened."""
    known = [past for past in outlook.past_years if all(past.forecast[name].value is not None for name in QUANTILES)]
    if not known:
        return None
    rows = [
        (
            past.year,
            Band(month=months_before(outlook.newest_month, 0), **{n: past.forecast[n].value for n in QUANTILES}),
            past.outcome.value,
        )
        for past in known
        if outlook.newest_month is not None
    ]
    label = lang.gettext("Deaths in one-sided violence per year: forecast in the December before, and outcome")
    return {"drawing": drawn(outcomes(rows, lang=lang, label=label)), "years": known}


def _series(page: Page, iso3: str) -> list[Figure]:
    bench = page.bench
    return [
        latest(bench.store, bench.catalog, name, iso3=iso3, today=bench.today) for name in SERIES if name in bench.catalog.data_indicators
    ]


def _windows(page: Page, iso3: str) -> Any:
    bench = page.bench
    found = windows(bench.store, bench.catalog, page.state or iso3, about=iso3, days=DAYS_AHEAD, today=bench.today)
    return dated(found, lang=page.lang, today=bench.today, days=DAYS_AHEAD)[:WINDOWS_SHOWN]
