"""Page 3: the 14 risk factors, and the dated windows and triggers ahead."""

from __future__ import annotations

from datetime import date, timedelta

from forefend.assess.profile import FactorLevel, IndicatorReading
from forefend.brief.country.ask import WORST_FIFTH, Ask
from forefend.brief.document import Block, Cell, English, Heading, Inline, Paragraph, Table
from forefend.brief.words import catalog_text, cell, compose, head, number, reason, say, series_title, when
from forefend.chart.bars import percentile_strip
from forefend.locale import N_
from forefend.options.windows import WindowDate, windows
from forefend.store import Figure

AHEAD = timedelta(days=365)
MOST_WINDOWS = 6
BASES = {
    "fixed": N_("fixed"),
    "projected": N_("projected"),
    "projected by rule": N_("projected by rule"),
    "typical": N_("usual month"),
    "unverified": N_("unverified"),
    "from knowledge": N_("from knowledge"),
    "confirmed from a stored page": N_("confirmed from a stored page"),
}
REVIEWS = ("treaty.review", "cerd.early_warning")  # of some state or other, unless they name the country


def risks(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the page on risk factors."""
    lang = ask.lang
    note = N_(
        "Percentile among all states with a value; 100 is worst, the worst fifth is shaded. Factors are listed, never added up. Hatched: "
        "not monitored, or too old to use."
    )
    return (
        Heading(say(lang, N_("Risk factors and dates ahead")), 2),
        Paragraph(_summary(ask), "lede2"),
        _profile(ask),
        Paragraph((say(lang, note),), "note"),
        Heading(say(lang, N_("Triggers and windows ahead"))),
        *_dates(ask),
    )


def _summary(ask: Ask) -> tuple[Inline, ...]:
    worst = sum((level.percentile.value or 0.0) >= WORST_FIFTH for level in ask.levels)
    unseen = sum(level.percentile.value is None for level in ask.levels)
    message = N_(
        "%(worst)s of 14 factors stand in the worst fifth of the world by a public indicator; %(unseen)s cannot be seen in the data loaded here."
    )
    return compose(ask.lang, message, worst=ask.lang.number(worst), unseen=ask.lang.number(unseen))


def _profile(ask: Ask) -> Table:
    columns = (
        N_("No"), N_("UN risk factor"), N_("Leading public indicator"), N_("Before"), N_("Place, worse to the right"), N_("Percentile"),
    )  # fmt: skip
    caption = say(ask.lang, N_("Fourteen risk factors with their leading public indicator"))
    rows = tuple(_factor(ask, level) for level in ask.levels)
    return Table(head=head(ask.lang, *columns, numbers=(0, 5)), rows=rows, caption=caption, style="xs profile")


def _factor(ask: Ask, level: FactorLevel) -> tuple[Cell, ...]:
    lang, factor = ask.lang, ask.catalog.risk_factors[level.factor]
    first = (cell(lang.code_text(factor.number), is_number=True), cell(catalog_text(lang, factor.title), is_head=True))
    if level.leading is None or level.percentile.value is None:
        strip = Cell(drawing=percentile_strip(None, label=lang.gettext("no place known")))
        return (*first, cell(reason(lang, level.percentile.missing)), cell(), strip, cell())
    place = lang.gettext("place %(percentile)s of 100, 100 is worst", percentile=lang.number(level.percentile.value))
    strip = Cell(drawing=percentile_strip(level.percentile.value, label=place))
    return (*first, *_reading(ask, level.leading), strip, cell(number(lang, level.percentile), is_number=True))


def _reading(ask: Ask, leading: IndicatorReading) -> tuple[Cell, Cell]:
    lang, series = ask.lang, ask.catalog.data_indicators[leading.indicator]
    shown = (*series_title(lang, series), ": ", *_dated(ask, leading.value, decimals=series.decimals))
    earlier = () if leading.before.value is None else _dated(ask, leading.before, decimals=series.decimals)
    return cell(*shown), cell(*earlier)


def _dated(ask: Ask, figure: Figure, *, decimals: int) -> tuple[Inline, ...]:
    return (number(ask.lang, figure, decimals), " ", ask.lang.code_text(f"({figure.period})"))


def _dates(ask: Ask) -> tuple[Block, ...]:
    lang = ask.lang
    dated = ahead(ask)
    if not dated:
        return (Paragraph((say(lang, N_("No dated window is stored for this country in the coming year.")),)),)
    rows = tuple(_date(ask, entry) for entry in dated)
    titles, caption = head(lang, N_("When"), N_("What"), N_("Date is")), say(lang, N_("Dated windows and triggers"))
    note = N_(
        "A date is a moment to watch and to prepare for, not a forecast. Dates that rest on a rule must be replaced by published ones."
    )
    return (Table(head=titles, rows=rows, caption=caption, style="xs dates"), Paragraph((say(lang, note),), "note"))


def ahead(ask: Ask) -> list[WindowDate]:
    """Return the dates to show: those about the country itself, then one of each other window, in order of date."""
    found = windows(ask.store, ask.catalog, ask.actor, about=ask.target, days=AHEAD.days, today=ask.today)
    dated = [entry for entry in found if entry.start is not None and entry.start >= ask.today.replace(day=1)]
    own = [entry for entry in dated if entry.about == ask.target]
    taken = {entry.window.id for entry in own}
    others: dict[str, WindowDate] = {}
    for entry in dated:
        if entry.window.id not in taken and entry.window.id not in REVIEWS and not entry.about:
            others.setdefault(entry.window.id, entry)
    return sorted([*own, *others.values()][:MOST_WINDOWS], key=_start)


def _start(entry: WindowDate) -> date:
    return entry.start or date.max


def _date(ask: Ask, entry: WindowDate) -> tuple[Cell, ...]:
    lang = ask.lang
    what: tuple[Inline, ...] = (catalog_text(lang, entry.window.name),)
    if entry.detail:
        what += (": ", English(entry.detail))
    return (cell(when(lang, entry.date_text)), cell(*what, is_head=True), cell(*_rests_on(ask, entry)))


def _rests_on(ask: Ask, entry: WindowDate) -> tuple[Inline, ...]:
    """Say how the register came by a date; one that nobody confirmed says so."""
    told = entry.checked or entry.basis
    found: tuple[Inline, ...] = (say(ask.lang, BASES.get(told, told)),)
    return (*found, " (", say(ask.lang, BASES["unverified"]), ")") if entry.basis == "unverified" and entry.checked else found
