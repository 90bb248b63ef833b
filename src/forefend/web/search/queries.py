"""What a text leads to: states by the resolver, entries of the catalog by their ids, titles and texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from forefend.catalog import load_catalog
from forefend.errors import AmbiguousPlace, HistoricalPlace, PlaceError
from forefend.locale import N_, language
from forefend.places import place_name, resolve, states
from forefend.web.design.page import Page

HITS_AT_MOST = 30
SHORTEST = 2  # letters of a part of a country's name

GROUPS = {
    "actions": N_("Actions"),
    "questions": N_("Questions"),
    "factors": N_("Risk factors"),
    "indicators": N_("Risk indicators"),
    "options": N_("Options"),
    "terms": N_("Terms"),
}


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found: its title (English, translated where shown), id and address."""

    title: str
    id: str
    address: str
    is_catalog: bool = True


@dataclass(frozen=True, kw_only=True)
class Group:
    """Things of one kind."""

    title: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of the catalog as it is searched: ``text`` holds all its words, in small letters, in English and the language."""

    kind: str
    title: str
    id: str
    route: str
    args: tuple[str, ...]
    fragment: str
    text: str


def found(page: Page, text: str) -> tuple[list[Group], str]:
    """Return groups of hits, and the resolver's sentence where a name is historical or ambiguous."""
    if not text:
        return [], ""
    countries, refusal = _countries(page, text)
    groups = [Group(title=page.lang.gettext("Countries"), hits=tuple(countries)), *_entries(page, text)]
    return [group for group in groups if group.hits], refusal


def _countries(page: Page, text: str) -> tuple[list[Hit], str]:
    refusal, codes = "", []
    try:
        codes = [resolve(text)]
    except AmbiguousPlace as error:
        refusal, codes = str(error), list(error.candidates)
    except HistoricalPlace as error:
        refusal, codes = str(error), list(error.successors)
    except PlaceError:
        codes = _containing(page.lang.code, text.casefold())
    return [Hit(title=page.name_of(iso3), id=iso3, address=page.link("country", iso3), is_catalog=False) for iso3 in codes], refusal


def _containing(code: str, wanted: str) -> list[str]:
    if len(wanted) < SHORTEST:
        return []
    return [iso3 for iso3, name in _names(code) if wanted in name][:HITS_AT_MOST]


def _entries(page: Page, text: str) -> Iterator[Group]:
    wanted = text.casefold().split()
    matching = [entry for entry in _index(page.lang.code) if all(word in entry.text for word in wanted)]
    for kind, title in GROUPS.items():
        hits = [
            Hit(title=entry.title, id=entry.id, address=page.link(entry.route, *entry.args) + entry.fragment)
            for entry in [entry for entry in matching if entry.kind == kind][:HITS_AT_MOST]
        ]
        yield Group(title=page.lang.gettext(title), hits=tuple(hits))


@cache
def _names(code: str) -> tuple[tuple[str, str], ...]:
    return tuple((iso3, f"{place_name(iso3, code)}\n{place_name(iso3, 'en')}".casefold()) for iso3 in states())


@cache
def _index(code: str) -> tuple[Entry, ...]:
    """Every searchable entry in one language, its words put together once."""
    catalog, lang = load_catalog(), language(code)

    def entry(kind: str, title: str, identifier: str, route: str, *args: str, more: str = "", fragment: str = "") -> Entry:
        words = " ".join(dict.fromkeys((identifier, title, more, lang.gettext(title), lang.gettext(more) if more else "")))
        return Entry(kind=kind, title=title, id=identifier, route=route, args=args, fragment=fragment, text=words.casefold())

    return (
        *(entry("actions", a.title, a.id, "action", a.id, more=a.purpose) for a in catalog.actions.values()),
        *(entry("questions", q.text, q.id, "action", q.action, fragment=f"#{q.id}") for q in catalog.questions.values()),
        *(entry("factors", f.title, f.id, "factor", f.id, more=f.summary) for f in catalog.risk_factors.values()),
        *(entry("indicators", i.text, i.id, "factor", i.factor, fragment=f"#{i.id}") for i in catalog.indicators.values()),
        *(entry("options", o.name, o.id, "option", o.id, more=o.mechanism) for o in catalog.options.values()),
        *(entry("terms", t.term, "", "glossary", more=t.definition, fragment=f"#{t.id}") for t in catalog.terms.values()),
    )
