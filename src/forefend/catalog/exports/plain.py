"""The catalog whole as JSON, or as CSV with one row for each text."""

from __future__ import annotations

import csv
import io
import json

from forefend.catalog.model import KINDS, Catalog

EMPTY: tuple[object, ...] = (None, "", (), {}, [])


def as_json(catalog: Catalog) -> str:
    """Return everything as JSON text."""
    return catalog.model_dump_json(indent=1) + "\n"


def as_csv(catalog: Catalog) -> str:
    """Return kind, id, field and value of every text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("kind", "id", "field", "value"))
    for kind in KINDS:
        for identifier, entry in catalog.of_kind(kind).items():
            for name, value in entry.model_dump().items():
                if name != "id" and value not in EMPTY:
                    writer.writerow(
                        (kind, identifier, name, value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False))
                    )
    return buffer.getvalue()
