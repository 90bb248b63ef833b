"""What issued forecasts say of one country: the chance, months ahead, what raises and lowers them, past cases alike, and past ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from forefend.chart import chances as past_chances
from forefend.chart.bars import interval
from forefend.chart.fan import Band, fan
from forefend.chart.svg import frame, tag
from forefend.errors import ForecastError, NotLoaded, StoreError
from forefend.forecast import issued
from forefend.forecast.explain.files import ANALOGUES, BEFORE, EXPLAINED, EXPLANATIONS, PAST, WORLD
from forefend.forecast.explain.words import SHARE, words
from forefend.forecast.history import windows
from forefend.forecast.ledger import Issue, beside, issues
from forefend.forecast.outlook import CountryOutlook
from forefend.forecast.rates import multiple
from forefend.forecast.record import inside
from forefend.forecast.tables import base_history
from forefend.forecast.target import HORIZON_YEARS, followed
from forefend.locale import N_
from forefend.store import Figure, Store
from forefend.web.design.charts import drawn
from forefend.web.design.page import Page
from forefend.web.outlook.shown import MONTHLY, said, shown

TOP = 5
LEAST = 0.005  # of log-odds: less is no reason to name
YEARS_SHOWN = 5
SHOWN = ("q05", "q25", "q50", "q75", "q95")
WIDTH = 240.0
ODDS = N_("What it multiplies the odds by")


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A predictor: in words, its value here and what it is compared with, what it multiplies the odds by, and a bar."""

    title: str
    here: Figure
    compared: Figure
    odds: Figure
    bar: Any
    decimals: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Against:
    """One explanation: the chance compared with, and the five predictors that raise and lower most."""

    base: Figure
    raising: Sequence[Reason]
    lowering: Sequence[Reason]


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A past country-year alike."""

    iso3: str
    year: int
    distance: Figure
    deaths: Figure
    after: Figure
    came: bool


def issued_parts(page: Page, iso3: str, outlook: CountryOutlook) -> dict[str, Any]:
    """Return what the page shows of issues; nothing where none was issued or the ledger is damaged."""
    on = shown(page.bench.store)
    newest = outlook.newest_month or page.bench.today
    found: dict[str, Any] = {
        "on": on,
        "yearly": said(on.yearly.entry, page, newest=newest),
        "monthly": said(on.monthly.entry, page, newest=newest),
    }
    if on.yearly.entry is not None:
        found |= _yearly(page, iso3, on.yearly.entry, outlook)
    if on.monthly.entry is not None:
        found |= _monthly(page, iso3, on.monthly.entry, outlook)
    return found | {"ledger_here": _ledger_here(page, iso3)}


def _yearly(page: Page, iso3: str, entry: Issue, outlook: CountryOutlook) -> dict[str, Any]:
    store, lang = page.bench.store, page.lang
    chance = issued.chance(store, entry, iso3)
    found: dict[str, Any] = {"why": _why(page, entry, iso3, label=issued.CHANCE), "past_chances": _past(page, iso3, entry, outlook)}
    found["alike"] = _alike(page, entry, iso3)
    if chance.value is None or chance.low is None or chance.high is None:
        return found
    label = lang.gettext(
        "Chance %(chance)s, 90 %% interval %(range)s, base rate %(base)s",
        chance=lang.percent(chance.value, 1),
        range=lang.percent_range(chance.low, chance.high, 1),
        base=lang.percent(outlook.base_rate.value or 0.0, 1),
    )
    svg = interval(chance.value, chance.low, chance.high, base=outlook.base_rate.value, lang=lang, label=label)
    return found | {
        "chance_issued": chance,
        "chance_multiple": multiple(store, chance, outlook.base_rate),
        "chance_drawing": drawn(svg),
    }


def _monthly(page: Page, iso3: str, entry: Issue, outlook: CountryOutlook) -> dict[str, Any]:
    store, lang = page.bench.store, page.lang
    ahead = issued.months(store, entry, iso3)
    if not ahead:
        return {}
    bands = [Band(month=month, **{name: figures[name].value for name in SHOWN}) for month, figures in ahead.items()]  # type: ignore[arg-type]
    first = min(ahead).year - YEARS_SHOWN
    history = [row for row in outlook.history.iter_rows() if first <= row[0].year and row[0] < min(ahead)]
    label = lang.gettext(
        "Deaths in one-sided violence by month since %(year)s, with a forecast: in %(month)s median %(median)s, nine in ten between "
        "%(low)s and %(high)s",
        year=first,
        month=lang.month(bands[0].month),
        median=lang.number(bands[0].q50),
        low=lang.number(bands[0].q05),
        high=lang.number(bands[0].q95),
    )
    return {
        "fan_issued": drawn(fan(history, bands, lang=lang, label=label)),
        "months_issued": [{"month": month, **figures} for month, figures in ahead.items()],
        "total_issued": issued.total(store, entry, iso3),
        "why_months": _why(
            page, entry, iso3, label=N_("Chance of 26 or more deaths in a month by the boosted trees, mean of twelve months")
        ),
    }


def _why(page: Page, entry: Issue, iso3: str, *, label: str) -> dict[str, Against]:
    """Return the explanations of an issue for a state: against the world's typical country, and the year or month before."""
    found = {}
    for against in (WORLD, BEFORE):
        parts = issued.contributions(page.bench.store, entry, iso3, against=against)
        if parts is None:
            continue
        largest = max(float(parts["contribution"].abs().max() or 0.0), 0.1)  # type: ignore[arg-type]
        rows = parts.filter(pl.col("contribution").abs() >= LEAST)
        up = rows.filter(pl.col("contribution") > 0).head(TOP)["predictor"].to_list()
        down = rows.filter(pl.col("contribution") < 0).tail(TOP).reverse()["predictor"].to_list()
        by_name = dict(parts.select("predictor", "contribution").iter_rows())

        def reasons(
            names: list[str], *, against: str = against, by_name: Mapping[str, float] = by_name, largest: float = largest
        ) -> list[Reason]:
            return [_reason(page, entry, iso3, name, against=against, share=by_name[name] / largest) for name in names]

        base = issued.value(
            page.bench.store, entry, "chance_base", label=label, unit="chance", where={"iso3": iso3, "against": against}, file=EXPLAINED
        )
        found[against] = Against(base=base, raising=reasons(up), lowering=reasons(down))
    return found


def _reason(page: Page, entry: Issue, iso3: str, name: str, *, against: str, share: float) -> Reason:
    said_of = words(name)
    where = {"iso3": iso3, "against": against, "predictor": name}

    def figure(column: str, label: str, unit: str) -> Figure:
        return issued.value(page.bench.store, entry, column, label=label, unit=unit, where=where, file=EXPLANATIONS)

    title = page.lang.gettext(said_of.title, **said_of.said) if said_of.said else page.lang.gettext(said_of.title)
    label = said_of.title % said_of.said if said_of.said else said_of.title
    here, compared = figure("shown", label, said_of.unit), figure("compared", label, said_of.unit)
    return Reason(
        title=title,
        here=here,
        compared=compared,
        odds=figure("odds", ODDS, "times"),
        bar=_bar(share),
        decimals=(_decimals(here), _decimals(compared)),
    )


def _decimals(figure: Figure) -> int:
    """Means of few deaths need a decimal; whole numbers and shares do not."""
    value = figure.value or 0.0
    return 0 if figure.unit == SHARE or value >= 10 or abs(value - round(value)) < 0.05 else 1


def _bar(share: float) -> Any:
    body = tag("line", cls="ax0", x1=1, x2=1, y1=0, y2=16)
    body += tag("rect", cls="pos" if share > 0 else "neg", x=1, y=3, width=max(1.0, (WIDTH - 2) * abs(share)), height=10)
    return drawn(frame(body, width=WIDTH, height=16, label="", cls="mirror"))


def _alike(page: Page, entry: Issue, iso3: str) -> list[Alike]:
    frame_of = beside(page.bench.store, entry, ANALOGUES)
    if frame_of is None:
        return []

    def figure(row: Mapping[str, Any], column: str, label: str, unit: str, period: str) -> Figure:
        where = {"iso3": iso3, "place": str(row["place"])}
        return issued.value(page.bench.store, entry, column, label=label, unit=unit, where=where, period=period, file=ANALOGUES)

    return [
        Alike(
            iso3=row["like_iso3"],
            year=row["like_year"],
            distance=figure(row, "distance", N_("Distance in standard deviations of the model’s predictors"), "", ""),
            deaths=figure(row, "deaths", N_("Deaths in one-sided violence"), "deaths", str(row["like_year"])),
            after=figure(
                row,
                "highest_after",
                N_("Deaths in one-sided violence in the worse of the two years after"),
                "deaths",
                f"{row['like_year'] + 1}–{row['like_year'] + HORIZON_YEARS}",
            ),
            came=bool(row["came"]),
        )
        for row in frame_of.filter(pl.col("iso3") == iso3).sort("place").iter_rows(named=True)
    ]


def _past(page: Page, iso3: str, entry: Issue, outlook: CountryOutlook) -> dict[str, Any] | None:
    """Return the model's chances of the last ten base years beside what followed."""
    store, lang = page.bench.store, page.lang
    frame_of = beside(store, entry, PAST)
    if frame_of is None:
        return None
    own = frame_of.filter(pl.col("iso3") == iso3).sort("base_year")
    came = _came(store, iso3, as_of=page.bench.today)
    found = [
        past_chances.Window(base_year=year, chance=chance, came=came.get(year))
        for year, chance in own.select("base_year", "probability").iter_rows()
    ]
    if not any(window.chance is not None for window in found):
        return None
    hits = [window for window in found if window.came]
    label = lang.gettext(
        "Chance of a new mass killing by two-year window, made again from what was known then; one began in %(n)s of %(known)s windows "
        "that are over",
        n=len(hits),
        known=sum(window.came is not None for window in found),
    )
    rows = [
        {
            "year": window.base_year,
            "came": window.came,
            "chance": None
            if window.chance is None
            else issued.value(
                store,
                entry,
                "probability",
                label=N_("Chance of a new mass killing within two years, made again for a past base year"),
                unit="chance",
                where={"iso3": iso3, "base_year": str(window.base_year)},
                period=f"{window.base_year + 1}–{window.base_year + HORIZON_YEARS}",
                file=PAST,
            ),
        }
        for window in found
    ]
    svg = past_chances.chances(found, base=outlook.base_rate.value, lang=lang, label=label)
    return {"drawing": drawn(svg), "rows": rows, "n": len(hits), "known": sum(window.came is not None for window in found)}


def _came(store: Store, iso3: str, *, as_of: date) -> dict[int, bool]:
    """Return by base year whether a new mass killing followed, of base years whose two following years are over."""
    try:
        past = base_history(store, as_of=as_of)
    except (NotLoaded, ForecastError):
        return {}
    if iso3 not in past.iso3s:
        return {}
    yearly = windows(past.deaths)
    first = past.origin.year - yearly.shape[1] + 1
    after = followed(yearly)[past.iso3s.index(iso3)]
    return {first + column: bool(after[column]) for column in range(yearly.shape[1] - HORIZON_YEARS)}


def _ledger_here(page: Page, iso3: str) -> list[dict[str, Any]]:
    """Return the monthly issues that have outcomes here, newest first, with how many months lay inside the band."""
    store = page.bench.store
    try:
        known = [(entry, inside(store, entry, iso3)) for entry in reversed(issues(store)) if entry.target == MONTHLY]
    except StoreError:
        return []
    return [{"entry": entry, "inside": made[0], "months": made[1]} for entry, made in known if made is not None]
