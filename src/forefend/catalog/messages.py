"""Babel extractor for the catalog: every text a person reads goes into the same files as the program's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

import yaml

# Part of a file → fields of its entries whose texts are for people; all other fields are ids, codes and numbers.
ENTRIES = {
    "actions": {
        "title", "purpose", "question", "typical_evidence", "gap_looks_like", "possible_measures", "levels", "answers", "unit",
        "concern_when",
    },
    "risk_factors": {"title", "summary", "text"},
    "options": {"name", "mechanism", "preconditions", "legal_basis", "note", "risks_and_cautions", "historical_examples"},
    "windows": {"name", "what_can_be_done", "note"},
    "terms": {"term", "definition"},
    "indicators": {"title", "unit", "transformation"},
    "rules": {"reason"},
}  # fmt: skip
# Parts that give each id its text, without fields.
NAMED = {"respondent_bodies", "leverage_types", "conditions", "maturity_scale"}
LISTED = {"core_treaty_list"}
INSIDE = {"meta", "applicability"}
Message = tuple[int, str, str, list[str]]


def extract_catalog(stream: IO[bytes], keywords: Collection[str], tags: Collection[str], options: Mapping[str, str]) -> Iterator[Message]:
    """Yield every text, with id and field of its entry as comment (``N1.1 levels``); the signature is Babel's."""
    del keywords, tags, options
    root = yaml.compose(stream.read().decode("utf-8"))
    if root is not None:
        yield from _parts(root)


def _parts(node: Any) -> Iterator[Message]:
    for key, value in _pairs(node):
        if key in ENTRIES:
            yield from _entries(value, owner="", fields=ENTRIES[key])
        elif key in NAMED:
            for identifier, text in _pairs(value):
                yield from _texts(text, comment=f"{key} {identifier}")
        elif key in LISTED:
            yield from _texts(value, comment=key)
        elif key in INSIDE:
            yield from _parts(value)


def _entries(node: Any, *, owner: str, fields: Collection[str]) -> Iterator[Message]:
    """Walk entries and the entries inside them; a text belongs to the nearest id above it."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _entries(child, owner=owner, fields=fields)
    elif isinstance(node, yaml.MappingNode):
        own = next((value.value for key, value in _pairs(node) if key == "id"), owner)
        for key, value in _pairs(node):
            if key in fields:
                yield from _texts(value, comment=f"{own} {key}")
            else:
                yield from _entries(value, owner=own, fields=fields)


def _texts(node: Any, *, comment: str) -> Iterator[Message]:
    if isinstance(node, yaml.MappingNode):
        for key, value in _pairs(node):
            yield from _texts(value, comment=f"{comment} {key}")
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _texts(child, comment=comment)
    elif node.value.strip():
        yield node.start_mark.line + 1, "gettext", node.value, [comment]


def _pairs(node: Any) -> list[tuple[str, Any]]:
    return [(key.value, value) for key, value in node.value]
