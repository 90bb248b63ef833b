"""Page 1: the finding, what is observed, and what only people can judge; chance, key figures, key factors, map."""

from __future__ import annotations

from forefend.brief.country.ask import STALE_AFTER_MONTHS, WORST_FIFTH, Ask
from forefend.brief.country.place import place
from forefend.brief.document import Block, Bullets, Cell, Columns, Drawing, Heading, Inline, Paragraph, Space, Table
from forefend.brief.words import catalog_text, cell, compose, number, part, percent, reason, say, series_title
from forefend.chart.bars import interval
from forefend.forecast.outlook import ReferenceClass
from forefend.locale import N_
from forefend.panel.deaths import KINDS, months_old
from forefend.panel.values import in_year
from forefend.store import Figure

MOST_FACTORS = 3
KIND_TITLES = {
    "os": N_("Deaths in one-sided violence"),
    "sb": N_("Deaths in state-based conflict"),
    "ns": N_("Deaths in non-state conflict"),
}
KEY_SERIES = ("wb_population", "wb_infant_mortality", "wb_gdp_per_capita")
DEMOCRACY = "vdem_v2x_polyarchy"


def opening(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the first page."""
    lang = ask.lang
    left_open = say(lang, N_("Left to the analyst"))
    judged = say(lang, N_("Populations at risk, actors, likelihood in words, and confidence with its reason."))
    recommended = say(lang, N_("What to do and when. Options with every component are on page 4."))
    figures = (part(say(lang, N_("Key figures"))), _key_figures(ask), part(say(lang, N_("Key factors"))), *_key_factors(ask))
    return (
        Paragraph((say(lang, N_("Risk brief, drafted from public data. Outward loop.")),), "kick"),
        Heading(ask.name, 1),
        Paragraph(finding(ask), "lede"),
        Columns(
            (
                (part(say(lang, N_("Observed"))), Paragraph(_observed(ask))),
                (part(say(lang, N_("Judged"))), Space(left_open, judged)),
                (part(say(lang, N_("Recommended"))), Space(left_open, recommended)),
            )
        ),
        *_chance(ask),
        Columns((figures, place(ask)), shares=(0.58, 0.42)),
    )


def finding(ask: Ask) -> tuple[Inline, ...]:
    """Return the headline: how old the data are when they are old, the deaths, and the chance."""
    lang, outlook = ask.lang, ask.outlook
    told: tuple[Inline, ...] = ()
    old = months_old(ask.newest, today=ask.today)
    if old > STALE_AFTER_MONTHS:
        message = N_("The newest deaths counted here are of %(month)s, %(months)s months ago.")
        told += (*compose(lang, message, month=lang.month(ask.newest), months=lang.number(old)), " ")
    if not outlook.is_covered:
        message = N_(
            "%(country)s is not forecast: it lies outside the coverage of the source, which leaves out the smallest states. "
            "No event there would appear, so nothing here may be read as none."
        )
        return told + compose(lang, message, country=ask.name)
    killed = N_("One-sided violence killed %(deaths)s people in %(year)s.")
    deaths = number(lang, ask.deaths("os", ask.last_year))
    return (*told, *compose(lang, killed, deaths=deaths, year=lang.code_text(ask.last_year)), " ", *_chance_in_words(ask))


def _chance_in_words(ask: Ask) -> tuple[Inline, ...]:
    lang, outlook = ask.lang, ask.outlook
    if outlook.reference_class is None:
        return compose(lang, N_("No chance is given: %(reason)s."), reason=reason(lang, outlook.reason))
    chance = outlook.reference_class.chance
    if chance.value is None:
        message = N_(
            "As 1,000 or more were killed in one of the last two years, no new mass killing can begin by the definition, "
            "however grave things are; no chance is given."
        )
        return compose(lang, message)
    message = N_(
        "Of country-years like this one, %(chance)s saw a new mass killing begin within two years, %(multiple)s times the world's base rate."
    )
    return compose(lang, message, chance=percent(lang, chance, 1), multiple=number(lang, outlook.multiple, 1))


def _observed(ask: Ask) -> tuple[Inline, ...]:
    lang, year = ask.lang, ask.last_year
    if not ask.outlook.is_covered:
        return compose(lang, N_("Deaths in organised violence are not recorded for this state."))
    message = N_(
        "Deaths in one-sided violence: %(before)s in %(first)s, %(after)s in %(second)s. In state-based conflict: %(state)s in %(second)s."
    )
    told = compose(
        lang, message,
        before=number(lang, ask.deaths("os", year - 1)), first=lang.code_text(year - 1),
        after=number(lang, ask.deaths("os", year)), second=lang.code_text(year),
        state=number(lang, ask.deaths("sb", year)),
    )  # fmt: skip
    readings = (reading for level in ask.levels for reading in level.readings if reading.indicator == DEMOCRACY)
    reading = next(readings, None)
    if reading is None or reading.value.value is None or reading.before.value is None:
        return told
    index = compose(
        lang, N_("Electoral democracy index: %(before)s in %(first)s, %(after)s in %(second)s, on a scale of 0 to 1."),
        before=number(lang, reading.before, 2), first=lang.code_text(reading.before.period),
        after=number(lang, reading.value, 2), second=lang.code_text(reading.value.period),
    )  # fmt: skip
    return (*told, " ", *index)


def _chance(ask: Ask) -> tuple[Block, ...]:
    lang, outlook = ask.lang, ask.outlook
    title = part(say(lang, N_("Chance of a new mass killing within two years")))
    if not outlook.is_covered:
        return (title, Paragraph((say(lang, N_("Not forecast: outside coverage.")),)))
    found = outlook.reference_class
    if found is None:
        return (title, Paragraph((reason(lang, outlook.reason),)))
    if found.chance.value is None or found.chance.low is None or found.chance.high is None:
        message = N_(
            "World base rate: %(rate)s of country-years. None is given for %(country)s: by the definition a new one begins only after "
            "three years below 1,000 deaths."
        )
        return (title, Paragraph(compose(lang, message, rate=percent(lang, outlook.base_rate, 1), country=ask.name)))
    return (title, _chance_drawn(ask, found, chance=found.chance.value, low=found.chance.low, high=found.chance.high))


def _chance_drawn(ask: Ask, found: ReferenceClass, *, chance: float, low: float, high: float) -> Drawing:
    lang, base = ask.lang, ask.outlook.base_rate
    span = lang.percent_range(low, high, 1)
    label = lang.gettext(
        "Chance %(chance)s, interval %(range)s, base rate %(base)s",
        chance=lang.percent(chance, 1), range=span, base=lang.percent(base.value or 0.0, 1),
    )  # fmt: skip
    message = N_(
        "Reference class: %(label)s. %(onsets)s new mass killings followed within two years in %(years)s country-years; 90 %% interval "
        "%(range)s. Broken line: world base rate %(base)s. A model for the single country comes with a later release."
    )
    note = compose(
        lang, message, label=catalog_text(lang, found.label), onsets=number(lang, found.onsets), years=number(lang, found.country_years),
        range=span, base=percent(lang, base, 1),
    )  # fmt: skip
    return Drawing(interval(chance, low, high, base=base.value, lang=lang, label=label), note=note)


def _key_figures(ask: Ask) -> Table:
    lang, years = ask.lang, (ask.last_year - 2, ask.last_year - 1, ask.last_year)
    rows = [
        (cell(say(lang, KIND_TITLES[kind]), is_head=True), *(cell(number(lang, ask.deaths(kind, y)), is_number=True) for y in years))
        for kind in KINDS
    ]
    rows += [_series_row(ask, identifier, years=years) for identifier in KEY_SERIES]
    titles = (Cell((say(lang, N_("Figure")),)), *(Cell((lang.code_text(year),), is_number=True) for year in years))
    return Table(head=titles, rows=tuple(rows), caption=say(lang, N_("Key figures of the last three years")), style="xs")


def _series_row(ask: Ask, identifier: str, *, years: tuple[int, ...]) -> tuple[Cell, ...]:
    declared = ask.catalog.data_indicators[identifier]
    figures = [in_year(ask.store, declared, iso3=ask.target, year=year) for year in years]
    title = cell(*series_title(ask.lang, declared), is_head=True)
    return (title, *(cell(_of_year(ask, figure, decimals=declared.decimals), is_number=True) for figure in figures))


def _of_year(ask: Ask, figure: Figure, *, decimals: int) -> Inline:
    """A year without a value in a series that has others is not published yet, or was never measured."""
    return say(ask.lang, N_("no value")) if figure.missing == "not monitored" else number(ask.lang, figure, decimals)


def _key_factors(ask: Ask) -> tuple[Block, ...]:
    """Name the factors in the worst fifth, the worst first; page 3 has all."""
    lang = ask.lang
    seen = [level for level in ask.levels if level.leading is not None and level.percentile.value is not None]
    if not seen:
        return (Paragraph((say(lang, N_("No factor can be seen in public data.")),), "note"),)
    worst = sorted((x for x in seen if (x.percentile.value or 0.0) >= WORST_FIFTH), key=lambda x: -(x.percentile.value or 0.0))
    if not worst:
        return (Paragraph((say(lang, N_("No factor stands in the worst fifth of the world by a public indicator.")),), "note"),)
    items = []
    for level in worst[:MOST_FACTORS]:
        if level.leading is None:
            continue
        factor, series = ask.catalog.risk_factors[level.factor], ask.catalog.data_indicators[level.leading.indicator]
        items.append(
            compose(
                lang, N_("%(factor)s (factor %(number)s): %(series)s %(value)s in %(year)s, percentile %(percentile)s."),
                number=lang.code_text(factor.number), factor=catalog_text(lang, factor.title), series=catalog_text(lang, series.title),
                value=number(lang, level.leading.value, series.decimals), year=lang.code_text(level.leading.value.period),
                percentile=number(lang, level.percentile),
            )
        )  # fmt: skip
    return (Bullets(tuple(items), "small"),)
