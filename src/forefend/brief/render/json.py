"""A document as data: its texts by page, and every figure with value, formula, inputs, snapshots and licences."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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


def render_json(document: Document) -> str:
    """Return the document as JSON text; a figure's ``note`` is its number in the text."""
    numbers = document.numbers
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
        "figures": [{"note": numbers[figure.id], **figure.to_dict()} for figure in document.figures],
        "sources": [json.loads(snapshot.to_json()) for snapshot in document.snapshots],
    }
    return json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"


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
