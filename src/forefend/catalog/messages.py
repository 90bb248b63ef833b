"""Babel extractor for the catalog: every text a person reads goes into the same files as the program's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

import yaml

# Keys whose texts are for people; everything else in the YAML is an id, a code or a number.
TEXTS = {
    "title", "purpose", "question", "typical_evidence", "gap_looks_like", "possible_measures", "levels", "answers", "summary", "text",
    "name", "mechanism", "preconditions", "legal_basis", "risks_and_cautions", "historical_examples", "note", "what_can_be_done",
    "term", "definition", "reason", "unit", "concern_when", "respondent_bodies", "conditions", "leverage_types", "maturity_scale",
    "core_treaty_list", "transformation",
}  # fmt: skip
SKIP = {"meta", "sources", "evidence_base", "lever_datasets", "prefill_indicators", "proxies"}
KEEP_IN_META = {"maturity_scale", "conditions"}
Message = tuple[int, str, str, list[str]]


def extract_catalog(stream: IO[bytes], keywords: Collection[str], tags: Collection[str], options: Mapping[str, str]) -> Iterator[Message]:
    """Yield every text with the id of its entry as comment; the signature is Babel's."""
    del keywords, tags, options
    root = yaml.compose(stream.read().decode("utf-8"))
    if root is not None:
        yield from _walk(root, owner="", is_text=False)


def _walk(node: Any, *, owner: str, is_text: bool) -> Iterator[Message]:
    if isinstance(node, yaml.ScalarNode):
        if is_text and node.tag == "tag:yaml.org,2002:str" and node.value.strip():
            yield node.start_mark.line + 1, "gettext", node.value, [owner] if owner else []
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _walk(child, owner=owner, is_text=is_text)
    elif isinstance(node, yaml.MappingNode):
        yield from _walk_mapping(node, owner=owner, is_text=is_text)


def _walk_mapping(node: Any, *, owner: str, is_text: bool) -> Iterator[Message]:
    pairs = [(key.value, value) for key, value in node.value]
    own = next((value.value for key, value in pairs if key == "id" and isinstance(value, yaml.ScalarNode)), owner)
    for key, value in pairs:
        if key in SKIP and key != "meta":
            continue
        if key == "meta":
            yield from _walk_meta(value)
        else:
            yield from _walk(value, owner=own, is_text=is_text or key in TEXTS)


def _walk_meta(node: Any) -> Iterator[Message]:
    for key, value in ((k.value, v) for k, v in node.value):
        if key in KEEP_IN_META:
            yield from _walk(value, owner=key, is_text=True)
        elif key == "applicability":
            yield from _walk_meta(value)
