"""Answers of the SDG database's interface (``Indicator/PivotData``): pages of records, each a series of one area by year."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from forefend.errors import UnexpectedData
from forefend.sources.contract import Files, check_columns
from forefend.sources.un_sdg.series import SERIES, WHOLE

ENVELOPE = ("totalElements", "totalPages", "pageNumber", "data")
ENVELOPE_OUT_OF_SCOPE = ("size", "attributes", "dimensions")
RECORD = ("series", "geoAreaCode", "years")
RECORD_OUT_OF_SCOPE = ("goal", "target", "indicator", "seriesDescription", "seriesCount", "geoAreaName", "units", "nature")
PAGE = re.compile(r"-page(\d+)\.json$")
BOUND = re.compile(r"[<>≤≥]")
SCHEMA = {"row": pl.Int64, "series": pl.String, "area": pl.String, "year": pl.String, "value": pl.String}


def records(files: Files) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Read pages: usable values, values that are only a bound, and how many breakdowns and other series were passed over."""
    found: list[tuple[int, str, str, str, str]] = []
    bounds: list[tuple[int, str, str, str, str]] = []
    pages: dict[str, dict[int, tuple[int, int, int]]] = {}
    passed = 0
    for name, path in sorted(files.items()):
        page = _page(name, path)
        numbers = tuple(_whole(page, field, name=name) for field in ("pageNumber", "totalPages", "totalElements"))
        pages.setdefault(PAGE.sub("", name), {})[numbers[0]] = (numbers[1], numbers[2], len(page["data"]))
        extra = _extra(page)
        for row, record in enumerate(page["data"], start=1):
            if not isinstance(record, dict):
                raise UnexpectedData(f"{name}, record {row} is not a record. Fetch it again.")
            check_columns(record, read=RECORD, out_of_scope=[*RECORD_OUT_OF_SCOPE, *(f for f in record if _plain(f) in extra)], file=name)
            if not _is_read(record, extra=extra):
                passed += 1
                continue
            for year, value in _years(record, name=name, row=row):
                entry = (row, str(record["series"]).lower(), str(record["geoAreaCode"]), year, value)
                (bounds if BOUND.match(value) else found).append(entry)
    for name, group in pages.items():
        _check_pages(name, group)
    return pl.DataFrame(found, schema=SCHEMA, orient="row"), pl.DataFrame(bounds, schema=SCHEMA, orient="row"), passed


def total_pages(path: Path) -> int:
    """Return how many pages an indicator has, from its first."""
    return _whole(_page(path.name, path), "totalPages", name=path.name)


def _page(name: str, path: Path) -> Mapping[str, Any]:
    try:
        page = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnexpectedData(f"{name} is not an answer of the SDG database. Fetch it again.") from None
    if not isinstance(page, dict):
        raise UnexpectedData(f"{name} is not an answer of the SDG database. Fetch it again.")
    check_columns(page, read=ENVELOPE, out_of_scope=ENVELOPE_OUT_OF_SCOPE, file=name)
    if not isinstance(page["data"], list):
        raise UnexpectedData(f"{name} holds no list of records. Fetch it again.")
    return page


def _extra(page: Mapping[str, Any]) -> frozenset[str]:
    """The dimensions and attributes that the answer itself announces."""
    announced = [entry for field in ("dimensions", "attributes") for entry in _listed(page, field)]
    return frozenset(_plain(str(entry.get("id", ""))) for entry in announced if isinstance(entry, dict))


def _listed(page: Mapping[str, Any], field: str) -> list[Any]:
    found = page.get(field)
    return found if isinstance(found, list) else []


def _plain(field: str) -> str:
    return re.sub(r"[\s_]", "", field).lower()


def _is_read(record: Mapping[str, Any], *, extra: frozenset[str]) -> bool:
    """Whether a record is of a series read, for the whole population and not for a group."""
    series = SERIES.get(str(record["series"]).lower())
    if series is None:
        return False
    groups = [str(record[field] or "").upper() for field in record if _plain(field) in extra - {"units", "nature"}]
    return all(group in WHOLE | series.whole for group in groups)


def _years(record: Mapping[str, Any], *, name: str, row: int) -> Iterator[tuple[str, str]]:
    try:
        years = json.loads(record["years"]) if isinstance(record["years"], str) else record["years"]
        for entry in years:
            value = entry.get("value")
            if value not in (None, "", "NaN", "N"):
                yield str(entry["year"]).strip("[]"), str(value)
    except (ValueError, TypeError, AttributeError, LookupError):
        raise UnexpectedData(f"{name}, record {row}: years cannot be read. Fetch it again.") from None


def _check_pages(name: str, group: Mapping[int, tuple[int, int, int]]) -> None:
    whole, total, _ = next(iter(group.values()))
    missing = [str(page) for page in range(1, min(whole, 10_000) + 1) if page not in group]
    if missing:
        raise UnexpectedData(f"{name} has {whole} pages, of which these are missing: {', '.join(missing[:5])}. Fetch it again.")
    held = sum(records for _, _, records in group.values())
    if held != total:
        raise UnexpectedData(f"{name} holds {held} records, but says it has {total}. Fetch it again.")


def _whole(page: Mapping[str, Any], field: str, *, name: str) -> int:
    try:
        return int(page[field])
    except (TypeError, ValueError, OverflowError):
        raise UnexpectedData(f"{name} does not say its {field}. Fetch it again.") from None
