"""A document as data: its texts by page, and every figure with value, formula, inputs, snapshots and licences."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from forefend.brief.document import (
    Block,
    Bullets,
    Columns,
    Document,
    Drawing,
    English,
    Heading,
    Inline,
    Mark,
    Paragraph,
    Space,
    Strong,
    Table,
)
from forefend.locale import strip_isolates
from forefend.store import Figure


def render_json(document: Document) -> str:
    """Return the document as JSON text; a figure's ``note`` is its number in the text.

    An input ``{"part": id}`` is found under ``parts``; ``brief.reading.numbers`` puts them back in their places.
    """
    numbers = document.numbers
    parts: dict[str, Any] = {}
    record = {
        "kind": document.kind,
        "title": document.title,
        "subject": document.subject,
        "language": document.language,
        "marking": f"TLP:{document.marking}",
        "date": document.day.isoformat(),
        "reference": document.reference,
        "organisation": document.organisation,
        "pages": [[_block(block, numbers) for block in page] for page in document.pages],
        "figures": [{"note": numbers[figure.id], **_record(figure, parts)} for figure in document.figures],
        "parts": parts,
        "sources": [json.loads(snapshot.to_json()) for snapshot in document.snapshots],
    }
    return json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"


def _record(figure: Figure, parts: dict[str, Any]) -> dict[str, Any]:
    """Return a figure's record. What rests on answers alone is shared by many figures; it stands once, among the parts."""
    record = _shallow(figure)
    for place, entry in enumerate(figure.inputs):
        if not isinstance(entry, Figure):
            continue
        if entry.snapshots:
            record["inputs"][place] = {"figure": entry.to_dict()}
            continue
        record["inputs"][place] = {"part": entry.id}
        if entry.id not in parts:
            parts[entry.id] = _record(entry, parts)
    return record


def _shallow(figure: Figure) -> dict[str, Any]:
    """Return a figure's record with its own queries, and nothing yet where it rests on other figures."""
    own = [None if isinstance(entry, Figure) else entry for entry in figure.inputs]
    record = replace(figure, inputs=tuple(entry for entry in own if entry is not None)).to_dict() | {"id": figure.id}
    asked = iter(record["inputs"])
    record["inputs"] = [None if entry is None else next(asked) for entry in own]
    return record


def _block(block: Block, numbers: dict[str, int]) -> dict[str, Any]:
    return FORMS[type(block)](block, numbers)


def _table(block: Table, numbers: dict[str, int]) -> dict[str, Any]:
    rows = [[_text(cell.content, numbers) for cell in row] for row in block.rows]
    return {"table": _text((block.caption,), {}), "head": [_text(cell.content, numbers) for cell in block.head], "rows": rows}


FORMS: dict[type, Callable[[Any, dict[str, int]], dict[str, Any]]] = {
    Heading: lambda block, _numbers: {"heading": _text((block.text,), {}), "level": block.level},
    Paragraph: lambda block, numbers: {"text": _text(block.content, numbers)},
    Bullets: lambda block, numbers: {"list": [_text(item, numbers) for item in block.items]},
    Table: _table,
    Drawing: lambda block, numbers: {"drawing": _text((block.title,), {}), "text": _text(block.note, numbers)},
    Space: lambda block, _numbers: {"left_to_the_analyst": _text((block.title,), {})},
    Columns: lambda block, numbers: {"columns": [[_block(inner, numbers) for inner in child] for child in block.children]},
}


def _text(content: Sequence[Inline], numbers: dict[str, int]) -> str:
    parts = []
    for part in content:
        if isinstance(part, Mark):
            parts.append(f"{part.shown}[{numbers[part.figure.id]}]")
        elif isinstance(part, English):
            parts.append(_text(part.content, numbers) or part.text)
        else:
            parts.append(part.text if isinstance(part, Strong) else part)
    return strip_isolates("".join(parts))
