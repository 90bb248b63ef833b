"""The map of a country with its neighbours, and the deaths in each."""

from __future__ import annotations

from forefend.brief.country.ask import Ask
from forefend.brief.document import Block, Drawing, Paragraph
from forefend.brief.words import listed, number, part, say
from forefend.chart.map import is_drawn, with_neighbours
from forefend.locale import N_
from forefend.panel.deaths import covered
from forefend.places import neighbours, place_name

MAP_CLASSES = ((500, "q5"), (300, "q4"), (100, "q3"), (1, "q2"), (0, "land"))
BOUNDARIES_NOTE = N_("Hatched: no value. Boundaries and names do not imply endorsement. Lines: Natural Earth, de facto.")


def place(ask: Ask) -> tuple[Block, ...]:
    """Return the map with its title and the boundaries note, or why there is none."""
    lang, year = ask.lang, ask.last_year
    title = part(say(lang, N_("Deaths in one-sided violence, %(year)s"), year=year))
    if not is_drawn(ask.target):
        return (title, Paragraph((say(lang, N_("Too small to be drawn in the boundary set.")),), "note"))
    around = [iso3 for iso3 in (ask.target, *neighbours(ask.target)) if covered(iso3)]
    figures = {iso3: ask.deaths("os", year, iso3) for iso3 in around}
    values = {iso3: figure.value for iso3, figure in figures.items() if figure.value is not None}
    classes = {iso3: next(cls for least, cls in MAP_CLASSES if value >= least) for iso3, value in values.items()}
    names = {ask.target: ask.name} | {
        iso3: lang.isolate(f"{place_name(iso3, lang.code)} {lang.number(value)}") for iso3, value in values.items()
    }
    svg = with_neighbours(ask.target, neighbours(ask.target), classes=classes, names=names, label=", ".join(names.values()))
    told = [(lang.isolate(place_name(iso3, lang.code)), " ", number(lang, figure)) for iso3, figure in figures.items()]
    return (title, Drawing(svg, note=(*listed(lang, told), ". ", say(lang, BOUNDARIES_NOTE)), style="map"))
