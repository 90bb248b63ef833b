"""Diplomatic missions of one state in another, from Wikidata: the query's csv answer, and a copy with ISO codes.

Resident missions only: embassies and high commissions, and other posts headed by a representative to the
state. Consulates are out of scope: they serve citizens, not the government hosting them.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from forefend.errors import SourceUnavailable
from forefend.places import states
from forefend.sources.contract import Files, Parsed, check_codes, check_columns, reject, unique_rows
from forefend.store.asking import Asking
from forefend.store.fetch import Request
from forefend.store.tables import TIES

ADDRESS = "https://query.wikidata.org/sparql"
COLUMNS = ("sender_iso3", "host_iso3", "type")
OUT_OF_SCOPE = ("city", "jurisdictions", "QID")
RESIDENT = {
    "embassy", "high commission", "british high commission", "australian high commission", "apostolic nunciature", "de facto embassy",
    "taipei economic and cultural representative office", "interests section", "liaison office",
}  # fmt: skip
NOT_RESIDENT = {
    "consulate", "consulate general", "honorary consulate", "consular agency", "consular office", "de facto consulate",
    "assistant high commission", "diplomatic mission of el salvador",
}  # fmt: skip
PAGE_ROWS, MOST_PAGES = 5000, 20
SPARQL = """SELECT DISTINCT ?QID ?sender_iso3 ?host_iso3 ?type WHERE {{
 VALUES (?class ?type) {{(wd:Q3917681 "embassy") (wd:Q1072120 "high commission")}}
 ?QID wdt:P31 ?class; wdt:P137 ?sender; wdt:P17 ?host. ?sender wdt:P298 ?sender_iso3. ?host wdt:P298 ?host_iso3.
 FILTER NOT EXISTS {{ ?QID wdt:P576 ?closed }} }}
ORDER BY ?QID ?sender_iso3 ?host_iso3 ?type LIMIT {limit} OFFSET {offset}"""


def collect(asking: Asking) -> list[Path]:
    """Ask page by page until one is not full; the order is fixed, so that no mission falls between two pages."""
    found: list[Path] = []
    for page in range(MOST_PAGES):
        query = SPARQL.format(limit=PAGE_ROWS, offset=page * PAGE_ROWS)
        request = Request(method="POST", form={"query": query}, headers={"Accept": "text/csv"})
        found.append(asking.file(ADDRESS, name=f"missions-{page + 1:03}.csv", request=request))
        with found[-1].open(encoding="utf-8") as stream:
            if sum(1 for _ in stream) - 1 < PAGE_ROWS:
                return found
    raise SourceUnavailable(f"The query service gave {MOST_PAGES} full pages of missions, more than there can be. Try again later.")


def read(files: Files) -> Parsed:
    """Count the resident missions of each pair of states."""
    pages = [_page(name, path) for name, path in sorted(files.items())]
    name = next(iter(sorted(files)))
    frame = pl.concat(pages, how="diagonal").drop("row").with_row_index("row", offset=1)
    frame, again = unique_rows(frame)  # a mission that moved between two pages while they were asked for counts once
    known = list(states())
    is_pair = pl.col("sender_iso3").is_in(known) & pl.col("host_iso3").is_in(known) & (pl.col("sender_iso3") != pl.col("host_iso3"))
    resident = frame.filter(pl.col("type").is_in(list(RESIDENT)))
    year = pl.lit(metadata_year(name))
    table = (
        resident.filter(is_pair)
        .group_by("sender_iso3", "host_iso3")
        .agg(value=pl.len().cast(pl.Float64), row=pl.col("row").min().cast(pl.Int64))
        .sort("sender_iso3", "host_iso3")
        .select(
            channel=pl.lit("diplomatic_mission"), from_iso3="sender_iso3", to_iso3="host_iso3", start=pl.date(year, 1, 1),
            end=pl.date(year, 12, 31), value="value", unit=pl.lit("missions"), row="row",
        )
    )  # fmt: skip
    left = resident.filter(~is_pair.fill_null(value=False)).with_columns(pl.col("row").cast(pl.Int64))
    return Parsed(tables={"ties": table.cast(TIES)}, rejected=pl.concat([again, reject(left, reason="not a pair of states")]))


def _page(name: str, path: Path) -> pl.DataFrame:
    frame = pl.read_csv(path, infer_schema=False, encoding="utf8").with_row_index("row", offset=1)
    check_columns(frame.columns[1:], read=COLUMNS, optional=OUT_OF_SCOPE, file=name)
    frame = frame.with_columns(pl.col("type").str.to_lowercase())
    check_codes(frame, column="type", known=RESIDENT | NOT_RESIDENT, file=name)
    return frame


def metadata_year(name: str) -> int:
    """The year of the state of things: in the copy's file name, else the running one."""
    import re
    from datetime import UTC, datetime

    found = re.search(r"(20\d{2})", name)
    return int(found.group(1)) if found else datetime.now(UTC).year
