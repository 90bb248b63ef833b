"""The catalog as Excel: one sheet for each kind, ids that lead to the entry they name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forefend.brief.render.sheets import Book, Sheet
from forefend.catalog import Catalog, counts
from forefend.catalog.model import KINDS

MADE = date(2026, 1, 1)  # the same content gives the same file
REFERENCES = {"sphere": "spheres", "action": "actions", "factor": "risk_factors", "question": "questions", "to": "windows"}
ABOUT = "About"


def render_catalog(catalog: Catalog) -> bytes:
    """Return the Excel file."""
    book = Book("Forefend: catalog", MADE)
    about = book.sheet(ABOUT)
    places = {kind: {name: row for row, name in enumerate(catalog.of_kind(kind), start=1)} for kind in KINDS}
    for kind in KINDS:
        sheet = book.sheet(_title(kind))
        entries = [entry.model_dump() for entry in catalog.of_kind(kind).values()]
        _fill(sheet, entries, places)
    sources = book.sheet("Sources")
    _fill(sources, [{"id": key, **source} for key, source in catalog.sources.items()], {})
    _about(about, catalog)
    return book.save()


def _title(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _about(sheet: Sheet, catalog: Catalog) -> None:
    sheet.put(0, 0, "Forefend: catalog", "title")
    told = "Texts are Forefend's own words. The 21 actions follow the Framework for Action for the Responsibility to Protect (2023)."
    sheet.put(1, 0, told, "plain")
    found = counts(catalog)
    row = 3
    for kind in KINDS:
        sheet.link(row, 0, _title(kind), sheet=_title(kind), to_row=0)
        sheet.put(row, 1, found.get(kind, len(catalog.of_kind(kind))))
        row += 1
    sheet.link(row, 0, "Sources", sheet="Sources", to_row=0)
    sheet.put(row, 1, len(catalog.sources))
    row += 2
    for part, edition in catalog.editions.items():
        sheet.put(row, 0, f"Edition of {part.replace('_', ' ')}", "plain")
        sheet.put(row, 1, edition, "plain")
        row += 1
    row += 1
    for level, text in catalog.maturity_scale.items():
        sheet.put(row, 0, f"Level {level}", "plain")
        sheet.put(row, 1, text, "plain")
        row += 1
    sheet.fit({0: 34, 1: 50})


def _fill(sheet: Sheet, entries: list[dict[str, Any]], places: Mapping[str, Mapping[str, int]]) -> None:
    columns = list(dict.fromkeys(name for entry in entries for name, value in entry.items() if value not in (None, "", (), [], {})))
    sheet.head(0, [name.replace("_", " ") for name in columns])
    for row, entry in enumerate(entries, start=1):
        for column, name in enumerate(columns):
            value = entry.get(name)
            kind = REFERENCES.get(name, "")
            if kind and value in places.get(kind, {}):
                sheet.link(row, column, str(value), sheet=_title(kind), to_row=places[kind][str(value)])
            else:
                sheet.put(row, column, _readable(value))
    if entries:
        sheet.raw.autofilter(0, 0, len(entries), len(columns) - 1)
    sheet.fit()


def _readable(value: Any) -> object:
    """Write ids in a row, other lists one below the other, and records as ``name: value``."""
    if isinstance(value, Mapping):
        return "\n".join(f"{_key(key)}: {_readable(entry)}" for key, entry in value.items() if entry not in (None, "", (), [], {}))
    if isinstance(value, tuple | list):
        is_ids = all(isinstance(entry, str) and " " not in entry for entry in value)
        return (", " if is_ids else "\n").join(_joined(entry) for entry in value)
    return value


def _joined(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return ", ".join(str(part) for part in entry.values())
    return ", ".join(f"{part:g}" for part in entry) if isinstance(entry, tuple) else str(entry)


def _key(key: object) -> str:
    return str(key).replace("_", " ")
