"""ReliefWeb reports: dated references to what humanitarian and human rights organisations published about a state.

Only the reference is kept (title, publisher, kind, day, address, states): no text and no person. The interface is
asked for the last weeks, of the states named in ``FOREFEND_RELIEFWEB_STATES`` or of all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.places import states
from forefend.sources.contract import Files, Parsed
from forefend.sources.reading.records import page
from forefend.store.asking import Asking
from forefend.store.fetch import Request
from forefend.store.tables import FACTS, REJECTED

ADDRESS = "https://api.reliefweb.int/v2/reports"
NAME, STATES = "RELIEFWEB_APPNAME", "FOREFEND_RELIEFWEB_STATES"
DAYS, PAGE_ROWS, MOST_PAGES = 30, 1_000, 30
WANTED = ("title", "date.original", "date.created", "url", "url_alias", "source.name", "source.shortname", "format.name", "country.iso3")
FIELDS = {"title", "date", "url", "url_alias", "source", "format", "country"}
ROWS, TOTAL = "data", "totalCount"
TITLE_LETTERS = 300


def collect(asking: Asking, *, address: str = ADDRESS, today: date | None = None) -> list[Path]:
    """Fetch the reports of the last weeks, page by page; needs the name that ReliefWeb approved for this user."""
    environ = os.environ if asking.environ is None else asking.environ
    wanted = [code.lower() for code in environ.get(STATES, "").replace(",", " ").split()]
    if strange := [code for code in wanted if code.upper() not in states()]:
        raise SourceUnavailable(f"{STATES} names {strange[0].upper()}, which is no state's alpha-3 code. Correct it.")
    whole = f"{address}?appname={quote(asking.secret(NAME))}"
    since = (today or datetime.now(UTC).date()) - timedelta(days=DAYS)
    mark = hashlib.sha256(" ".join([since.isoformat(), *wanted]).encode()).hexdigest()[:8]  # pages of another question are other files
    paths = []
    for number in range(MOST_PAGES):
        body = _query(states=wanted, since=since, offset=number * PAGE_ROWS)
        path = asking.file(whole, name=f"reliefweb-{mark}-{number + 1:02}.json", request=Request(method="POST", body=body))
        paths.append(path)
        _, total = page(path, name=path.name, rows=ROWS, total=TOTAL)
        if (number + 1) * PAGE_ROWS >= total:
            return paths
    raise SourceUnavailable(f"ReliefWeb has more than {MOST_PAGES * PAGE_ROWS} reports of {DAYS} days. Name fewer states in {STATES}.")


def _query(*, states: list[str], since: date, offset: int) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{"field": "date.created", "value": {"from": f"{since.isoformat()}T00:00:00+00:00"}}]
    if states:
        conditions.append({"field": "country.iso3", "value": states, "operator": "OR"})
    return {
        "limit": PAGE_ROWS,
        "offset": offset,
        "sort": ["date.created:asc", "id:asc"],
        "filter": {"operator": "AND", "conditions": conditions},
        "fields": {"include": list(WANTED)},
    }


def read(files: Files) -> Parsed:
    """Read pages of the interface; the release is named by the newest day of a report."""
    found: list[tuple[Any, ...]] = []
    rejected: list[tuple[int, str, str]] = []
    seen: set[str] = set()
    total, number = 0, 0
    for name, path in sorted(files.items()):
        reports, count = page(path, name=name, rows=ROWS, total=TOTAL)
        total = max(total, count)
        for report in reports:
            number += 1
            reason, facts = _facts(report, row=number, seen=seen, file=name)
            found += facts
            if reason:
                rejected.append((number, reason, json.dumps(report, ensure_ascii=False)[:500]))
    if number < total:
        raise UnexpectedData(f"The files hold {number} of {total} reports; pages are missing. Fetch them again.")
    table = pl.DataFrame(found, schema=dict(FACTS), orient="row").sort("start", "key", "iso3")
    newest = table["start"].max()
    day = newest if isinstance(newest, date) else None
    return Parsed(
        tables={"facts": table},
        rejected=pl.DataFrame(rejected, schema=REJECTED, orient="row"),
        vintage=day.isoformat() if day else "",
    )


def _facts(report: Any, *, row: int, seen: set[str], file: str) -> tuple[str, Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]]:
    """Return why a report cannot be used, or one fact for each state it is about."""
    fields = report.get("fields") if isinstance(report, dict) else None
    if not isinstance(fields, dict) or not report.get("id"):
        raise UnexpectedData(f"{file}, report {row} has no id or no fields. The publisher's layout has changed.")
    if unread := sorted(fields.keys() - FIELDS):
        raise UnexpectedData(f"Unread fields in {file}, report {row}: {', '.join(unread)}. The publisher's layout has changed.")
    identifier, title, day = str(report["id"]), str(fields.get("title") or "").strip(), _day(fields.get("date"))
    codes = sorted({str(country.get("iso3") or "").upper() for country in _listed(fields.get("country"))} & set(states()))
    reason = (
        "the report came before" if identifier in seen
        else "no title or no day" if not title or day is None
        else "about no state" if not codes
        else ""
    )  # fmt: skip
    seen.add(identifier)
    if reason or day is None:
        return reason, []
    kind = next((str(form["name"]) for form in _listed(fields.get("format")) if form.get("name")), "kind not given")
    publishers = [str(source.get("shortname") or source.get("name") or "") for source in _listed(fields.get("source"))]
    address = str(fields.get("url_alias") or fields.get("url") or "no address given")
    note = f"{title[:TITLE_LETTERS]} ({', '.join(filter(None, publishers)) or 'publisher not given'})"
    return "", [(code, "report", identifier, kind, day, day, day.isoformat(), None, address, note, row) for code in codes]


def _listed(value: Any) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _day(dates: Any) -> date | None:
    """Day of first publication, or of entry into ReliefWeb where that is not given."""
    for name in ("original", "created"):
        text = str(dates.get(name) or "") if isinstance(dates, dict) else ""
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            continue
    return None
