"""Sentences with figures in them: translated whole, then filled, so that no language is built from fragments."""

from __future__ import annotations

import re

from forefend.brief.document import Cell, English, Inline, Mark, Strong
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
    return tuple(found)


def reason(lang: Language, missing: str) -> str:
    """Say why there is no number, in the reader's language."""
    if missing.startswith(NOT_LOADED):
        return lang.gettext("not loaded: fetch %(source)s", source=lang.code_text(missing.removeprefix(NOT_LOADED)))
    if missing.startswith("not loaded: import "):
        return lang.gettext("not loaded: import %(source)s", source=lang.code_text(missing.removeprefix("not loaded: import ")))
    return lang.gettext(NO_VALUE.get(missing, missing))


def number(lang: Language, figure: Figure, decimals: int = 0) -> Inline:
    """Return a figure as a marked number, or the reason why there is none."""
    return reason(lang, figure.missing) if figure.value is None else Mark(figure, lang.number(figure.value, decimals))


def percent(lang: Language, figure: Figure, decimals: int = 0) -> Inline:
    """Return a share of 1 as a marked percentage, or the reason why there is none."""
    return reason(lang, figure.missing) if figure.value is None else Mark(figure, lang.percent(figure.value, decimals))


def catalog_text(lang: Language, text: str) -> Inline:
    """Return a text of the catalog in the reader's language, or in English and marked as such."""
    return lang.gettext(text) if lang.has(text) else English(text)


def cell(*content: Inline, is_number: bool = False, is_head: bool = False) -> Cell:
    """Return a table cell."""
    return Cell(content, is_number=is_number, is_head=is_head)


def head(lang: Language, *titles: str, numbers: tuple[int, ...] = ()) -> tuple[Cell, ...]:
    """Return a head row; ``numbers`` are the places of numeric columns."""
    return tuple(Cell((lang.gettext(title),), is_number=place in numbers) for place, title in enumerate(titles))


def strong(text: str) -> Strong:
    """Return words that carry the sentence."""
    return Strong(text)
