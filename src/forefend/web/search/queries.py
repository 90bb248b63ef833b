"""What a text leads to: states by the resolver, entries of the catalog by their ids, titles and texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forefend.catalog import Catalog
from forefend.errors import AmbiguousPlace, HistoricalPlace, PlaceError
from forefend.locale import Language
from forefend.places import place_name, resolve, states
from forefend.web.design.page import Page

HITS_AT_MOST = 30


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


def found(page: Page, catalog: Catalog, text: str) -> tuple[list[Group], str]:
    """Return groups of hits, and the resolver's sentence where a name is historical or ambiguous."""
    if not text:
        return [], ""
    countries, refusal = _countries(page, text)
    groups = [Group(title=page.lang.gettext("Countries"), hits=tuple(countries)), *_entries(page, catalog, text)]
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
        codes = _containing(page.lang, text)
    return [Hit(title=page.name_of(iso3), id=iso3, address=page.link("country", iso3), is_catalog=False) for iso3 in codes], refusal


def _containing(lang: Language, text: str) -> list[str]:
    wanted = text.casefold()
    if len(wanted) < 2:
        return []
    names = {iso3: (place_name(iso3, lang.code), place_name(iso3, "en")) for iso3 in states()}
    return [iso3 for iso3, both in names.items() if any(wanted in name.casefold() for name in both)][:HITS_AT_MOST]


def _entries(page: Page, catalog: Catalog, text: str) -> Iterable[Group]:
    gettext = page.lang.gettext
    yield Group(title=gettext("Actions"), hits=_hits(page, text, [(a.id, a.title, a.purpose) for a in catalog.actions.values()], "action"))
    yield Group(
        title=gettext("Questions"),
        hits=tuple(
            Hit(title=q.text, id=q.id, address=page.link("action", q.action) + f"#{q.id}")
            for q in catalog.questions.values()
            if _matches(page.lang, text, (q.id, q.text))
        )[:HITS_AT_MOST],
    )
    yield Group(
        title=gettext("Risk factors"), hits=_hits(page, text, [(f.id, f.title, f.summary) for f in catalog.risk_factors.values()], "factor")
    )
    yield Group(
        title=gettext("Risk indicators"),
        hits=tuple(
            Hit(title=i.text, id=i.id, address=page.link("factor", i.factor) + f"#{i.id}")
            for i in catalog.indicators.values()
            if _matches(page.lang, text, (i.id, i.text))
        )[:HITS_AT_MOST],
    )
    yield Group(title=gettext("Options"), hits=_hits(page, text, [(o.id, o.name, o.mechanism) for o in catalog.options.values()], "option"))
    yield Group(
        title=gettext("Terms"),
        hits=tuple(
            Hit(title=term.term, id="", address=page.link("glossary") + f"#{term.id}")
            for term in catalog.terms.values()
            if _matches(page.lang, text, (term.term, term.definition))
        )[:HITS_AT_MOST],
    )


def _hits(page: Page, text: str, entries: list[tuple[str, str, str]], name: str) -> tuple[Hit, ...]:
    return tuple(
        Hit(title=title, id=identifier, address=page.link(name, identifier))
        for identifier, title, more in entries
        if _matches(page.lang, text, (identifier, title, more))
    )[:HITS_AT_MOST]


def _matches(lang: Language, text: str, texts: tuple[str, ...]) -> bool:
    wanted = text.casefold().split()
    whole = " ".join((*texts, *(lang.gettext(part) for part in texts if part))).casefold()
    return all(word in whole for word in wanted)
