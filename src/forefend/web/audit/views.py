"""The record of changes: read, proved, taken away as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse

from forefend.errors import NotAllowed
from forefend.locale import Language
from forefend.web.accounts.models import Person
from forefend.web.accounts.permissions import require
from forefend.web.accounts.roles import READ_AUDIT
from forefend.web.audit import queries
from forefend.web.audit.actions import record
from forefend.web.audit.chain import Verdict, verify
from forefend.web.audit.models import Entry, Seal
from forefend.web.audit.words import EVENTS, names_of
from forefend.web.design.page import page_of, show

KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
NUMBER_AT_MOST = 18  # digits
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take what begins so for a formula


def log(request: HttpRequest, lang: Language) -> HttpResponse:
    """Show the rows, the newest first; a POST proves the whole record and says what was found."""
    reader = _auditor(request)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(("GET", "HEAD", "POST"))
    verdict = verify() if request.method == "POST" else None
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("subject", "actor", "event")}
    below = request.GET.get("below", "")
    is_number = below.isascii() and below.isdigit() and len(below) <= NUMBER_AT_MOST
    rows = queries.page_of_rows(reader, **asked, below=int(below) if is_number else None)
    more = rows[queries.ROWS_SHOWN - 1].entry.number if len(rows) > queries.ROWS_SHOWN else None
    shown = {
        "rows": rows[: queries.ROWS_SHOWN],
        "events": EVENTS,
        "names": names_of(row.entry for row in rows),
        "older": page_of(request).link("audit", **asked, below=more) if more else "",
        "asked": asked,
        "is_asked": any(asked.values()),
        "n_rows": Entry.objects.count(),
        "seal": Seal.objects.order_by("-upto").first(),
        "verdict": verdict,
        "said": said(verdict, lang) if verdict else "",
    }
    return show(request, "audit/log.html", shown)


def export(request: HttpRequest, lang: Language, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Give the record as a file, row by row; that it was taken away is on record itself."""
    reader = _auditor(request)
    if kind not in KINDS:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(("POST",))
    with transaction.atomic():
        record("audit.exported", subject="audit", by=reader, after={"kind": kind}, marking="GREEN")
    lines = as_csv(queries.rows_for(reader)) if kind == "csv" else as_json(queries.rows_for(reader))
    response = StreamingHttpResponse(lines, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="forefend-record.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def said(verdict: Verdict, lang: Language) -> str:
    """Say what a check found."""
    values = {name: lang.number(value) if isinstance(value, int) else value for name, value in verdict.values.items()}
    return lang.gettext(verdict.sentence, **values)


def as_json(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Write one row a line, as JSON."""
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Write rows for a spreadsheet: no cell is taken for a formula."""
    names = [*(field.name for field in Entry._meta.fields), "is_withheld"]
    yield _line(names)
    for row in rows:
        yield _line([_cell(row.get(name)) for name in names])


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def _auditor(request: HttpRequest) -> Person:
    if not request.user.is_authenticated:
        raise NotAllowed("This is not open to you.")
    require(request.user, READ_AUDIT)
    person: Person = request.user
    return person
