"""Page 2: the record of deaths by month with its forecast, how past forecasts did, and what changed between releases."""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.brief.country.ask import Ask
from forefend.brief.country.opening import KIND_TITLES
from forefend.brief.document import Block, Cell, Columns, Drawing, Heading, Inline, Paragraph, Table
from forefend.brief.words import cell, compose, head, listed, number, percent, reason, say
from forefend.chart.bars import outcomes
from forefend.chart.fan import Band, fan
from forefend.locale import N_
from forefend.panel.deaths import covered, months_before, series
from forefend.store import Figure, Query, compute

YEARS_SHOWN = 5
MONTHS_AHEAD = 12
RELEASE_YEARS = 3
TESTS = (
    (N_("Months inside the 90 % band"), "months_in_band_share"),
    (N_("Months above the middle half"), "months_above_half_share"),
    (N_("Years inside the 90 % band"), "years_in_band_share"),
    (N_("Years above the middle half"), "years_above_half_share"),
)
QUANTILES = ("q05", "q25", "q50", "q75", "q95")


def violence(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the page on violence against civilians."""
    lang, outlook = ask.lang, ask.outlook
    title = Heading(say(lang, N_("Violence against civilians: record and forecast")), 2)
    if not outlook.is_covered:
        message = N_("Deaths by month are neither recorded nor forecast for this state: it lies outside the coverage of the source.")
        return (title, Paragraph((say(lang, message),)), *releases(ask))
    if outlook.newest_month is None:
        return (title, Paragraph((reason(lang, outlook.reason),)), *releases(ask))
    return (
        title,
        Paragraph(_finding(ask), "lede2"),
        _fan(ask),
        Heading(say(lang, N_("Chance of a bad month in the twelve months ahead"))),
        _chances(ask),
        Heading(say(lang, N_("How past forecasts did"))),
        *_past(ask),
        *releases(ask),
    )


def _finding(ask: Ask) -> tuple[Inline, ...]:
    lang, fan_figures = ask.lang, ask.outlook.fan
    message = N_(
        "The forecast for each of the twelve months after %(month)s takes the last twelve months as equally likely: median %(median)s "
        "deaths, middle half %(low)s to %(high)s, one month in twenty above %(top)s."
    )
    return compose(
        lang, message, month=lang.month(ask.newest), median=number(lang, fan_figures["q50"]), low=number(lang, fan_figures["q25"]),
        high=number(lang, fan_figures["q75"]), top=number(lang, fan_figures["q95"]),
    )  # fmt: skip


def _fan(ask: Ask) -> Drawing:
    lang, outlook = ask.lang, ask.outlook
    first_year = ask.newest.year - YEARS_SHOWN + 1
    shown = outlook.history.filter(pl.col("month").dt.year() >= first_year)
    values = {name: outlook.fan[name].value or 0.0 for name in QUANTILES}
    bands = [Band(month=months_before(ask.newest, -ahead), **values) for ahead in range(1, MONTHS_AHEAD + 1)]
    label = lang.gettext(
        "Deaths in one-sided violence by month since %(year)s, with a forecast: median %(median)s, nine in ten between %(low)s and %(high)s",
        year=first_year, median=lang.number(values["q50"]), low=lang.number(values["q05"]), high=lang.number(values["q95"]),
    )  # fmt: skip
    message = N_(
        "Bars: observed to %(month)s. Bands: nine in ten and the middle half. Line: median. Deaths of civilians in battles and strikes are "
        "counted elsewhere."
    )
    svg = fan(list(shown.iter_rows()), bands, lang=lang, label=label)
    return Drawing(
        svg, title=say(lang, N_("Deaths per month in one-sided violence")), note=compose(lang, message, month=lang.month(ask.newest))
    )


def _chances(ask: Ask) -> Table:
    lang, found = ask.lang, ask.outlook.fan
    columns = (N_("In any one month"), N_("At least 1 death"), N_("At least 25 deaths"), N_("At least 100 deaths"))
    row = (
        cell(say(lang, N_("Chance")), is_head=True),
        *(cell(percent(lang, found[name]), is_number=True) for name in ("p1", "p25", "p100")),
    )
    caption = say(lang, N_("Chance of a month with many deaths"))
    return Table(head=head(lang, *columns, numbers=(1, 2, 3)), rows=(row,), caption=caption, style="xs")


def _past(ask: Ask) -> tuple[Block, ...]:
    lang, found = ask.lang, ask.outlook.backtest
    if not ask.outlook.past_years:
        return (Paragraph((say(lang, N_("No past forecast can be tested for this state.")),)),)
    titles = head(lang, N_("Test"), N_("Here"), N_("All states with deaths"), numbers=(1, 2))
    rows = tuple(
        (
            cell(say(lang, title), is_head=True),
            cell(percent(lang, found[name]), is_number=True),
            cell(percent(lang, found[f"world_{name}"]), is_number=True),
        )
        for title, name in TESTS
    )
    table = Table(head=titles, rows=rows, caption=say(lang, N_("How past forecasts did")), style="xs")
    note = say(lang, N_("Re-run on today's revised values, so these figures flatter the method a little (pseudo-real-time)."))
    return (Columns(((_past_chart(ask),), (table, Paragraph((note,), "note")))),)


def _past_chart(ask: Ask) -> Drawing:
    lang = ask.lang
    rows = []
    told: list[tuple[Inline, ...]] = []
    for past in ask.outlook.past_years:
        values = {name: past.forecast[name].value or 0.0 for name in QUANTILES}
        rows.append((past.year, Band(month=date(past.year, 1, 1), **values), past.outcome.value))
        band = (number(lang, past.forecast["q05"]), "–", number(lang, past.forecast["q95"]))
        told.append((lang.code_text(past.year), ": ", number(lang, past.outcome), " (", *band, ")"))
    title = N_("Deaths in one-sided violence per year: forecast in the December before, and outcome")
    note = (say(lang, N_("Outcome, and the band that should hold nine in ten:")), " ", *listed(lang, told, is_long=True))
    return Drawing(outcomes(rows, lang=lang, label=lang.gettext(title)), title=say(lang, title), note=note)


def releases(ask: Ask) -> tuple[Block, ...]:
    """Return what changed for this country between the two newest releases of its deaths."""
    lang = ask.lang
    title = Heading(say(lang, N_("What changed between the two newest releases")))
    stored = tuple({snapshot.vintage: snapshot for snapshot in ask.store.holding("observations", series("os"))}.values())
    if len(stored) < 2:
        return (
            title,
            Paragraph((say(lang, N_("Only one release of these deaths is stored, so no change between releases can be shown.")),)),
        )
    if not covered(ask.target):
        return (title, Paragraph((say(lang, N_("Neither release counts this state.")),)))
    older, newer = stored[-2:]
    newest = ask.store.newest_period(older) or older.published
    last = min(ask.last_year, newest.year if newest.month == 12 else newest.year - 1)
    rows = tuple(_change(ask, older=older.id, newer=newer.id, year=year) for year in range(last - RELEASE_YEARS + 1, last + 1))
    columns = [Cell((say(lang, N_("Release %(vintage)s"), vintage=lang.code_text(s.vintage)),), is_number=True) for s in (older, newer)]
    titles = (*head(lang, N_("Deaths in one-sided violence")), *columns, *head(lang, N_("Change"), numbers=(0,)))
    note = N_("Release %(first)s came out on %(before)s, release %(second)s on %(after)s. Later releases count earlier years again.")
    told = compose(
        lang, note, first=lang.code_text(older.vintage), before=lang.date(older.published), second=lang.code_text(newer.vintage),
        after=lang.date(newer.published),
    )  # fmt: skip
    table = Table(head=titles, rows=rows, caption=say(lang, N_("Deaths by release")), style="xs")
    return (title, table, Paragraph(told, "note"))


def _change(ask: Ask, *, older: str, newer: str, year: int) -> tuple[Cell, ...]:
    lang = ask.lang
    before, after = _as_known(ask, year=year, snapshot_id=older), _as_known(ask, year=year, snapshot_id=newer)
    change = compute(
        ask.store, label="Change in deaths between releases", unit="deaths", formula="difference", inputs=[after, before], period=str(year)
    )
    shown = [cell(number(lang, figure), is_number=True) for figure in (before, after, change)]
    return (cell(lang.code_text(year), is_head=True), *shown)


def _as_known(ask: Ask, *, year: int, snapshot_id: str) -> Figure:
    query = Query(
        table="observations", subject=series("os"), where=(("iso3", ask.target),), start=date(year, 1, 1), end=date(year, 12, 31),
        snapshot_id=snapshot_id,
    )  # fmt: skip
    return compute(ask.store, label=KIND_TITLES["os"], unit="deaths", formula="total", inputs=[query], period=str(year))
