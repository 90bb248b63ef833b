"""Page 3: the 14 risk factors, and the dated windows and triggers ahead."""

from __future__ import annotations

from datetime import date, timedelta

from forefend.assess.profile import FactorLevel
from forefend.brief.country.ask import Ask
from forefend.brief.document import Block, Cell, English, Heading, Inline, Paragraph, Table
from forefend.brief.words import catalog_text, cell, compose, head, number, reason
from forefend.chart.bars import percentile_strip
from forefend.options.windows import WindowDate, windows

WORST_FIFTH = 80.0
AHEAD = timedelta(days=365)
MOST_WINDOWS = 6


def risks(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the page on risk factors."""
    lang = ask.lang
    return (
        Heading(lang.gettext("Risk factors and dates ahead"), 2),
        Paragraph(_summary(ask), "lede2"),
        _profile(ask),
        Paragraph((lang.gettext("Percentile among all states with a value; 100 is worst, the worst fifth is shaded. Factors are listed, never added up. Hatched: not monitored, or too old to use."),), "note"),
        Heading(lang.gettext("Triggers and windows ahead")),
        *_dates(ask),
    )  # fmt: skip


def _summary(ask: Ask) -> tuple[Inline, ...]:
    worst = sum((level.percentile.value or 0.0) >= WORST_FIFTH for level in ask.levels)
    unseen = sum(level.percentile.value is None for level in ask.levels)
    return compose(
        ask.lang,
        "%(worst)s of 14 factors stand in the worst fifth of the world by a public indicator; %(unseen)s cannot be seen in public data at all.",
        worst=ask.lang.number(worst),
        unseen=ask.lang.number(unseen),
    )


def _profile(ask: Ask) -> Table:
    titles = head(
        ask.lang, "No", "UN risk factor", "Leading public indicator", "Before", "Place, worse to the right", "Percentile", numbers=(0, 5)
    )
    caption = ask.lang.gettext("Fourteen risk factors with their leading public indicator")
    return Table(head=titles, rows=tuple(_factor(ask, level) for level in ask.levels), caption=caption, style="xs")


def _factor(ask: Ask, level: FactorLevel) -> tuple[Cell, ...]:
    lang, factor = ask.lang, ask.catalog.risk_factors[level.factor]
    leading = level.leading
    place = Cell(drawing=percentile_strip(level.percentile.value))
    first = (cell(lang.code_text(factor.number), is_number=True), cell(catalog_text(lang, factor.title), is_head=True))
    if leading is None:
        return (
            *first,
            cell(lang.gettext("no public indicator")),
            cell(),
            place,
            cell(reason(lang, level.percentile.missing), is_number=True),
        )
    series = ask.catalog.data_indicators[leading.indicator]
    shown: tuple[Inline, ...] = (
        catalog_text(lang, series.title),
        ": ",
        number(lang, leading.value, series.decimals),
        " ",
        lang.code_text(f"({leading.value.period})"),
    )
    earlier: tuple[Inline, ...] = ()
    if leading.before.value is not None:
        earlier = (number(lang, leading.before, series.decimals),)
    return (*first, cell(*shown), cell(*earlier), place, cell(number(lang, level.percentile), is_number=True))


def _dates(ask: Ask) -> tuple[Block, ...]:
    lang = ask.lang
    found = windows(ask.store, ask.catalog, ask.actor, about=ask.target, days=AHEAD.days, today=ask.today)
    dated = [entry for entry in found if entry.start is not None and entry.start >= ask.today.replace(day=1)]
    # What concerns the country itself comes first; the rest fills up, in order of date.
    dated = sorted([*[e for e in dated if e.about == ask.target], *[e for e in dated if e.about != ask.target]][:MOST_WINDOWS], key=_start)
    if not dated:
        return (Paragraph((lang.gettext("No dated window is stored for this country in the coming year."),)),)
    titles = head(lang, "When", "What", "Date is")
    rows = tuple(_date(ask, entry) for entry in dated)
    note = lang.gettext(
        "A date is a moment to watch and to prepare for, not a forecast. Dates that rest on a rule must be replaced by published ones."
    )
    return (Table(head=titles, rows=rows, caption=lang.gettext("Dated windows and triggers"), style="xs"), Paragraph((note,), "note"))


def _start(entry: WindowDate) -> date:
    return entry.start or date.max


def _date(ask: Ask, entry: WindowDate) -> tuple[Cell, ...]:
    lang = ask.lang
    when = lang.date(entry.start) if entry.start and len(entry.date_text) >= len("2027-01-01") else lang.code_text(entry.date_text)
    what: tuple[Inline, ...] = (catalog_text(lang, entry.window.name),)
    if entry.detail:
        what += (": ", English(entry.detail))
    return (cell(when), cell(*what, is_head=True), cell(catalog_text(lang, entry.checked or entry.basis)))
