"""Pages of UPR Info's interface (Uwazi): asked session by session, as no search gives more than 10,000 rows, and read row by row."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from forefend.errors import SourceUnavailable, UnexpectedData
from forefend.sources.reading.records import page
from forefend.store.asking import Asking

API = "https://upr-info-database.uwazi.io/api/search"
RECOMMENDATION = "5d8ce04361cde0408222e9a8"  # the publisher's template of a recommendation
PAGE_ROWS, MOST_ROWS = 300, 10_000
PAGE = re.compile(r"(?P<group>.+)-page-\d+\.json")


def fetch_pages(asking: Asking, *, address: str = API) -> list[Path]:
    """Fetch all recommendations, a session at a time; raises SourceUnavailable where a session comes short."""
    overview = asking.answer(f"{address}?{_query(limit=0, start=0)}")
    try:
        buckets = overview["aggregations"]["all"]["session"]["buckets"]
        sessions = [(str(bucket["key"]), int(bucket["filtered"]["doc_count"])) for bucket in buckets]
    except (KeyError, TypeError, ValueError):
        raise SourceUnavailable("UPR Info did not list its sessions. The publisher may have changed its interface.") from None
    wanted = [(key, count) for key, count in sessions if count and key not in ("missing", "any")]
    if too_many := [key for key, count in wanted if count >= MOST_ROWS]:
        raise SourceUnavailable(f"Session {too_many[0]} of UPR Info has more recommendations than one search gives. Report this.")
    paths = []
    for key, count in wanted:
        plain = re.sub(r"[^A-Za-z0-9]+", "-", key)
        for number, start in enumerate(range(0, count, PAGE_ROWS), start=1):
            query = _query(limit=PAGE_ROWS, start=start, session=key)
            paths.append(asking.file(f"{address}?{query}", name=f"upr-session-{plain}-page-{number:03}.json"))
    if not paths:
        raise SourceUnavailable("UPR Info listed no session with recommendations. Try again later.")
    return paths


def _query(*, limit: int, start: int, session: str = "") -> str:
    asked = {"types": json.dumps([RECOMMENDATION]), "limit": str(limit), "from": str(start), "order": "asc", "sort": "creationDate"}
    return urlencode(asked | ({"filters": json.dumps({"session": {"values": [session]}})} if session else {}))


def records(files: Mapping[str, Path]) -> Iterator[dict[str, Any]]:
    """Return each recommendation as the columns of the older csv files; raises UnexpectedData where pages are missing."""
    found: dict[str, int] = defaultdict(int)
    said: dict[str, int] = {}
    for name, path in sorted(files.items()):
        rows, count = page(path, name=name, rows="rows", total="totalRows")
        in_pages = PAGE.fullmatch(name)
        group = in_pages["group"] if in_pages else name
        found[group] += len(rows)
        said[group] = count
        yield from (_record(row, file=name, number=number) for number, row in enumerate(rows, start=1))
    for group, count in said.items():
        if found[group] != count:
            raise UnexpectedData(f"{group} holds {found[group]} of {count} recommendations; pages are missing. Fetch it again.")


def _record(row: Any, *, file: str, number: int) -> dict[str, Any]:
    if not isinstance(row, dict) or not isinstance(row.get("metadata"), dict):
        raise UnexpectedData(f"{file}, row {number} has no metadata. The publisher's layout has changed; the connector must be updated.")
    fields = row["metadata"]
    if missing := [field for field in ("state_under_review", "recommending_state", "response", "session") if field not in fields]:
        raise UnexpectedData(
            f"{file}, row {number} has no {missing[0]}. The publisher's layout has changed; the connector must be updated."
        )
    labels = {field: _labels(fields.get(field)) for field in (*_NAMES, "issues")}
    return {
        "id": str(row.get("sharedId") or f"{file} {number}"),
        **{column: (labels[field] or [""])[0] for field, column in _NAMES.items()},
        "issues": labels["issues"],
    }


_NAMES = {
    "state_under_review": "to", "recommending_state": "from", "response": "response", "session": "session", "action_category": "action",
}  # fmt: skip


def _labels(values: Any) -> list[str]:
    """Labels of a field of several values; a value without one counts as blank."""
    if not isinstance(values, list):
        return []
    return [str(value.get("label") or "").strip() if isinstance(value, dict) else str(value).strip() for value in values]
