"""Everything of a round that a person may read, as one archive: CSV, JSON, the pinned catalog, and a page that explains them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.utils import timezone

from forefend.errors import NotAllowed
from forefend.locale import Language
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import EXPORT
from forefend.web.assessment.models import Round
from forefend.web.assessment.reading import NOT_HERE
from forefend.web.exchange.actions.handing_out import handed_out
from forefend.web.exchange.csv_text import as_csv
from forefend.web.exchange.handed import Handed, named
from forefend.web.exchange.tables import TABLES, Seen, Table, tables

SCHEMA, VERSION = "forefend-round-data", 1
CSV, JSON, ZIP = "text/csv; charset=utf-8", "application/json", "application/zip"


def table_file(asked: Round, person: Person, name: str, ending: str) -> Handed:
    """Return one table of a round as csv or json."""
    require(person, EXPORT)
    if name not in TABLES or ending not in ("csv", "json"):
        raise NotAllowed(NOT_HERE)
    seen = Seen(round=asked, person=person)
    (table,) = tables(seen, only=name)
    content = as_csv(table) if ending == "csv" else as_json(seen, [table])
    handed_out(asked, what=name, form=ending, marking=seen.marking, by=person)
    file = named("round", asked.pk, name, marking=seen.marking, ending=ending)
    return Handed(name=file, content=content, content_type=CSV if ending == "csv" else JSON, marking=seen.marking)


def everything(asked: Round, person: Person, *, lang: Language) -> Handed:
    """Return every table of a round, as CSV and JSON, in one archive."""
    require(person, EXPORT)
    seen = Seen(round=asked, person=person)
    found = list(tables(seen))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(seen, found, lang))
        archive.writestr("round.json", as_json(seen, found))
        archive.writestr("catalog.json", _json(asked.edition.content))
        for table in found:
            archive.writestr(f"{table.name}.csv", as_csv(table))
    handed_out(asked, what="everything", form="zip", marking=seen.marking, by=person)
    name = named("round", asked.pk, "everything", timezone.now().date().isoformat(), marking=seen.marking, ending="zip")
    return Handed(name=name, content=target.getvalue(), content_type=ZIP, marking=seen.marking)


def as_json(seen: Seen, found: list[Table]) -> bytes:
    """Write tables as one JSON text that says which schema it follows."""
    asked = seen.round
    return _json(
        {
            "schema": SCHEMA,
            "version": VERSION,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "marking": seen.marking,
            "round": {
                "id": asked.pk, "title": asked.title, "state": asked.state, "stage": asked.stage, "actions": asked.actions,
                "opens_on": asked.opens_on.isoformat(), "due_on": asked.due_on.isoformat(), "is_practice": asked.is_practice,
                "edition": asked.edition.key, "edition_sha256": asked.edition.digest,
            },
            "tables": {table.name: list(table.rows) for table in found},
        }
    )  # fmt: skip


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _readme(seen: Seen, found: list[Table], lang: Language) -> bytes:
    text, asked = lang.gettext, seen.round
    lines = [
        f"TLP:{seen.marking}",
        "",
        text(
            "%(round)s, assessment of %(state)s: everything that %(name)s may read.",
            round=asked.title,
            state=asked.state,
            name=seen.person.name,
        ),
        text("What %(name)s may not read is not here, and counts in no number.", name=seen.person.name),
        *([text("This is practice: invented, not about any state.")] if asked.is_practice else []),
        "",
        text("round.json holds every table; its schema is %(schema)s, version %(version)s.", schema=SCHEMA, version=VERSION),
        text("catalog.json is the edition of the catalog that the round was answered on: questions, levels, weights."),
        text("Each table is also a CSV file: UTF-8, a comma between cells."),
        text(
            "A text that a spreadsheet would take for a formula begins with an apostrophe in CSV; take one away to have the text as it was."
        ),
        "",
        *(f"{table.name}.csv: {len(table.rows)}" for table in found),
        "",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")
