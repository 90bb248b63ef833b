"""Page 2: the record of deaths by month with its forecast, how past forecasts did, and what changed between releases."""

from __future__ import annotations

from datetime import date

import polars as pl

from forefend.brief.country.ask import Ask
from forefend.brief.document import Block, Columns, Drawing, Heading, Inline, Paragraph, Table
from forefend.brief.words import cell, compose, head, number, percent
from forefend.chart.bars import outcomes
from forefend.chart.fan import Band, fan
from forefend.locale import N_
from forefend.panel.deaths import months_before
from forefend.store import Figure, Query, compute

YEARS_SHOWN = 5
MONTHS_AHEAD = 12
TESTS = (
    (N_("Months inside the 90 % band"), "months_in_band_share"),
    (N_("Months above the middle half"), "months_above_half_share"),
    (N_("Years inside the 90 % band"), "years_in_band_share"),
    (N_("Years above the middle half"), "years_above_half_share"),
)


def violence(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the page on violence against civilians."""
    lang, outlook = ask.lang, ask.outlook
    title = Heading(lang.gettext("Violence against civilians: record and forecast"), 2)
    if not outlook.is_covered:
        told = lang.gettext("Deaths by month are neither recorded nor forecast for this state: it lies outside the coverage of the source.")
        return (title, Paragraph((told,)), *_releases(ask))
    return (
        title,
        Paragraph(_finding(ask), "lede2"),
        _fan(ask),
        Heading(lang.gettext("Chance of a bad month in the twelve months ahead")),
        _chances(ask),
        Heading(lang.gettext("How past forecasts did")),
        *_past(ask),
        *_releases(ask),
    )


def _finding(ask: Ask) -> tuple[Inline, ...]:
    lang, fan_figures = ask.lang, ask.outlook.fan
    return compose(
        lang,
        "The forecast for each of the twelve months after %(month)s takes the last twelve months as equally likely: median %(median)s deaths, middle "
        "half %(low)s to %(high)s, one month in twenty above %(top)s.",
        month=lang.month(ask.newest), median=number(lang, fan_figures["q50"]), low=number(lang, fan_figures["q25"]),
        high=number(lang, fan_figures["q75"]), top=number(lang, fan_figures["q95"]),
    )  # fmt: skip


def _fan(ask: Ask) -> Drawing:
    lang, outlook = ask.lang, ask.outlook
    first_year = ask.newest.year - YEARS_SHOWN + 1
    shown = outlook.history.filter(pl.col("month").dt.year() >= first_year)
    values = {name: outlook.fan[name].value or 0.0 for name in ("q05", "q25", "q50", "q75", "q95")}
    bands = [Band(month=months_before(ask.newest, -ahead), **values) for ahead in range(1, MONTHS_AHEAD + 1)]
    label = lang.gettext(
        "Deaths in one-sided violence by month since %(year)s, with a forecast: median %(median)s, nine in ten between %(low)s and %(high)s",
        year=first_year, median=lang.number(values["q50"]), low=lang.number(values["q05"]), high=lang.number(values["q95"]),
    )  # fmt: skip
    note = compose(
        lang,
        "Bars: observed to %(month)s. Bands: nine in ten and the middle half. Line: median. Deaths of civilians in battles and strikes are counted elsewhere.",
        month=lang.month(ask.newest),
    )
    return Drawing(
        fan(list(shown.iter_rows()), bands, lang=lang, label=label), title=lang.gettext("Deaths per month in one-sided violence"), note=note
    )


def _chances(ask: Ask) -> Table:
    lang, found = ask.lang, ask.outlook.fan
    titles = head(ask.lang, "In any one month", "At least 1 death", "At least 25 deaths", "At least 100 deaths", numbers=(1, 2, 3))
    row = (
        cell(lang.gettext("Chance"), is_head=True),
        *(cell(percent(lang, found[name]), is_number=True) for name in ("p1", "p25", "p100")),
    )
    return Table(head=titles, rows=(row,), caption=lang.gettext("Chance of a month with many deaths"), style="xs")


def _past(ask: Ask) -> tuple[Block, ...]:
    lang, found = ask.lang, ask.outlook.backtest
    if not ask.outlook.past_years:
        return (Paragraph((lang.gettext("No past forecast can be tested for this state."),)),)
    titles = head(lang, "Test", "Here", "All states with deaths", numbers=(1, 2))
    rows = tuple(
        (
            cell(lang.gettext(title), is_head=True),
            cell(percent(lang, found[name]), is_number=True),
            cell(percent(lang, found[f"world_{name}"]), is_number=True),
        )
        for title, name in TESTS
    )
    table = Table(head=titles, rows=rows, caption=lang.gettext("How past forecasts did"), style="xs")
    note = lang.gettext("Re-run on today's revised values, so these figures flatter the method a little (pseudo-real-time).")
    return (Columns(((_past_chart(ask),), (table, Paragraph((note,), "note")))),)


def _past_chart(ask: Ask) -> Drawing:
    lang = ask.lang
    rows = []
    listed: list[Inline] = []
    for past in ask.outlook.past_years:
        values = {name: past.forecast[name].value or 0.0 for name in ("q05", "q25", "q50", "q75", "q95")}
        rows.append((past.year, Band(month=date(past.year, 1, 1), **values), past.outcome.value))
        listed += [
            "; " if listed else "",
            lang.code_text(past.year),
            ": ",
            number(lang, past.outcome),
            " (",
            number(lang, past.forecast["q05"]),
            "–",
            number(lang, past.forecast["q95"]),
            ")",
        ]
    label = lang.gettext("Deaths in one-sided violence per year: forecast in the December before, and outcome")
    note = (lang.gettext("Outcome, and the band that should hold nine in ten:"), " ", *listed)
    return Drawing(outcomes(rows, lang=lang, label=label), title=label, note=note)


def _releases(ask: Ask) -> tuple[Block, ...]:
    lang = ask.lang
    title = Heading(lang.gettext("What changed between the two newest releases"))
    stored = ask.store.holding("observations", "ucdp_os_deaths")
    if len(stored) < 2:
        told = compose(lang, "Only one release of these deaths is stored, so no change between releases can be shown.")
        return (title, Paragraph(told))
    year = ask.newest.year
    older, newer = stored[-2:]
    figures = [_as_known(ask, year=min(year, older.published.year - 1), snapshot_id=s.id) for s in (older, newer)]
    told = compose(
        lang,
        "Deaths in one-sided violence in %(year)s: %(before)s in release %(first)s, %(after)s in release %(second)s.",
        year=lang.code_text(figures[0].period), before=number(lang, figures[0]), first=lang.code_text(older.vintage),
        after=number(lang, figures[1]), second=lang.code_text(newer.vintage),
    )  # fmt: skip
    return (title, Paragraph(told))


def _as_known(ask: Ask, *, year: int, snapshot_id: str) -> Figure:
    query = Query(
        table="observations", subject="ucdp_os_deaths", where=(("iso3", ask.target),), start=date(year, 1, 1), end=date(year, 12, 31),
        snapshot_id=snapshot_id,
    )  # fmt: skip
    return compute(ask.store, label="Deaths in one-sided violence", unit="deaths", formula="total", inputs=[query], period=str(year))
