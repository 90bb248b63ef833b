"""Page 1: the finding, what is observed, and what only people can judge; chance, key figures, map."""

from __future__ import annotations

from forefend.brief.country.ask import STALE_AFTER_MONTHS, Ask
from forefend.brief.document import Block, Cell, Columns, Drawing, Heading, Inline, Paragraph, Space, Table
from forefend.brief.words import cell, compose, number, percent, reason
from forefend.chart.bars import interval
from forefend.chart.map import is_drawn, with_neighbours
from forefend.locale import N_
from forefend.panel.deaths import KINDS, months_old
from forefend.places import neighbours, place_name, universe
from forefend.store import Figure, missing_figure

MAP_CLASSES = ((500, "q5"), (300, "q4"), (100, "q3"), (1, "q2"), (0, "land"))
KIND_TITLES = {
    "os": N_("Deaths in one-sided violence"),
    "sb": N_("Deaths in state-based conflict"),
    "ns": N_("Deaths in non-state conflict"),
}


def opening(ask: Ask) -> tuple[Block, ...]:
    """Return the blocks of the first page."""
    lang = ask.lang
    return (
        Paragraph((lang.gettext("Risk brief, drafted from public data. Outward loop."),), "kick"),
        Heading(ask.name, 1),
        Paragraph(finding(ask), "lede"),
        Columns(
            (
                (Heading(lang.gettext("Observed")), Paragraph(_observed(ask))),
                (Heading(lang.gettext("Judged")), Space(lang.gettext("Left to the analyst"), lang.gettext("Populations at risk, actors, likelihood in words, and confidence with its reason."))),
                (Heading(lang.gettext("Recommended")), Space(lang.gettext("Left to the analyst"), lang.gettext("What to do and when. Options with every component are on page 4."))),
            )
        ),
        *_chance(ask),
        Columns(((Heading(lang.gettext("Key figures")), _key_figures(ask)), _map(ask)), shares=(0.58, 0.42)),
    )  # fmt: skip


def finding(ask: Ask) -> tuple[Inline, ...]:
    """Return the headline: how old the data are when they are old, the deaths, and the chance."""
    lang, outlook = ask.lang, ask.outlook
    told: tuple[Inline, ...] = ()
    old = months_old(ask.newest, today=ask.today)
    if old > STALE_AFTER_MONTHS:
        told += compose(
            lang,
            "The newest deaths counted here are of %(month)s, %(months)s months ago.",
            month=lang.month(ask.newest),
            months=lang.number(old),
        )
        told += (" ",)
    if not outlook.is_covered:
        return told + compose(
            lang,
            "%(country)s is not forecast: it lies outside the coverage of the source, which leaves out the smallest states. No event there "
            "would appear, so nothing here may be read as none.",
            country=ask.name,
        )
    deaths = ask.deaths("os", ask.last_year)
    chance = outlook.reference_class.chance if outlook.reference_class else missing_figure(label="", unit="chance", reason=outlook.reason)
    told += compose(
        lang, "One-sided violence killed %(deaths)s people in %(year)s.", deaths=number(lang, deaths), year=lang.code_text(ask.last_year)
    )
    if chance.value is None:
        return (
            *told,
            " ",
            *compose(
                lang,
                "As 1,000 or more were killed in one of the last two years, no new mass killing can begin by the definition, however grave things are; no chance is given.",
            ),
        )
    return (
        *told,
        " ",
        *compose(
            lang,
            "Of country-years like this one, %(chance)s saw a new mass killing begin within two years, %(multiple)s times the world's base rate.",
            chance=percent(lang, chance, 1),
            multiple=number(lang, outlook.multiple, 1),
        ),
    )


def _observed(ask: Ask) -> tuple[Inline, ...]:
    lang, year = ask.lang, ask.last_year
    if not ask.outlook.is_covered:
        return compose(lang, "Deaths in organised violence are not recorded for this state.")
    told = compose(
        lang,
        "Deaths in one-sided violence: %(before)s in %(first)s, %(after)s in %(second)s. In state-based conflict: %(state)s in %(second)s.",
        before=number(lang, ask.deaths("os", year - 1)), first=lang.code_text(year - 1), after=number(lang, ask.deaths("os", year)),
        second=lang.code_text(year), state=number(lang, ask.deaths("sb", year)),
    )  # fmt: skip
    for level in ask.levels:
        reading = next((r for r in level.readings if r.indicator == "vdem_v2x_polyarchy"), None)
        if reading is not None and reading.value.value is not None and reading.before.value is not None:
            return (
                *told,
                " ",
                *compose(
                    lang,
                    "Electoral democracy index: %(before)s in %(first)s, %(after)s in %(second)s, on a scale of 0 to 1.",
                    before=number(lang, reading.before, 2), first=lang.code_text(reading.before.period),
                    after=number(lang, reading.value, 2), second=lang.code_text(reading.value.period),
                ),
            )  # fmt: skip
    return told


def _chance(ask: Ask) -> tuple[Block, ...]:
    lang, outlook = ask.lang, ask.outlook
    title = Heading(lang.gettext("Chance of a new mass killing within two years"))
    if not outlook.is_covered:
        return (title, Paragraph((lang.gettext("Not forecast: outside coverage."),)))
    found, base = outlook.reference_class, outlook.base_rate
    if found is None:
        return (title, Paragraph((reason(lang, outlook.reason),)))
    if found.chance.value is None or found.chance.low is None or found.chance.high is None:
        told = compose(
            lang,
            "World base rate: %(rate)s of country-years. None is given for %(country)s: by the definition a new one begins only after three years below 1,000 deaths.",
            rate=percent(lang, base, 1), country=ask.name,
        )  # fmt: skip
        return (title, Paragraph(told))
    label = lang.gettext(
        "Chance %(chance)s, interval %(range)s, base rate %(base)s",
        chance=lang.percent(found.chance.value, 1), range=lang.percent_range(found.chance.low, found.chance.high, 1),
        base=lang.percent(base.value or 0.0, 1),
    )  # fmt: skip
    svg = interval(found.chance.value, found.chance.low, found.chance.high, base=base.value, lang=lang, label=label)
    note = compose(
        lang,
        "Reference class: %(label)s. %(onsets)s new mass killings followed within two years in %(years)s country-years; 90 %% interval %(range)s. "
        "Broken line: world base rate %(base)s. A model for the single country comes with a later release.",
        label=lang.gettext(found.label), onsets=number(lang, found.onsets), years=number(lang, found.country_years),
        range=lang.percent_range(found.chance.low, found.chance.high, 1), base=percent(lang, base, 1),
    )  # fmt: skip
    return (title, Drawing(svg, note=note))


def _key_figures(ask: Ask) -> Table:
    lang, years = ask.lang, (ask.last_year - 2, ask.last_year - 1, ask.last_year)
    rows = [
        (
            cell(lang.gettext(KIND_TITLES[kind]), is_head=True),
            *(cell(number(lang, ask.deaths(kind, year)), is_number=True) for year in years),
        )
        for kind in KINDS
    ]
    shown = {"wb_population": 0, "wb_infant_mortality": 1, "wb_gdp_per_capita": 0}
    for identifier, decimals in shown.items():
        rows.append(_series_row(ask, identifier, years=years, decimals=decimals))
    titles = (Cell((lang.gettext("Figure"),)), *(Cell((lang.code_text(year),), is_number=True) for year in years))
    return Table(head=titles, rows=tuple(rows), caption=lang.gettext("Key figures of the last three years"), style="xs")


def _series_row(ask: Ask, identifier: str, *, years: tuple[int, ...], decimals: int) -> tuple[Cell, ...]:
    from forefend.panel.values import in_year

    declared = ask.catalog.data_indicators[identifier]
    figures: list[Figure] = [in_year(ask.store, declared, iso3=ask.target, year=year) for year in years]
    title = ask.lang.gettext(declared.title)
    return (cell(title, is_head=True), *(cell(_of_year(ask, figure, decimals=decimals), is_number=True) for figure in figures))


def _map(ask: Ask) -> tuple[Block, ...]:
    lang, year = ask.lang, ask.last_year
    title = Heading(lang.gettext("Deaths in one-sided violence, %(year)s", year=year))
    if not is_drawn(ask.target):
        return (title, Paragraph((lang.gettext("Too small to be drawn in the boundary set."),), "note"))
    around = [iso3 for iso3 in (ask.target, *neighbours(ask.target)) if iso3 in universe("ucdp")]
    figures = {iso3: ask.deaths("os", year, iso3) for iso3 in around}
    values = {iso3: figure.value for iso3, figure in figures.items() if figure.value is not None}
    classes = {iso3: next(cls for least, cls in MAP_CLASSES if value >= least) for iso3, value in values.items()}
    names = {iso3: f"{place_name(iso3, lang.code)} {lang.number(value)}" for iso3, value in values.items()}
    if ask.target not in names:
        names[ask.target] = ask.name
    svg = with_neighbours(ask.target, neighbours(ask.target), classes=classes, names=names, label=", ".join(names.values()))
    listed: list[Inline] = []
    for iso3, figure in figures.items():
        listed += [", " if listed else "", lang.isolate(place_name(iso3, lang.code)), " ", number(lang, figure)]
    note = (
        *listed,
        ". ",
        lang.gettext("Hatched: no value. Boundaries and names do not imply endorsement. Lines: Natural Earth, de facto."),
    )
    return (title, Drawing(svg, note=note, style="map"))


def _of_year(ask: Ask, figure: Figure, *, decimals: int) -> Inline:
    """A year without a value in a series that has others is not published yet, or was never measured."""
    return ask.lang.gettext("no value") if figure.missing == "not monitored" else number(ask.lang, figure, decimals)
