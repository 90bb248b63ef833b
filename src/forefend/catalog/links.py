"""Links that walk both ways: action ↔ risk factor and indicator ↔ option ↔ window ↔ data indicator.

A few ids name entries of two kinds (``aid`` is a lever and a series); a link always knows which kind it means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain

from forefend.catalog.load import load_catalog
from forefend.catalog.model import KINDS, Catalog, Entry
from forefend.errors import CatalogError

Node = tuple[str, str]  # kind, id


def find(catalog: Catalog, identifier: str) -> tuple[str, Entry]:
    """Return the kind and entry of any id, in the first kind that has it; raises CatalogError with near matches."""
    return find_all(catalog, identifier)[0]


def find_all(catalog: Catalog, identifier: str) -> tuple[tuple[str, Entry], ...]:
    """Return every entry with this id, capital letters aside; raises CatalogError with near matches."""
    wanted = identifier.casefold()
    entries = [(kind, entry) for kind in KINDS for known, entry in catalog.of_kind(kind).items() if known.casefold() == wanted]
    if entries:
        return tuple(entries)
    folded = {known.casefold(): known for kind in KINDS for known in catalog.of_kind(kind)}
    near = get_close_matches(wanted, list(folded), n=3, cutoff=0.6)
    hint = f"Did you mean {', '.join(folded[match] for match in near)}?" if near else "List them with: forefend catalog show"
    raise CatalogError(f"The catalog has no entry {identifier!r}. {hint}")


def links(identifier: str) -> Mapping[str, tuple[str, ...]]:
    """Return what an entry of the shipped catalog is linked to, by kind, in the order of the catalog."""
    return load_catalog().links(identifier)


def link_all(catalog: Catalog) -> Mapping[Node, Mapping[str, tuple[str, ...]]]:
    """Return the links of every entry, each in both directions. References that lead nowhere are for ``check`` to name."""
    place = {(kind, known): number for number, (kind, known) in enumerate((k, i) for k in KINDS for i in catalog.of_kind(k))}
    found: dict[Node, set[Node]] = defaultdict(set)
    for one, other in _pairs(catalog):
        if one in place and other in place and one != other:
            found[one].add(other)
            found[other].add(one)
    return {node: _grouped(sorted(others, key=place.__getitem__)) for node, others in found.items()}


def _grouped(nodes: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, identifier in nodes:
        by_kind[kind].append(identifier)
    return {kind: tuple(ids) for kind, ids in by_kind.items()}


def _to(owner: Node, kind: str, ids: Iterable[str]) -> Iterator[tuple[Node, Node]]:
    return ((owner, (kind, identifier)) for identifier in ids)


def _to_risks(owner: Node, risks: Iterable[str]) -> Iterator[tuple[Node, Node]]:
    """Link to risk indicators and to the factors they belong to."""
    for risk in risks:
        factor, is_indicator, _ = risk.partition(".")
        yield owner, ("risk_factors", factor)
        if is_indicator:
            yield owner, ("indicators", risk)


def _pairs(catalog: Catalog) -> Iterator[tuple[Node, Node]]:
    return chain(_question_pairs(catalog), _action_and_factor_pairs(catalog), _option_pairs(catalog), _series_pairs(catalog))


def _question_pairs(catalog: Catalog) -> Iterator[tuple[Node, Node]]:
    for question in catalog.questions.values():
        node = ("questions", question.id)
        yield ("actions", question.action), node
        yield from _to_risks(node, question.mitigates)
        yield from _to_risks(("actions", question.action), question.mitigates)
        yield from _to(node, "bodies", question.usual_respondents)
        yield from _to(node, "conditions", question.applies_if)


def _action_and_factor_pairs(catalog: Catalog) -> Iterator[tuple[Node, Node]]:
    for action in catalog.actions.values():
        yield ("spheres", action.sphere), ("actions", action.id)
        yield from _to(("actions", action.id), "options", action.related_options)
    for indicator in catalog.indicators.values():
        yield ("risk_factors", indicator.factor), ("indicators", indicator.id)


def _option_pairs(catalog: Catalog) -> Iterator[tuple[Node, Node]]:
    for option in catalog.options.values():
        node = ("options", option.id)
        yield from _to(node, "actions", option.actions)
        yield from _to(node, "options", (*option.works_well_with, *option.conflicts_with))
        yield from _to(node, "leverage_types", option.leverage_types)
        yield from _to(node, "bodies", (option.lead_in_government,))
        yield from _to_risks(node, option.addresses_risk_factors)
    for window in catalog.windows.values():
        node = ("windows", window.id)
        yield from _to(node, "actions", window.actions)
        yield from _to(node, "options", window.options)
        yield from _to(node, "windows", (window.schedule.to,))


def _series_pairs(catalog: Catalog) -> Iterator[tuple[Node, Node]]:
    for series in catalog.data_indicators.values():
        node = ("data_indicators", series.id)
        for served in series.serves:
            yield node, ("questions", served.id)
            yield from _to_risks(node, () if served.id in catalog.questions else (served.id,))
            if served.id in catalog.questions:
                yield node, ("actions", catalog.questions[served.id].action)
    for rule in catalog.prefill_rules.values():
        yield from _to(("prefill_rules", rule.id), "questions", (rule.question,))
        yield from _to(("prefill_rules", rule.id), "data_indicators", (rule.subject,))
