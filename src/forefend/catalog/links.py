"""Links that walk both ways: action ↔ risk factor and indicator ↔ option ↔ window ↔ data indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from forefend.catalog.load import load_catalog
from forefend.catalog.model import KINDS, Catalog, Entry
from forefend.errors import CatalogError


def find(catalog: Catalog, identifier: str) -> tuple[str, Entry]:
    """Return the kind and entry of any id; raises CatalogError with near matches."""
    for kind in KINDS:
        entries: Mapping[str, Entry] = getattr(catalog, kind)
        if identifier in entries:
            return kind, entries[identifier]
    known = [i for kind in KINDS for i in getattr(catalog, kind)]
    folded = {i.casefold(): i for i in known}
    if identifier.casefold() in folded:
        return find(catalog, folded[identifier.casefold()])
    near = get_close_matches(identifier.casefold(), list(folded), n=3, cutoff=0.6)
    hint = f" Did you mean {', '.join(folded[i] for i in near)}?" if near else " List them with: forefend catalog show"
    raise CatalogError(f"The catalog has no entry {identifier!r}.{hint}")


def links(identifier: str) -> Mapping[str, tuple[str, ...]]:
    """Return what an entry is linked to, by kind, in the order of the catalog."""
    return _all_links().get(identifier, {})


@cache
def _all_links() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    catalog = load_catalog()
    kind_of = {identifier: kind for kind in KINDS for identifier in getattr(catalog, kind)}
    place = {identifier: number for number, identifier in enumerate(kind_of)}
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in _pairs(catalog):
        if one in kind_of and other in kind_of and one != other:
            found[one].add(other)
            found[other].add(one)
    grouped: dict[str, dict[str, tuple[str, ...]]] = {}
    for identifier, others in found.items():
        by_kind: dict[str, list[str]] = defaultdict(list)
        for other in sorted(others, key=place.__getitem__):
            by_kind[kind_of[other]].append(other)
        grouped[identifier] = {kind: tuple(ids) for kind, ids in by_kind.items()}
    return grouped


def _pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for question in catalog.questions.values():
        yield question.action, question.id
        for risk in question.mitigates:
            yield question.id, risk
            yield question.action, risk
            yield question.action, risk.partition(".")[0]
    for indicator in catalog.indicators.values():
        yield indicator.factor, indicator.id
    yield from _option_pairs(catalog)
    for series in catalog.data_indicators.values():
        yield from ((series.id, served.id) for served in series.serves)
    for rule in catalog.prefill_rules.values():
        yield rule.id, rule.question
        yield rule.id, rule.subject


def _option_pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for action in catalog.actions.values():
        yield from ((action.id, option) for option in action.related_options)
    for option in catalog.options.values():
        linked = (*option.actions, *option.addresses_risk_factors, *option.works_well_with, *option.leverage_types)
        yield from ((option.id, other) for other in linked)
        yield from ((option.id, risk.partition(".")[0]) for risk in option.addresses_risk_factors)
    for window in catalog.windows.values():
        yield from ((window.id, other) for other in (*window.actions, *window.options, window.schedule.to) if other)
