"""Sentences with figures in them: translated whole, then filled, so that no language is built from fragments.

Texts are given here as ``N_("…")``, which is how they are found for translation. A text without a
translation is marked as English, so that it is read and set as such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from forefend.brief.document import Cell, English, Heading, Inline, Mark, Words
from forefend.catalog.model import DataIndicator
from forefend.locale import N_, Language
from forefend.store import Figure

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
NO_VALUE = {
    "not monitored": N_("not monitored"),
    "too old": N_("too old"),
    "outside coverage": N_("outside coverage"),
    "no record": N_("no record"),
}
NOT_LOADED = "not loaded: fetch "
NOT_IMPORTED = "not loaded: import "
SOURCE_LANGUAGE = "en"
COMMAS = {"ar": "، "}
SEMICOLONS = {"ar": "؛ "}
COUNTED = ("deaths", "people")  # units that the title of a series already says
DAY, MONTH = len("2027-01-01"), len("2027-01")


def say(lang: Language, message: str, /, **params: object) -> Words:
    """Return a text in the reader's language, or in English and marked as such."""
    told = lang.gettext(message, **params)
    return told if lang.has(message) else English(told)


def compose(lang: Language, message: str, /, **params: Inline) -> tuple[Inline, ...]:
    """Translate a sentence and put marks, strong words or texts in the places its placeholders hold."""
    parts = PLACEHOLDER.split(lang.gettext(message))
    found: list[Inline] = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            found += [part.replace("%%", "%")] if part else []
        else:
            value = params[part]
            found.append(lang.isolate(value) if isinstance(value, str) else value)
    return tuple(found) if lang.has(message) else (English(plain(found), tuple(found)),)


def plain(content: Sequence[Inline]) -> str:
    """Return what a reader sees of a sentence, without its marks."""
    return "".join(part if isinstance(part, str) else part.shown if isinstance(part, Mark) else part.text for part in content)


def listed(lang: Language, entries: Sequence[Sequence[Inline]], *, is_long: bool = False) -> tuple[Inline, ...]:
    """Put entries in a row, parted by commas, or by semicolons where they are long."""
    parting = SEMICOLONS.get(lang.code, "; ") if is_long else COMMAS.get(lang.code, ", ")
    found: list[Inline] = []
    for entry in entries:
        found += [parting, *entry] if found else [*entry]
    return tuple(found)


def reason(lang: Language, missing: str) -> Words:
    """Say why there is no number, in the reader's language."""
    if missing.startswith(NOT_LOADED):
        return say(lang, N_("not loaded: fetch %(source)s"), source=lang.code_text(missing.removeprefix(NOT_LOADED)))
    if missing.startswith(NOT_IMPORTED):
        return say(lang, N_("not loaded: import %(source)s"), source=lang.code_text(missing.removeprefix(NOT_IMPORTED)))
    return say(lang, NO_VALUE.get(missing, missing))


def number(lang: Language, figure: Figure, decimals: int = 0) -> Inline:
    """Return a figure as a marked number, or the reason why there is none."""
    return reason(lang, figure.missing) if figure.value is None else Mark(figure, lang.number(figure.value, decimals))


def percent(lang: Language, figure: Figure, decimals: int = 0) -> Inline:
    """Return a share of 1 as a marked percentage, or the reason why there is none."""
    return reason(lang, figure.missing) if figure.value is None else Mark(figure, lang.percent(figure.value, decimals))


def catalog_text(lang: Language, text: str) -> Words:
    """Return a text of the catalog in the reader's language, or in English and marked as such."""
    return say(lang, text)


def series_title(lang: Language, series: DataIndicator) -> tuple[Inline, ...]:
    """Name a series with its unit, unless the name says it."""
    title = catalog_text(lang, series.title)
    return (title,) if series.unit in COUNTED else (title, COMMAS.get(lang.code, ", "), catalog_text(lang, series.unit))


def when(lang: Language, text: str) -> str:
    """Write a date of the register, a day, a month, a year or a span of them: ``2027-01/2027-02``."""
    return lang.isolate(" – ".join(_moment(lang, part) for part in text.split("/")))


def _moment(lang: Language, text: str) -> str:
    try:
        if len(text) == DAY:
            return lang.date(date.fromisoformat(text))
        if len(text) == MONTH:
            return lang.month(date.fromisoformat(f"{text}-01"))
    except ValueError:
        pass  # words of the publisher stay as they are
    return lang.code_text(text)


def translation_note(lang: Language) -> Words:
    """Return what stands over a report in a language whose translation nobody has reviewed."""
    if lang.code == SOURCE_LANGUAGE:
        return ""
    return say(lang, N_("This translation has not been reviewed by a person. Texts without a translation are shown in English."))


def part(title: Words) -> Heading:
    """Return the heading of a part of the first page."""
    return Heading(title, 2, is_part=True)


def cell(*content: Inline, is_number: bool = False, is_head: bool = False) -> Cell:
    """Return a table cell."""
    return Cell(content, is_number=is_number, is_head=is_head)


def head(lang: Language, *titles: str, numbers: tuple[int, ...] = ()) -> tuple[Cell, ...]:
    """Return a head row; ``numbers`` are the places of numeric columns."""
    return tuple(Cell((say(lang, title),), is_number=place in numbers) for place, title in enumerate(titles))
