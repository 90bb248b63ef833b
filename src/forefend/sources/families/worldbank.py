"""The answer of the World Bank's API: a list of two, what it says of itself and the rows; one or more series, in pages."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, check_columns

FIELDS = ("indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal")
PAGE = re.compile(r"[-_.]page(\d+)(?=\.json$)")
SCHEMA = {"row": pl.Int64, "series": pl.String, "code": pl.String, "year": pl.String, "value": pl.String}
PER_PAGE = 20_000
NOT_A_STATE = "a region, an income group or another aggregate, not a state"


def address(root: str, series: str) -> str:
    """Return the address of one series for all countries; the API gives at most 32,500 rows at once."""
    return f"{root}/country/all/indicator/{series}?format=json&per_page={PER_PAGE}"


def answers(files: Files, *, series: Collection[str]) -> tuple[pl.DataFrame, date | None]:
    """Read answers, whole or page by page (``NAME-page2.json``), and the day the publisher last updated them.

    Returns rows with ``row``, ``series``, ``code``, ``year`` and ``value``, as text; empty values are left out.
    Raises UnexpectedData for a missing page, an unread series or an unread field.
    """
    found: list[tuple[int, str, str, str, str]] = []
    pages: dict[str, dict[int, tuple[int, int, int]]] = {}
    updated: set[date] = set()
    for name, path in sorted(files.items()):
        about, rows = _answer(name, path)
        number = _whole(about, "page", name=name)
        group = pages.setdefault(PAGE.sub("", name), {})
        group[number] = (_whole(about, "pages", name=name), _whole(about, "total", name=name), len(rows))
        updated |= _updated(about)
        found += [record for row in enumerate(rows, start=1) if (record := _record(row, series=series, name=name)) is not None]
    for name, group in pages.items():
        _check_pages(name, group)
    return pl.DataFrame(found, schema=SCHEMA, orient="row"), min(updated, default=None)


def _answer(name: str, path: Path) -> tuple[Mapping[str, Any], list[Any]]:
    try:
        about, rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, TypeError, RecursionError):
        raise UnexpectedData(f"{name} is not an answer of the World Bank's API. Fetch it again.") from None
    if not isinstance(about, dict) or not isinstance(rows, list):
        raise UnexpectedData(f"{name} is not an answer of the World Bank's API. Fetch it again.")
    return about, rows


def _record(numbered: tuple[int, Any], *, series: Collection[str], name: str) -> tuple[int, str, str, str, str] | None:
    number, row = numbered
    if not isinstance(row, dict):
        raise UnexpectedData(f"{name}, row {number} is not a record. Fetch it again.")
    check_columns(row, read=FIELDS, out_of_scope=("scale",), file=name)
    code = row["indicator"].get("id") if isinstance(row["indicator"], dict) else row["indicator"]
    if not isinstance(code, str) or code not in series:
        raise UnexpectedData(f"{name} holds the series {code}, which this connector does not read.")
    if row["value"] is None:
        return None
    return number, code, str(row["countryiso3code"] or ""), str(row["date"]), str(row["value"])


def _check_pages(name: str, group: Mapping[int, tuple[int, int, int]]) -> None:
    whole, total, _ = next(iter(group.values()))
    missing = [str(page) for page in range(1, min(whole, 10_000) + 1) if page not in group]
    if missing:
        raise UnexpectedData(
            f"{name} has {whole} pages, of which these are missing: {', '.join(missing[:5])}. Fetch it with a larger per_page."
        )
    held = sum(rows for _, _, rows in group.values())
    if held != total:
        raise UnexpectedData(f"{name} holds {held} rows, but says it has {total}. Fetch it again.")


def _whole(about: Mapping[str, Any], field: str, *, name: str) -> int:
    try:
        return int(about[field])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise UnexpectedData(f"{name} does not say its {field}. Fetch it again.") from None


def _updated(about: Mapping[str, Any]) -> set[date]:
    try:
        return {date.fromisoformat(str(about["lastupdated"]))}
    except (KeyError, ValueError):
        return set()
